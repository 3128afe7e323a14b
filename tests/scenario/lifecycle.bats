#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# start, monitor, probe and stop of a healthy guest, each also twice; what a paused, sleeping or
# deaf guest gets; and what start, stop and release do on a node that holds a frozen guest.
# One node, no cluster: the agent is called as Pacemaker's executor calls it.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() { guest_end; }

running() { [ "$(virsh domstate "$GUEST")" = running ]; }
one_qemu() { [ "$(oracle count)" = 1 ] || fail "$(oracle count) QEMU processes"; }

crash() {
    act 0 start
    guest_up
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
}

@test "start, monitor, probe and stop, each twice, tell the truth" {
    guest cycle tiny
    act 7 monitor
    act 7 monitor --interval 10000
    act 0 start
    running
    act 0 start
    one_qemu
    guest_up
    act 0 monitor
    act 0 monitor --interval 10000
    act 0 stop
    dead
    act 0 stop
    act 7 monitor
}

@test "a started guest runs: its writes reach the disk" {
    guest writes tiny
    act 0 start
    guest_up
    console write
    wait_for 10 "sequence numbers on the disk" sequence_above 20
    act 0 stop
}

@test "start adopts a guest that runs already, and does not start a second" {
    guest adopted tiny
    virsh create "$CONFIG"
    act 0 start
    one_qemu
    act 0 monitor
    # libvirt's own default would end it.
    guest_up
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    act 1 monitor --interval 10000
    act 0 stop
    frozen
}

@test "a guest that is taken over has its panic_grace" {
    guest graced tiny --append write
    PARAMS+=(panic_grace=5min)
    virsh create "$CONFIG"
    # It brings the watch up, which hears of the panic.
    act 0 start
    guest_up
    console panic
    # libvirt calls it crashed, and it works.
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    act 190 monitor --interval 10000
    last=$(sequence | sed -n 's/^last=//p')
    wait_for 10 "more numbers" sequence_above "$last"
}

@test "a start that finds the guest paused lets it run or refuses, and never lies" {
    guest paused tiny
    act 0 start
    virsh suspend "$GUEST"
    agent start
    if [ "$RC" = 0 ]; then
        running
    else
        one_reason
    fi
    act 0 stop
    dead
}

@test "libvirt gets on_crash=preserve, the file keeps what its owner wrote" {
    guest kept tiny
    before=$(oracle bytes "$CONFIG")
    act 0 start
    virsh dumpxml "$GUEST" | grep -q '<on_crash>preserve</on_crash>'
    act 0 stop
    [ "$before" = "$(oracle bytes "$CONFIG")" ]
}

@test "the watchdog parameter reaches the guest, and a guest without a watchdog gets one" {
    guest dog tiny
    act 0 start watchdog=pause
    virsh dumpxml "$GUEST" | grep -Eq "<watchdog model='i6300esb' action='pause'"
    act 0 stop
}

@test "a guest that hears its power button shuts down by itself" {
    guest polite tiny
    act 0 start
    guest_up
    act 0 stop
    dead
    n1 tail -n 3 "/var/log/libvirt/qemu/$GUEST.log" | grep -q 'reason=shutdown'
}

@test "a guest that ignores its power button is ended inside the stop's own time" {
    guest deaf tiny
    act 0 start
    guest_up
    console ignore-acpi
    act 0 stop --timeout 6000
    dead
}

@test "a stop with hardly any time is still true" {
    guest hasty tiny
    act 0 start
    guest_up
    console ignore-acpi
    agent stop --timeout 1500
    [ "$RC" != 137 ] || fail "it had to be killed"
    if [ "$RC" = 0 ]; then dead; fi
    act 0 stop
    dead
}

@test "on_pause decides what a suspended guest is" {
    guest onpause tiny
    act 0 start
    virsh suspend "$GUEST"
    act 190 monitor --interval 10000
    reason 'paused'
    act 0 monitor --interval 10000 on_pause=ok
    act 1 monitor --interval 10000 on_pause=fail
    act 0 stop
    dead
}

@test "a sleeping guest is no failure unless on_pmsuspend says so, and can be stopped" {
    guest asleep tiny
    act 0 start
    guest_up
    console suspend
    wait_for 10 "sleep" virsh_says "$GUEST" pmsuspended
    act 0 monitor --interval 10000
    act 1 monitor --interval 10000 on_pmsuspend=fail
    act 0 stop --timeout 10000
    dead
}

@test "start on a node that holds the frozen guest is a hard error that names the way out" {
    guest holds tiny
    crash
    act 0 stop
    frozen
    agent start
    [[ $RC =~ ^[2-5]$ ]] || fail "start returned $RC, which does not ban this node: $OUT"
    one_reason
    reason 'release'
    frozen
    one_qemu
}

@test "frozen_start=discard gives up the evidence and starts" {
    guest discards tiny
    crash
    act 0 stop
    old=$(oracle pids "$GUEST")
    act 0 start frozen_start=discard
    running
    one_qemu
    [ "$old" != "$(oracle pids "$GUEST")" ]
    act 0 monitor
    act 0 stop
}

# at_a_terminal ANSWER CMD...: typed in the node by a person who then answers so.
at_a_terminal() { n1 script -qec "${*:2}" /dev/null <<<"$1"; }

@test "after a release the guest may run here again" {
    guest released tiny
    crash
    act 0 stop
    guardedvm list | grep -q "$GUEST"
    guardedvm show "$GUEST"
    guardedvm verify "$GUEST"
    # Nobody there is no yes, and a person is asked.
    not guardedvm release "$GUEST" </dev/null
    not at_a_terminal no guardedvm release "$GUEST"
    frozen
    at_a_terminal yes guardedvm release "$GUEST"
    dead
    not guardedvm verify "$GUEST"
    act 7 monitor
    act 0 start
    running
    act 0 stop
}

@test "a frozen guest that somebody resumes is thawed: an error until it is frozen again" {
    guest thaws tiny
    crash
    act 0 stop
    act 7 monitor
    virsh resume "$GUEST"
    act 1 monitor
    act 1 monitor --interval 10000
    act 0 stop
    act 7 monitor
    frozen
}

@test "reload-agent and validate-all succeed on a running guest and leave it alone" {
    guest reloads tiny
    act 0 start
    pid=$(oracle pids "$GUEST")
    act 0 reload-agent on_pause=ok
    act 0 validate-all
    act 0 validate-all --level 10
    [ "$pid" = "$(oracle pids "$GUEST")" ]
    act 0 stop
}
