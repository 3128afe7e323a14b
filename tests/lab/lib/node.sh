# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Nodes as machines: power on, power cut, run something in them. What a node
# does once it has power is in node-init; what it runs, in lib/libvirt.sh and
# lib/cluster.sh.

node_check() {
    lab_config
    case " $LAB_NODES " in
    *" ${1:-} "*) ;;
    *) die "no node '${1:-}' (there are: $LAB_NODES)" ;;
    esac
}

node_pid() { proc_of "$LAB_RUN/fs/$1/init"; }
node_is_on() { node_pid "$1" >/dev/null; }
# All nodes but this one.
node_others() { for node in $LAB_NODES; do [ "$node" = "$1" ] || echo "$node"; done | xargs; }

# One line that changes when any of these nodes has booted anew.
node_lives() { for node in $1; do cat "$LAB_RUN/fs/$node/init" 2>/dev/null; done | xargs; }

node_is_off() { ! node_is_on "$1"; }

# in_node NODE CMD...: the way from inside the room.
in_node() {
    proc_recorded "$LAB_RUN/fs/$1/init" /proc || { lab_off "$1"; return; }
    nsenter -t "$PROC_PID" -m -u -i -n -p --wdns=/ -- "${NODE_ENV[@]}" "${@:2}"
}

node_exec() {
    node_check "${1:-}"
    [ $# -ge 2 ] || die "exec: what shall run?"
    into_node "$@"
}

node_shell() {
    node_check "${1:-}"
    into_node "$1" PS1="[$1 \\w]# " bash --norc -i
}

# node_power_on NODE: as a power switch does it: does not wait for the stack.
node_power_on() {
    (
        flock 9
        node_is_off "$1" || exit 0
        node_start "$1"
    ) 9>"$LAB_RUN/fs/$1.lock"
}

node_start() {
    local node=$1 dir=$LAB_RUN/fs/$1
    mkdir -p "$dir/root" "$LAB_DISK/$node/log"
    rm -f "$dir/init" "$dir/go"
    mkfifo "$dir/go"
    (
        close_fds
        exec setsid unshare -m -u -i -n -p -f "$LAB_HOME/node-init" "$node" \
            </dev/null >>"$LAB_DISK/$node/log/console.log" 2>&1
    ) &
    disown
    wait_until 30 test -e "$dir/init" || die "$node: no PID 1"
    switch_plug "$node" "$(node_pid "$node")"
    echo go >"$dir/go"
}

# node_cut NODE: nothing gets to say goodbye; back when all of it is gone.
node_cut() {
    node_check "${1:-}"
    (
        flock 9
        # PID 1 stays a process until all others of its namespace have ended.
        proc_end "$LAB_RUN/fs/$1/init" KILL 30 || die "$1 does not end"
        switch_unplug "$1"
    ) 9>"$LAB_RUN/fs/$1.lock"
}

# node_host_pid NODE PID: runs outside, where the machine's /proc is.
node_host_pid() {
    local ns status
    [ $# -eq 2 ] || die "pid: NODE PID"
    ns=$(into_node "$1" readlink "/proc/$2/ns/pid") || die "$1 has no process $2"
    for status in /proc/[0-9]*/status; do
        [ "$(readlink "${status%/status}/ns/pid" 2>/dev/null)" = "$ns" ] || continue
        if grep -qsE "^NSpid:.*[[:space:]]$2\$" "$status"; then
            status=${status%/status}
            echo "${status##*/}"
            return 0
        fi
    done
    die "$1 has no process $2"
}

# lab_boot NODE|all: power on and wait until what belongs on it runs.
lab_boot() {
    local nodes node
    lab_config
    nodes=$LAB_NODES
    if [ "${1:-}" != all ]; then
        node_check "${1:-}"
        nodes=$1
    fi
    for node in $nodes; do node_power_on "$node"; done
    for node in $nodes; do libvirt_wait "$node" 60; done
    [ "$LAB_CLUSTER" = no ] || cluster_settle 120 "$nodes"
}

lab_wait() {
    local what=${1:-} limit=${2:-60} node nodes=
    lab_config
    for node in $LAB_NODES; do
        ! node_is_on "$node" || nodes+=" $node"
    done
    case $what in
    libvirt) for node in $nodes; do libvirt_wait "$node" "$limit"; done ;;
    cluster) cluster_wait "$limit" "$nodes" ;;
    *) die "wait: cluster or libvirt" ;;
    esac
}
