#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What happens to a guest, and what Pacemaker hears of it through the watch: guests that handle
# their own crash, every action of a watchdog, disks that fail and come back. Real guests; judged
# by the monitors' answers, the record, and the guest's own disk.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/storage
load ../lib/watching

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }

teardown() {
    [ -n "${BATS_TEST_COMPLETED:-}" ] || { answers; record; } || true
    monitoring_end
    guest_end
    small_end
}

# begin NAME [domain's options] -- [param=value...]
begin() {
    local options=()
    guest_name=$1
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
    [ $# -eq 0 ] || shift
    guest "$guest_name" tiny "${options[@]}"
    PARAMS+=("$@")
    act 0 start
    guest_up
    monitoring
}

# grace_was SECONDS FROM: that long after FROM, ms, a monitor failed: not before, and not for another
# reason long after it.
grace_was() {
    local took=$(($(answered_at 1) - $2))
    [ "$took" -ge $(($1 * 1000 - 500)) ] && [ "$took" -lt $(($1 * 1000 + 8000)) ] ||
        fail "the grace was $took ms"
}

# --- guests that handle their own crash ---

@test "a guest that dumps itself and reboots in time: degraded meanwhile, no failure" {
    begin dumps -- kdump_grace=60s
    at_once 190 'dumps.* left' console crashload
    console reset || true
    wait_for 15 "all well" last_code 0
    never_answered 1
    record_says '.incident.state == "recovered"'
    [ "$(virsh domstate dumps)" = running ]
}

@test "the same without the reboot: a failure when kdump_grace is over, and then frozen" {
    begin hangs -- kdump_grace=4s
    at=$(now_ms)
    at_once 190 'dumps' console crashload
    wait_for 15 "the failure" answered 1
    grace_was 4 "$at"
    act 0 stop
    frozen
}

@test "panic_grace: a panicked guest runs on and reboots: no failover, libvirt's word is seen through" {
    begin windows -- panic_grace=60s
    at_once 190 'panicked.* left' console panic
    [ "$(virsh domstate windows)" = crashed ]
    console reset || true
    wait_for 15 "all well" last_code 0
    never_answered 1
    # libvirt 9.0 says so for ever; only a stop of the guest could change its mind.
    [ "$(virsh domstate windows)" = crashed ]
    record_says '.incident.state == "recovered"'
    # And it is not numb now.
    console write || guest_up
    console panic
    wait_for 10 "degraded again" last_code 190
}

@test "panic_grace without the reboot: a failure when it is over, and then frozen" {
    begin stuck -- panic_grace=4s
    at=$(now_ms)
    console panic
    wait_for 15 "the failure" answered 1 'panicked'
    grace_was 4 "$at"
    act 0 stop
    frozen
}

@test "panic_grace is taken over by a reload" {
    begin reloads
    act 0 reload-agent panic_grace=60s
    PARAMS+=(panic_grace=60s)
    monitoring
    at_once 190 'panicked' console panic
    never_answered 1
}

# --- watchdogs ---

# fires ACTION [param=value...]: the guest's watchdog fires with this action.
fires() {
    begin "dog-$1" -- "watchdog=$1" "${@:2}"
    console watchdog=1
    console hang
}

fired() { record_says ".watchdog_fired >= 1"; }

@test "watchdog=pause: a failure at once" {
    fires pause
    wait_for 10 "the failure" answered 1 'watchdog fired: pause'
    fired
    act 0 stop
    frozen
}

@test "watchdog=none: the guest hangs on, and is frozen while its vCPUs run" {
    fires none
    wait_for 10 "the failure" answered 1 'watchdog fired: none'
    fired
    [ "$(virsh domstate "$GUEST")" = running ]
    act 0 stop
    frozen
}

@test "watchdog=reset: the guest runs again, the firing is counted" {
    fires reset
    wait_for 10 "the firing" fired
    wait_for 20 "all well" last_code 0
    never_answered 1
    guest_up
    record_says '.incident.state == "recovered" and (.incident.reason | test("reset"))'
}

@test "watchdog=poweroff: stopped, and the reason says who did it" {
    fires poweroff
    wait_for 10 "the end" answered 7 'watchdog'
    act 0 stop
    dead
}

@test "watchdog=shutdown: a guest that hangs does not hear it, and fails when its time is over" {
    fires shutdown
    wait_for 10 "degraded" answered 190 'watchdog fired: shutdown'
    wait_for 45 "the failure" answered 1 'watchdog fired: shutdown'
    act 0 stop
    frozen
}

@test "watchdog=inject-nmi: a guest that does not panic upon it fails" {
    fires inject-nmi
    wait_for 10 "degraded" answered 190 'watchdog fired: inject-nmi'
    wait_for 25 "the failure" answered 1 'watchdog fired: inject-nmi'
    act 0 stop
    frozen
}

@test "on_watchdog=degraded and ignore" {
    fires none on_watchdog=degraded
    wait_for 10 "degraded" answered 190 'watchdog'
    never_answered 1
    wait_for 5 "its note" record_says '.incident.state == "reported"'
    monitoring_end
    guest_end
    fires none on_watchdog=ignore
    wait_for 10 "the firing" fired
    never_answered 1
    never_answered 190
}

@test "watchdog=dump is refused, with the reason" {
    guest dumper tiny --watchdog dump
    act 2 validate-all
    reason 'dump'
    act 2 start
    dead
}

# --- let run by hand ---

no_watch() { n1 kill -9 "$(watch_pid)"; }
healthy() { agent monitor --interval 10000 "$@" && [ "$RC" = 0 ]; }

# let_run [reset]: as an administrator does who found the cause.
let_run() {
    [ "$#" = 0 ] || virsh "$1" "$GUEST"
    virsh resume "$GUEST"
    wait_for 10 "libvirt to say so" virsh_says "$GUEST" running
}

# A guest that serves again must not be frozen for what it once was.
served_and_stopped() {
    guest_up
    wait_for 30 "a monitor that is content" healthy "$@"
    record_says '.incident.state == "recovered"'
    act 0 stop "$@"
    dead
}

# paused_and_told NAME: by its watchdog, and a monitor has failed.
paused_and_told() {
    guest "$1" tiny
    act 0 start watchdog=pause
    guest_up
    console watchdog=1
    console hang
    wait_for 30 "the pause" virsh_says "$GUEST" paused
    act 1 monitor --interval 10000 watchdog=pause
}

@test "panicked and told; the watch is killed; reset and resumed by hand: well again" {
    guest panicreset tiny
    act 0 start
    guest_up
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    act 1 monitor --interval 10000
    no_watch
    let_run reset
    served_and_stopped
}

@test "paused by its watchdog and told; the watch is killed; reset and resumed: well again" {
    paused_and_told dogreset
    no_watch
    let_run reset
    served_and_stopped watchdog=pause
}

@test "paused by its watchdog and told; resumed by hand: whoever resumes it takes it on" {
    paused_and_told dogresume
    let_run
    wait_for 30 "a monitor that is content" healthy watchdog=pause
    record_says '.incident.state == "recovered"'
}

# --- disks ---

# no_room NAME [param=value...]: a guest that stands on an I/O error, its host's disk being full.
no_room() {
    small_disk
    begin "$1" --disk "$SMALL_OPTION" -- "${@:2}"
    small_fill
    console write
}

@test "a full disk: told which and why, tried again, and well when there is room" {
    no_room full io_error_grace=60s
    wait_for 10 "degraded" answered 190 'disk vda: no space'
    never_answered 1
    small_make_room
    wait_for 30 "it runs again" virsh_says full running
    wait_for 30 "all well" last_code 0
    never_answered 1
    wait_for 10 "writes" sequence_above 1
}

@test "a disk that stays full: a failure when io_error_grace is over, then frozen" {
    no_room stays io_error_grace=5s
    wait_for 10 "degraded" answered 190 'disk vda: no space'
    wait_for 20 "the failure" answered 1 'disk vda: no space'
    grace_was 5 "$(answered_at 190)"
    act 0 stop
    frozen
}

@test "on_io_error=freeze fails at once, degraded never" {
    no_room quick on_io_error=freeze
    wait_for 10 "the failure" answered 1 'disk vda: no space'
    monitoring_end
    guest_end
    small_end
    no_room patient on_io_error=degraded io_error_grace=1s
    wait_for 10 "degraded" answered 190 'disk vda: no space'
    wait_for 20 "another answer" last_code 190
    never_answered 1
    [ "$(virsh domstate patient)" = paused ]
    record_says '.incident.state == "reported"'
}
