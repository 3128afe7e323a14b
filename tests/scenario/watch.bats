#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The watch and the monitors that wait at its desk, on one node, with monitors called as
# Pacemaker's executor calls them: held while all is well, answered at once when it is not, and
# never worse off than without a watch.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/watching

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }

teardown() {
    [ -n "${BATS_TEST_COMPLETED:-}" ] || { answers; record; n1 tail -n 40 /var/log/syslog; } || true
    monitoring_end
    guest_end
    lab libvirtd n1 start || true
}

# begin NAME [param=value...]: a guest that runs, and its monitor, held.
begin() {
    guest "$1" tiny --watchdog pause
    PARAMS+=("${@:2}")
    act 0 start
    guest_up
    monitoring
}

@test "a start brings the watch up; a monitor is held, costs no libvirt, and ends with its wait" {
    begin calm monitor_wait=4
    watch_runs
    pid=$(held_pids)
    not n1 grep -q libvirt "/proc/$pid/maps"
    wait_for 15 "the end of a wait" answers_are 4
    last_code 0
    # The held ones took their wait; all said that all is well.
    [ "$(answers | awk '$3 != 0' | wc -l)" = 0 ]
    answers | awk '$2 - $1 >= 3900 { long++ } END { exit !long }'
}

@test "a panic is answered at once, with what happened" {
    begin falls
    at_once 1 'panicked' console panic
    wait_for 5 "its note" record_says '.incident.state == "reported" and (.incident.moments | length) >= 2'
    act 0 stop
    frozen
    record_says '[.incident.moments[].what] | index("frozen")'
}

@test "probes and forced checks never wait" {
    begin asked
    at=$(now_ms)
    act 0 monitor
    act 0 monitor --interval 1000 --level 10
    # One that waits does so for 15 s, half of its time.
    [ $(($(now_ms) - at)) -lt 10000 ]
}

# A watch that calls every guest well. It is a mock: the real one does not lie so.
lies() {
    n1 kill -KILL "$(watch_pid)" || true
    n1 setsid python3 -c '
import os, socket
door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
os.path.exists(PATH := "/run/guardedvm/.watch.socket") and os.unlink(PATH)
door.bind(PATH)
door.listen()
open("/run/liar.pid", "w").write(str(os.getpid()))
while True:
    monitor = door.accept()[0]
    monitor.recv(65536)
    monitor.send(b"done 0 0 ")' </dev/null >/dev/null 2>&1 3>&- &
    wait_for 5 "the liar" n1 test -s /run/liar.pid
}
lies_end() { n1 sh -c 'kill "$(cat /run/liar.pid)"; rm /run/liar.pid'; }

@test "a watch that lies is not asked by probes, forced checks and stops" {
    guest lied tiny
    act 0 start
    guest_up
    lies
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    # It is heard where it is asked.
    act 0 monitor --interval 1000
    act 1 monitor
    act 1 monitor --interval 1000 --level 10
    act 0 stop
    frozen
    virsh destroy "$GUEST"
    act 7 monitor
    lies_end
}

@test "the watch killed: held monitors look themselves, the next one brings it back" {
    begin orphan
    pid=$(watch_pid)
    count=$(answers | wc -l)
    at=$(now_ms)
    n1 kill -KILL "$pid"
    wait_for 3 "the held monitor's answer" answers_are $((count + 1))
    # Nobody ended its wait of 20 s.
    [ $(($(now_ms) - at)) -lt 8000 ] || fail "too late"
    last_code 0
    wait_for 5 "another watch" watch_runs
    wait_for 20 "a held monitor" is_held
    at_once 1 'panicked' console panic
}

@test "the watch stands still: a held monitor notices, and looks itself" {
    begin numb
    pid=$(watch_pid)
    n1 kill -STOP "$pid"
    console panic
    at=$(now_ms)
    wait_for 12 "the answer" answered 1 'panic|crash'
    [ $(($(answered_at 1) - at)) -lt 15000 ] || fail "it waited to the end: $(answers)"
    n1 kill -CONT "$pid"
}

@test "a crash that came while no watch ran is reported, once" {
    begin missed
    monitoring_end
    n1 kill -KILL "$(watch_pid)"
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    n1 rm -f "$MONITOR_LOG"
    n1 setsid "$SCENARIO_TOP/tests/lib/recurring" "$MONITOR_LOG" 1000 40000 "$GUEST" \
        "${PARAMS[@]}" >/dev/null 2>&1 3>&- &
    wait_for 10 "the answer" answered 1 'panic|crash'
    wait_for 10 "the watch" watch_runs
    wait_for 10 "its note" record_says '.incident.state == "reported"'
}

@test "libvirtd restarts: nobody is woken, nothing is missed" {
    begin steady
    lab libvirtd n1 restart
    is_held || wait_for 20 "a held monitor" is_held
    never_answered 1
    never_answered 190
    lab libvirtd n1 kill
    console panic
    lab libvirtd n1 start
    at=$(now_ms)
    wait_for 15 "the answer" answered 1 'panic|crash'
    [ $(($(answered_at 1) - at)) -lt 15000 ] || fail "it waited to the end: $(answers)"
}

@test "libvirtd dead for long: degraded, not failed; well again when it is back" {
    begin silent
    lab libvirtd n1 kill
    wait_for 20 "a degraded answer" answered 190 'libvirt'
    never_answered 1
    lab libvirtd n1 start
    wait_for 20 "all well" last_code 0
}

@test "the first monitor after a start looks itself, though a series was under way" {
    begin renewed
    act 0 stop
    act 0 start
    at=$(now_ms)
    act 0 monitor --interval 1000
    [ $(($(now_ms) - at)) -lt 10000 ]
}

@test "a second watch ends at once, and content" {
    begin alone
    n1 timeout 10 guardedvm watch
    [ "$(watch_pid | wc -l)" = 1 ]
}

@test "paused by hand: told at once as degraded, and well again when it runs" {
    begin halted
    at_once 190 'paused' virsh suspend halted
    virsh resume halted
    wait_for 15 "all well" last_code 0
    never_answered 1
}
