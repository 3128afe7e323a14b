#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What can happen to a migration: whatever it is, the guest is on one node afterwards, the code
# says so, and no number that it wrote is lost.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/migrating

setup_file() { scenario_up --nodes 2 --no-cluster; }
teardown_file() { scenario_down; }
teardown() {
    unmute || true
    for node in n1 n2; do
        cut_through "$node" 17000
        cut_through "$node" 49300
        lab boot "$node" >/dev/null 2>&1 || true
        lab libvirtd "$node" resume >/dev/null 2>&1 || true
        lab libvirtd "$node" start
    done
    for NODE in n1 n2; do guest_end; done
}

# A guest whose migration takes longer than any test lets it.
heavy() { # NAME [param=value...]
    guest "$1" tiny --append 'write=50 fill=32'
    PARAMS+=(migration_transport=tcp migration_speed=4 migrate_options=--unsafe "${@:2}")
    NODE=n1 act 0 start
    NODE=n1 guest_up
    wait_for 20 "writes" sequence_above 5
    boot=$(boot_of)
}

@test "it does not come to an end in time: ended in the budget, and the guest goes on" {
    heavy slow
    before=$SECONDS
    move_to n1 n2 --timeout 12000
    [ "$RC" = 1 ] || fail "$RC: $OUT"
    # Else it would have been killed.
    [ $((SECONDS - before)) -le 15 ]
    reason 'not moved to n2.*stayed here.*did not come to an end'
    stayed_on n1
    NODE=n1 act 0 monitor --interval 10000
    NODE=n2 act 7 monitor
}

@test "the action is killed in mid-migration: libvirt ends it, and the next try is a new one" {
    heavy orphan
    begins n1 n2 --timeout 60000
    kill_action n1 migrate_to
    stayed_on n1
    NODE=n1 act 0 monitor --interval 10000
    move_to n1 n2 --timeout 12000
    reason 'did not come to an end'
    stayed_on n1
}

@test "driven by the source's libvirtd (--p2p) and the action killed: a stop ends both" {
    heavy p2p 'migrate_options=--unsafe --p2p'
    begins n1 n2 --timeout 60000
    kill_action n1 migrate_to
    # As Pacemaker does after a migration that failed: a stop on both.
    NODE=n1 act 0 stop --timeout 30000
    n1 grep -q 'shutting down, reason=shutdown' /var/log/libvirt/qemu/p2p.log ||
        fail "it was not shut down in order: $(n1 tail -n 3 /var/log/libvirt/qemu/p2p.log)"
    NODE=n2 act 0 stop --timeout 30000
    only_on ""
    sequence >/dev/null
}

@test "the connection to the target's libvirt is cut" {
    heavy cut "remoteuri=qemu+tcp://n1:17000/system"
    through n1 17000 n2 16509
    begins n1 n2 --timeout 15000
    cut_through n1 17000
    finished 30
    [ "$RC" = 1 ]
    reason 'stayed here'
    stayed_on n1
}

@test "the stream of its memory is cut" {
    heavy stream "migrateuri=tcp://n1:49300"
    through n1 49300 n2 49300
    begins n1 n2 --timeout 30000
    cut_through n1 49300
    finished 30
    [ "$RC" = 1 ]
    reason 'stayed here'
    stayed_on n1
}

@test "the target's QEMU dies" {
    heavy halfway
    begins n1 n2 --timeout 30000
    on n2 kill -KILL "$(NODE=n2 oracle pids halfway)"
    finished 30
    [ "$RC" = 1 ]
    reason 'stayed here'
    stayed_on n1
}

@test "the target's libvirtd dies, and comes back" {
    heavy daemon
    begins n1 n2 --timeout 15000
    lab libvirtd n2 kill
    finished 30
    [ "$RC" = 1 ]
    reason 'stayed here'
    lab libvirtd n2 start
    stayed_on n1
}

@test "the target's libvirtd hangs: an answer in time, and the guest goes on" {
    heavy deaf
    begins n1 n2 --timeout 15000
    lab libvirtd n2 pause
    before=$SECONDS
    finished 20
    [ "$RC" = 1 ]
    reason 'stayed here'
    goes_on
    lab libvirtd n2 resume
    stayed_on n1
}

@test "the target loses power" {
    heavy dark
    begins n1 n2 --timeout 15000
    lab cut n2
    finished 30
    [ "$RC" = 1 ]
    reason 'stayed here'
    goes_on
    lab boot n2
    # Its network card is a new one, with another address.
    on n1 ip neigh flush dev eth0
    # n1 learns n2's network card anew.
    on n2 ping -qc1 n1
    stayed_on n1
}

@test "the source's libvirtd dies: nobody knows until it is back, and the guest goes on" {
    heavy blind
    begins n1 n2 --timeout 15000
    lab libvirtd n1 kill
    lab libvirtd n1 start
    finished 20
    [ "$RC" = 1 ]
    stayed_on n1
    NODE=n1 act 0 monitor --interval 10000
}

@test "it panics on the way: ended, and frozen where it was" {
    heavy dying
    begins n1 n2 --timeout 30000
    NODE=n1 console panic
    finished 30
    [ "$RC" = 1 ] || fail "$RC: $OUT"
    reason 'guest broke.*guest-panicked'
    wait_for 20 "the other copy to be gone" is_only_on n1
    NODE=n1 frozen
    NODE=n1 guardedvm verify dying
    NODE=n1 act 0 stop
    NODE=n1 act 7 monitor
    NODE=n1 guardedvm show dying | grep -q 'panicked while it was moved'
}

