# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What every part of the lab uses: where a lab keeps its things, how it says
# what went wrong, how it waits, and how it knows a process again.

LAB=${LAB:-default}
case $LAB in
*[!a-z0-9-]*|-*|"") echo "lab: LAB must be of a-z, 0-9 and -: '$LAB'" >&2; exit 2 ;;
esac
# shellcheck source-path=SCRIPTDIR
. "${BASH_SOURCE[0]%/*}/enter.sh"
# Small and volatile (PIDs, sockets, the nodes' root layers on a tmpfs).
# shellcheck disable=SC2034  # the other parts
LAB_RUN=$LAB_RUNS/$LAB
# On a real disk: shared storage, each node's own storage and logs.
# shellcheck disable=SC2034  # the other parts
LAB_DISK=/var/tmp/guardedvm-lab/$LAB

die() {
    echo "lab($LAB): $*" >&2
    exit 1
}

# wait_until SECONDS CMD...: poll until CMD succeeds; 1 when time is up. PAUSE: between two polls,
# for callers whose CMD would otherwise take a core from what it waits for.
wait_until() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep "${PAUSE:-0.05}"
    done
}

# proc_record FILE PID: note PID and start time, whole or not at all.
proc_record() {
    proc_start_of /proc "$2" && echo "$2 $PROC_START" >"$1.new" && mv "$1.new" "$1"
}

# proc_of FILE: print the recorded PID if that very process still runs.
proc_of() { proc_recorded "$1" /proc && echo "$PROC_PID"; }

# proc_end FILE SIGNAL SECONDS: end the recorded process, if it is that one.
proc_end() {
    local pid
    pid=$(proc_of "$1") || return 0
    kill "-$2" "$pid" 2>/dev/null || return 0
    wait_until "$3" proc_gone "$1"
}

proc_gone() { ! proc_of "$1" >/dev/null; }

# close_fds: a daemon must not hold the pipes of whoever started the lab.
close_fds() {
    local fd
    for fd in /proc/self/fd/*; do
        fd=${fd##*/}
        [ "$fd" -le 2 ] || [ "$fd" = 255 ] || eval "exec $fd>&-"
    done
}
