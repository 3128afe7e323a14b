# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The switch: two bridges in the room's network namespace, one for the cluster
# and one for the guests, so that a capture of the second holds nothing but
# what guests send. Knows cables, not what is at their other end.

switch_up() {
    local segment
    # Bridges and their ports must not speak on their own account.
    echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
    echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
    ip link set lo up
    for segment in cluster guests; do
        ip link add "$segment" type bridge stp_state 0 forward_delay 0 mcast_snooping 0
        ip link set "$segment" up
    done
}

# switch_plug NODE PID: two fresh cables, eth0 (cluster) and eth1 (guests).
switch_plug() {
    switch_unplug "$1"
    ip link add "cluster-$1" type veth peer name eth0 netns "$2"
    ip link add "guests-$1" type veth peer name eth1 netns "$2"
    ip link set "cluster-$1" master cluster up
    ip link set "guests-$1" master guests up
}

# The kernel takes a dead node's interfaces away late; pull the cables now.
switch_unplug() {
    ip link del "cluster-$1" 2>/dev/null || true
    ip link del "guests-$1" 2>/dev/null || true
}

switch_cable() {
    local node=${1:?NODE} segment=${2:?cluster|guests} state
    case ${3:-} in
    in) state=up ;;
    out) state=down ;;
    *) die "cable: in or out" ;;
    esac
    ip link set "$segment-$node" "$state"
}

capture_do() {
    case ${1:-} in
    start) capture_start "${2:?FILE}" ;;
    stop) capture_stop ;;
    *) die "capture: start FILE or stop" ;;
    esac
}

capture_start() {
    local file=$1
    case $file in /*) ;; *) file=$LAB_CALLER_PWD/$file ;; esac
    proc_gone "$LAB_RUN/capture" || die "a capture is running"
    (
        close_fds
        exec setsid tcpdump -i guests -n -U --immediate-mode -Z root -w "$file" \
            </dev/null >"$LAB_RUN/capture.log" 2>&1
    ) &
    proc_record "$LAB_RUN/capture" $!
    wait_until 30 grep -q 'listening on' "$LAB_RUN/capture.log" || die "tcpdump did not start"
}

capture_stop() {
    proc_end "$LAB_RUN/capture" INT 10 || die "tcpdump does not end"
    rm -f "$LAB_RUN/capture"
    grep -E 'packets? (captured|dropped)' "$LAB_RUN/capture.log" || true
}