@test "it panics on the way, and nothing holds the rest back: nobody is told that it is well there" {
    # So short a pause is only enough for one that writes nothing more.
    heavy sudden migration_downtime=1
    begins n1 n2 --timeout 30000
    wait_for 10 "the downtime" downtime_is 1
    hurries
    NODE=n1 console panic
    finished 30
    [ "$RC" = 1 ] || fail "$RC: $OUT"
    reason 'panicked'
    # Where it is depends on who was faster: kept here, or there to be stopped.
    if is_only_on n1; then
        NODE=n1 frozen
    fi
    NODE=n2 act 0 stop --timeout 10000
    NODE=n1 act 0 stop
    NODE=n1 act 7 monitor
}

@test "the source's libvirtd hangs: an answer in time all the same" {
    heavy hanging
    begins n1 n2 --timeout 12000
    lab libvirtd n1 pause
    finished 20
    lab libvirtd n1 resume
    [ "$RC" = 1 ] || fail "$RC: $OUT"
    reason 'not moved to n2'
    stayed_on n1
}

@test "the network is cut while it stands here: it is the only one, and goes on" {
    heavy alone 'migrate_options=--unsafe --timeout 2'
    begins n1 n2 --timeout 12000
    wait_for 10 "the pause" virsh_says alone paused
    cut_off
    finished 20
    [ "$RC" = 1 ]
    reason 'stayed here.*running'
    unmute
    # n2 has heard nothing of it: its copy waits for the rest, until the stop that Pacemaker orders.
    NODE=n2 act 0 stop --timeout 15000
    stayed_on n1
}

@test "who drives it dies at the end: it stands here, is nowhere else, and is let run on" {
    heavy stranded "remoteuri=qemu+tcp://n1:17000/system"
    through n1 17000 n2 16509
    begins n1 n2 --timeout 15000
    # The target is not asked any more to let it run.
    hold_through n1 17000
    hurries
    wait_for 20 "the end of the copy" is_sent_away
    kill_errand
    cut_through n1 17000
    through n1 17000 n2 16509
    finished 30
    [ "$RC" = 1 ]
    reason 'stayed here'
    stayed_on n1
}

# The answers to what drives the migration get lost; what looks at the target beside it is answered.
mute_errand() {
    local port
    port=$(n1 ss -Htnp 'dport = :16509' |
        sed -n "s/^.* 10\.77\.0\.1:\([0-9]*\) .*pid=$(errand_pid),.*/\1/p")
    n1 iptables -A INPUT -p tcp --sport 16509 --dport "$port" -j DROP
}
count_looks() { on n2 iptables -A INPUT -p tcp --syn --dport 16509; }
looks_at_target() { # how many connections to n2's libvirt were begun since count_looks
    on n2 iptables -nvxL INPUT | awk '/dpt:16509/ {print $1}'
}
# Who saw it run looks there no more. Looks are four a second, as long as there are any.
looked_enough() {
    local before
    before=$(looks_at_target)
    sleep 1
    [ "$before" -gt 0 ] && [ "$(looks_at_target)" = "$before" ] &&
        [ "$(n1 ss -Htn 'dport = :16509' | wc -l)" = 1 ]
}

@test "it stands here, and ran and ended there while it was moved: what is old is not let run" {
    heavy unheard
    begins n1 n2 --timeout 60000
    mute_errand
    count_looks
    hurries
    wait_for 20 "the guest to run there" runs_on n2
    wait_for 20 "a look that saw it" looked_enough
    NODE=n2 virsh destroy "$GUEST"
    wait_for 10 "the end of it there" is_only_on n1
    before=$(oracle bytes "$IMAGE")
    kill_errand
    finished 60
    [ "$RC" = 1 ]
    reason 'runs on neither node'
    only_on ""
    [ "$(oracle bytes "$IMAGE")" = "$before" ]
}

# A migration whose end nobody hears, and who asked for it is killed: it stands on n1, and runs on n2.
untold() {
    heavy "$1"
    begins n1 n2 --timeout 60000
    mute
    hurries
    wait_for 20 "the guest to run there" runs_on n2
    kill_action n1 migrate_to
    unmute
    is_sent_away
}

@test "it stands here and runs there: what stands here is ended, and it was moved" {
    untold double
    move_to n1 n2 --timeout 12000
    [ "$RC" = 0 ] || fail "$OUT"
    only_on n2
    come_from n2 n1
    [ "$RC" = 0 ] || fail "$OUT"
    NODE=n1 act 7 monitor
    NODE=n2 act 0 monitor --interval 10000
    goes_on
    never_rebooted "$boot"
}

@test "it stands here, and has run and ended there: nobody lets run what is old, and a stop ends it" {
    untold outdated
    NODE=n2 act 0 stop
    before=$(oracle bytes "$IMAGE")
    NODE=n1 act 0 monitor
    NODE=n1 act 1 monitor --interval 10000
    reason 'sent to another node'
    come_from n1 n2 --timeout 8000
    [ "$RC" = 1 ]
    move_to n1 n2 --timeout 8000
    [ "$RC" = 1 ]
    reason 'cannot be told on which node'
    NODE=n1 act 1 start --timeout 8000
    is_sent_away
    [ "$(oracle bytes "$IMAGE")" = "$before" ]
    # At once: no power button is heard there.
    SECONDS=0
    NODE=n1 act 0 stop --timeout 60000
    [ "$SECONDS" -lt 15 ]
    only_on ""
}
