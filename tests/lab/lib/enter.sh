# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The way into a node from outside its lab's room. Tests go it thousands of times, so it needs
# no fork and no shell of its own. Sourced by the lab and by tests.

# Where labs keep what is small and volatile, a folder each.
LAB_RUNS=/run/guardedvm-lab
# A node's shell begins with this.
NODE_ENV=(env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    HOME=/root LANG=C.UTF-8 "TERM=${TERM:-dumb}")

# proc_start_of PROC PID: sets PROC_START to the kernel's start time of that process, which tells
# a recycled PID; 1 where there is none. PROC: a /proc that shows it.
proc_start_of() {
    local stat
    { read -r stat <"$1/$2/stat"; } 2>/dev/null || return 1
    # The command name may hold blanks: count fields after its last ")".
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    # A zombie's work is over.
    [ "$1" != Z ] || return 1
    PROC_START=${20}
}

# proc_recorded FILE PROC: sets PROC_PID to the recorded PID if that very process still runs.
proc_recorded() {
    local start
    { read -r PROC_PID start <"$1"; } 2>/dev/null || return 1
    [ -n "$start" ] && proc_start_of "$2" "$PROC_PID" && [ "$PROC_START" = "$start" ]
}

# into_node NODE CMD...: from outside, into lab $LAB. The room's own /proc leads to the node.
into_node() {
    local run=$LAB_RUNS/$LAB room ns
    proc_recorded "$run/room.init" /proc || { lab_off "the lab"; return; }
    room=/proc/$PROC_PID/root
    proc_recorded "$room$run/fs/$1/init" "$room/proc" || { lab_off "$1"; return; }
    ns=$room/proc/$PROC_PID/ns
    nsenter --mount="$ns/mnt" --uts="$ns/uts" --ipc="$ns/ipc" --net="$ns/net" --pid="$ns/pid" \
        --wdns=/ -- "${NODE_ENV[@]}" "${@:2}"
}

lab_off() {
    echo "lab($LAB): $1 is off" >&2
    return 1
}
