#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Who ended a guest: its user, an administrator, libvirt, QEMU itself; and the races between who
# ends it and who observes. Real guests, with the watch listening; the reason is the monitor's.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/watching

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }

teardown() {
    [ -n "${BATS_TEST_COMPLETED:-}" ] || { answers; record; } || true
    monitoring_end
    guest_end
    lab libvirtd n1 start || true
}

begin() {
    guest "$1" tiny
    act 0 start
    guest_up
    monitoring
    BEGAN=$(now_ms)
}

ended() { # REGEX BY: told long before the wait of the monitor that was held is over
    wait_for 10 "the end" answered 7 "$1"
    [ $(($(answered_at 7) - BEGAN)) -lt 15000 ] || fail "told late: $(answers)"
    record_says ".ended_by == \"$2\""
}

@test "powered off from inside: its user" {
    begin sleepy
    console poweroff || true
    ended 'inside|user' guest
}

@test "virsh shutdown: an administrator pressed the button" {
    begin pressed
    virsh shutdown pressed
    ended 'administrator|asked' administrator
}

@test "virsh destroy: an administrator" {
    begin destroyed
    virsh destroy destroyed
    ended 'destroyed' administrator
}

@test "QEMU killed by a signal: which one" {
    begin shot
    n1 kill -SEGV "$(oracle pids shot)"
    ended 'signal 11' qemu
}

@test "QEMU killed -9: which one" {
    begin murdered
    n1 kill -KILL "$(oracle pids murdered)"
    ended 'signal 9' qemu
}

@test "QEMU ended by SIGTERM: an administrator, no crash" {
    begin termed
    n1 kill -TERM "$(oracle pids termed)"
    ended 'signal|administrator' administrator
}

@test "administrator and user at once: the button came first" {
    begin both
    virsh shutdown both
    console poweroff || true
    ended 'administrator|asked' administrator
}

@test "the observer starts late: the end is told all the same, and blames nobody wrongly" {
    begin late
    monitoring_end
    n1 kill -KILL "$(watch_pid)"
    console poweroff || true
    wait_for 10 "the end" is_dead
    act 7 monitor --interval 1000
    reason 'powered off|shut'
    not record_says '.ended_by == "administrator"'
}

@test "a stop by the cluster is no end that anybody is told of" {
    begin ordered
    monitoring_end
    act 0 stop
    dead
    record_says '.ended_by == "unknown" or .ended_by == "cluster"'
    act 0 start
    record_says '.ended_by == "unknown"'
    monitoring
    never_answered 7
}

@test "a guest that is gone and back before anybody looked is another life" {
    begin back
    monitoring_end
    virsh destroy back
    act 0 start
    record_says '.ended_by == "unknown" and .incident.state == "none"'
    guest_up
    monitoring
    at_once 1 'panicked' console panic
}

@test "QEMU dies while libvirtd is down: told by the process alone" {
    begin alone
    lab libvirtd n1 kill
    n1 kill -KILL "$(oracle pids alone)"
    wait_for 15 "the answer" eval 'answered 7 || answered 1'
    wait_for 10 "the note" record_says '.ended_by == "qemu" or .phase == "known"'
    lab libvirtd n1 start
    wait_for 20 "stopped" answered 7 'signal 9'
}
