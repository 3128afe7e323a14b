#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A guest that is simply gone: monitor says 7, never anything softer or harder, with a reason
# that tells one ending from another; stop agrees, and the guest starts again.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() { guest_end; }

begin() {
    guest "$1" tiny
    act 0 start
    guest_up
    act 0 monitor --interval 10000
}

gone_then_back() {
    wait_for 20 "the end of QEMU" is_dead
    act 7 monitor --interval 10000
    ENDING=$REASON
    act 7 monitor
    act 0 stop
    act 0 start
    act 0 monitor --interval 10000
    act 0 stop
    dead
}

killed() {
    begin "$1"
    n1 kill -KILL "$(oracle pids "$GUEST")"
    gone_then_back
}

powered_off() {
    begin "$1"
    console poweroff || true
    gone_then_back
}

destroyed() {
    begin "$1"
    virsh destroy "$GUEST"
    gone_then_back
}

@test "QEMU killed -9" {
    killed murdered
    grep -Eiq 'kill|crash|died|unexpected' <<<"$ENDING" || fail "reason: '$ENDING'"
}

@test "powered off from inside" {
    powered_off sleeper
    grep -Eiq 'guest|inside|shut ?down|powered' <<<"$ENDING" || fail "reason: '$ENDING'"
}

@test "virsh destroy by hand" {
    destroyed orphan
    grep -Eiq 'destroy' <<<"$ENDING" || fail "reason: '$ENDING'"
}

@test "the three reasons differ by more than the guest's name" {
    killed same; one=$ENDING
    powered_off same; two=$ENDING
    destroyed same; three=$ENDING
    [ "$one" != "$two" ] && [ "$two" != "$three" ] && [ "$one" != "$three" ] ||
        fail "'$one' / '$two' / '$three'"
}

@test "killed -9 while libvirtd is down: the death is proven all the same" {
    begin alone
    lab libvirtd n1 kill
    n1 kill -KILL "$(oracle pids "$GUEST")"
    wait_for 20 "the end of QEMU" is_dead
    agent monitor --interval 10000 --timeout 6000
    [ "$RC" = 7 ] || [ "$RC" = 1 ] || fail "monitor returned $RC: $OUT"
    act 0 stop --timeout 6000
    lab libvirtd n1 start
    act 7 monitor
}

@test "a crashed guest whose QEMU then dies is stopped, not frozen" {
    begin twice
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    n1 kill -KILL "$(oracle pids "$GUEST")"
    wait_for 20 "the end of QEMU" is_dead
    act 7 monitor
    act 0 stop
}

@test "a frozen guest whose QEMU dies leaves a clean node" {
    begin melted
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    act 0 stop
    frozen
    n1 kill -KILL "$(oracle pids "$GUEST")"
    wait_for 20 "the end of QEMU" is_dead
    act 7 monitor
    act 0 stop
    act 0 start
    act 0 stop
}
