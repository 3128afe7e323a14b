# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Waiting for what the cluster says, and starting and stopping its daemons.
# Asks crm_mon's XML in any node that has power; never changes the CIB.

# crm_mon takes a tenth of a second or more of a core.
CLUSTER_PAUSE=0.25

# cluster_xml [NODE...]: crm_mon's XML from the first of these that can tell.
cluster_xml() {
    local node xml
    for node in "$@"; do
        node_is_on "$node" || continue
        # Where no cluster runs it prints XML, too, and fails.
        xml=$(in_node "$node" timeout 10 crm_mon -1 -r --output-as=xml 2>/dev/null) || continue
        echo "$xml"
        return 0
    done
    return 1
}

# cluster_says XPATH [NODE...]: true if that holds now, as the first of these
# (or of all) that can tell sees it.
cluster_says() {
    local xpath=$1
    shift
    # shellcheck disable=SC2048,SC2086  # a list of names
    [ "$(cluster_xml ${*:-$LAB_NODES} | xmllint --xpath "boolean($xpath)" - 2>/dev/null)" = true ]
}

# A node that has just booted has to say so itself: the others may not have
# missed it yet.
cluster_node_online() {
    cluster_says "//nodes/node[@name='$1' and @online='true' and @pending='false']" "$1"
}

cluster_node_offline() {
    # shellcheck disable=SC2046  # a list
    cluster_says "//nodes/node[@name='$1' and @online='false' and @unclean='false']" \
        $(node_others "$1")
}

# Without a running fence device nothing else of the lab's cluster is true.
cluster_fencing_ready() { cluster_says "//resource[@id='power' and @role='Started']/node"; }

# cluster_wait SECONDS NODES: until these are online and fencing is ready.
cluster_wait() {
    local node PAUSE=$CLUSTER_PAUSE
    for node in $2; do cluster_wait_node "$node" online "$1"; done
    wait_until "$1" cluster_fencing_ready || die "the fence device does not start"
}

# cluster_settle SECONDS NODES: the same for nodes just booted. One that comes
# back before the others missed it is still fenced when they do: sit that out.
cluster_settle() {
    local end=$((SECONDS + $1)) lives=none before
    while before=$lives; lives=$(node_lives "$2"); [ "$lives" != "$before" ]; do
        [ "$SECONDS" -lt "$end" ] || die "$2: booting again and again"
        cluster_wait "$1" "$2"
        # Long actions of resources are no reason to wait any longer.
        in_node "${2%% *}" timeout 15 crm_resource --wait >/dev/null 2>&1 || :
    done
}

# What lab status prints of each node.
cluster_node_state() {
    local node power cluster libvirtd
    for node in $LAB_NODES; do
        power=off cluster=- libvirtd=-
        if node_is_on "$node"; then
            power=on
            libvirtd=$(libvirt_pid "$node") || libvirtd=-
            [ "$LAB_CLUSTER" = no ] || cluster=offline
            [ "$LAB_CLUSTER" = no ] || ! cluster_node_online "$node" || cluster=online
        fi
        printf '%-4s power %-3s cluster %-7s libvirtd %s\n' "$node" "$power" "$cluster" "$libvirtd"
    done
}

cluster_wait_node() {
    local node=${1:-} state=${2:-} limit=${3:-60} PAUSE=$CLUSTER_PAUSE
    if [ "$node" = all ]; then
        lab_config
        cluster_node_state
        return
    fi
    node_check "$node"
    case $state in
    on) wait_until "$limit" node_is_on "$node" ;;
    off) wait_until "$limit" node_is_off "$node" ;;
    online) wait_until "$limit" cluster_node_online "$node" ;;
    offline) wait_until "$limit" cluster_node_offline "$node" ;;
    *) die "wait-node: on, off, online or offline" ;;
    esac || die "$node is not $state after $limit s"
}

# States as a person sees them in crm_mon; an operation in flight is none.
cluster_resource_xpath() {
    local here="//resources//resource[@id='$1']" at="node/@name='$2'"
    case $3 in
    started) echo "${here}[$at and @role='Started' and @active='true' and @failed='false'
        and not(@pending)]" ;;
    stopped) echo "$here and not(${here}[$at])" ;;
    failed) echo "//failures/failure[starts-with(@op_key,'$1_') and @node='$2']" ;;
    blocked) echo "${here}[$at and @blocked='true']" ;;
    *) return 1 ;;
    esac
}

# Who runs it knows first; of what is gone, the others can be asked.
cluster_wait_resource() {
    local xpath witnesses
    # shellcheck disable=SC2034  # wait_until's
    local PAUSE=$CLUSTER_PAUSE
    [ $# -eq 4 ] || die "wait-resource: RSC NODE started|stopped|failed|blocked SECONDS"
    node_check "$2"
    xpath=$(cluster_resource_xpath "$1" "$2" "$3") || die "wait-resource: what is '$3'?"
    witnesses="$(node_others "$2") $2"
    [ "$3" != started ] || witnesses="$2 $(node_others "$2")"
    # shellcheck disable=SC2086  # a list
    wait_until "$4" cluster_says "$xpath" $witnesses || die "$1 is not $3 on $2 after $4 s"
}

cluster_do() {
    node_check "${1:-}"
    case ${2:-} in
    start | stop) in_node "$1" "$LAB_HOME/node-stack" cluster "$2" ;;
    *) die "cluster: NODE stop|start" ;;
    esac
}
