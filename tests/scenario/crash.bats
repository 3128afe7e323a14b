#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every way in which a guest breaks while its QEMU lives on: monitor says 1 with the reason, stop
# freezes it, its memory stays, and from then on nothing that anybody does to it reaches a disk
# or the network. Judged from outside: /proc, the disk's bytes, a capture on the wire.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/storage

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() {
    guest_end
    small_end
}

# From the crash, however it was made, to the frozen guest.
broken_then_frozen() { # REASON [what a probe answers: 1]
    local pid
    pid=$(oracle pids "$GUEST")
    act 1 monitor --interval 10000
    one_reason
    reason "$1"
    act "${2:-1}" monitor
    act 0 stop
    [ "$pid" = "$(oracle pids "$GUEST")" ] || fail "the memory is lost: another process or none"
    frozen
    act 7 monitor
    act 7 monitor --interval 10000
    guardedvm verify "$GUEST"
    stays_silent
}

busy_guest() { # domain's options
    guest "$@"
    act 0 start "${START[@]}"
    guest_up
    console write
    console net
    wait_for 10 "writes" sequence_above 10
}

@test "panic" {
    START=()
    busy_guest panics tiny
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    broken_then_frozen 'panic'
}

@test "watchdog that pauses a hung guest" {
    START=(watchdog=pause)
    busy_guest hangs tiny
    console watchdog=1
    console hang
    wait_for 30 "the watchdog" virsh_says "$GUEST" paused
    broken_then_frozen 'watchdog'
}

# no_room NAME: a guest that stands on an I/O error, its file system on the host being full.
no_room() {
    small_disk
    guest "$1" tiny --disk "$SMALL_OPTION"
    act 0 start
    guest_up
    small_fill
    console write
    wait_for 20 "the I/O error" virsh_says "$GUEST" paused
}

@test "file system full below the disk" {
    START=(on_io_error=freeze)
    no_room full
    PARAMS+=(on_io_error=freeze)
    broken_then_frozen 'i/?o.error|no space' 0
}

@test "an I/O error is first waited for, then a failure: on_io_error=retry" {
    START=()
    no_room retried
    act 190 monitor --interval 10000 on_io_error=retry io_error_grace=2
    grace_over() { agent monitor --interval 10000 on_io_error=retry io_error_grace=2; [ "$RC" = 1 ]; }
    wait_for 20 "the grace's end" grace_over
    act 0 stop
    frozen
}

# The very call that a vCPU thread makes on a KVM internal error, made by a debugger: TCG has no
# way to fail like that by itself.
@test "QEMU internal error" {
    START=()
    busy_guest internal tiny
    pid=$(oracle pids "$GUEST")
    n1 gdb -p "$pid" --batch \
        -ex 'call ((void (*)(void)) qemu_system_vmstop_request_prepare)()' \
        -ex 'call ((void (*)(int)) qemu_system_vmstop_request)(2)' >/dev/null 2>&1 || true
    wait_for 10 "the pause" virsh_says "$GUEST" paused
    virsh qemu-monitor-command "$GUEST" '{"execute":"query-status"}' | grep -q internal-error
    broken_then_frozen 'internal'
}

@test "panic while libvirtd is down" {
    START=()
    busy_guest unseen tiny
    lab libvirtd n1 kill
    console panic
    lab libvirtd n1 start
    wait_for 20 "the panic" virsh_says "$GUEST" crashed
    broken_then_frozen 'panic'
}

@test "crash_policy=destroy ends the guest and proves it" {
    START=()
    busy_guest ends tiny
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    act 1 monitor --interval 10000
    act 0 stop crash_policy=destroy
    dead
    act 7 monitor
}

@test "a libvirtd restart between freeze and monitor changes nothing" {
    START=()
    busy_guest survives tiny
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    act 0 stop
    lab libvirtd n1 restart
    act 7 monitor
    frozen
    stays_silent
}
