#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The watch on a real cluster: what Pacemaker, its people and its alerts hear, and when. Two nodes,
# fencing on, the monitor that the meta-data advises.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/storage
load ../lib/watching
load ../lib/incluster

setup_file() { scenario_up --nodes 2; }
teardown_file() { scenario_down; }

teardown() {
    resource_end
    small_end
}

# no_room NAME: the guest's resource, on a disk of the node that is then filled and emptied.
no_room() {
    small_disk
    guest "$1" tiny --disk "$SMALL_OPTION"
    resource
}
fill() {
    small_fill
    console write
}

@test "a panic: the failed monitor with its reason in crm_mon, the attribute, the peer" {
    guest web tiny --append write
    resource
    at=$(now_ms)
    console panic
    lab wait-resource web n2 started 60
    took=$(($(now_ms) - at))
    crm_shows 'web.*monitor.*on n1.*guest panicked'
    frozen_here
    wait_for 10 "the attribute" attribute_says 'host="n1".*frozen: guest panicked; 20'
    guardedvm list | grep -q 'guest panicked'
    echo "# on the peer, by crm_mon, after $took ms" >&3
}

@test "maintenance mode: a panic is noted and announced, and nothing is touched" {
    guest quiet tiny --append write
    resource
    pid=$(oracle pids quiet)
    maintenance
    console panic
    wait_for 10 "the note" record_says '.incident.state == "seen"'
    wait_for 10 "the attribute" attribute_says 'crashed: guest panicked'
    guest_has_had_time
    [ "$pid" = "$(oracle pids quiet)" ]
    oracle holds quiet "$IMAGE"
    not crm_shows 'quiet.*monitor.*guest panicked'
    [ "$(virsh domstate quiet)" = crashed ]
    maintenance_ends
    wait_for 60 "the peer" located n2
    frozen_here
}

@test "maintenance mode: a guest that stands on an I/O error is left standing" {
    no_room stands
    maintenance
    fill
    wait_for 10 "the attribute" attribute_says 'io-error: disk vda: no space'
    small_make_room
    guest_has_had_time
    [ "$(virsh domstate stands)" = paused ]
    maintenance_ends
    wait_for 30 "it runs again" virsh_says stands running
}

@test "one resource in maintenance, or unmanaged without monitors: left standing, too" {
    no_room apart
    n1 pcs resource meta apart maintenance=true
    wait_for 20 "no monitor" not is_held
    fill
    wait_for 10 "the attribute" attribute_says 'io-error: disk vda: no space'
    n1 pcs resource unmanage apart --monitor
    n1 pcs resource meta apart maintenance=
    n1 crm_resource --wait --timeout=60
    small_make_room
    guest_has_had_time
    [ "$(virsh domstate apart)" = paused ]
    not is_held
}

@test "unmanaged, with monitors: let run again when there is room" {
    no_room goeson
    n1 pcs resource unmanage goeson
    wait_for 10 "no management" crm_shows 'goeson.*unmanaged'
    fill
    wait_for 20 "degraded" crm_shows 'goeson.*monitor.*disk vda: no space'
    small_make_room
    wait_for 30 "it runs again" virsh_says goeson running
}

@test "on_guest_shutdown=stop: shut down from inside it stays off, until it is enabled" {
    guest owner tiny
    resource on_guest_shutdown=stop
    console poweroff || true
    wait_for 30 "the role" crm_shows 'owner.*Stopped.*disabled'
    # The monitor that said it may have been cancelled for it: an attribute remains.
    wait_for 20 "its reason" attribute_says 'ended: it was shut down from inside'
    guest_has_had_time
    dead
    NODE=n2 dead
    n1 crm_resource --cleanup -r owner
    n1 pcs resource enable owner
    lab wait-resource owner n1 started 60
}

@test "on_guest_shutdown=stop does not mean an administrator's virsh shutdown" {
    guest pressed tiny
    resource on_guest_shutdown=stop
    virsh shutdown pressed
    lab wait-resource pressed n2 started 60
}

@test "on_guest_shutdown=stop: the role of an unmanaged resource is left as it is" {
    guest mine tiny
    resource on_guest_shutdown=stop
    n1 pcs resource unmanage mine
    wait_for 10 "no management" crm_shows 'mine.*unmanaged'
    console poweroff || true
    wait_for 30 "the failure" eval '[ "$(fail_count)" = 1 ]'
    attribute_says 'ended: it was shut down from inside'
    guest_has_had_time
    not crm_shows 'mine.*disabled'
    n1 pcs resource manage mine
    wait_for 60 "the peer" located n2
}

@test "leaving maintenance mode is not slowed by monitors that wait" {
    guest prompt tiny
    resource
    maintenance
    at=$(now_ms)
    maintenance_ends
    n1 crm_resource --wait --timeout=60
    # Who waited for one would wait for 20 s.
    [ $(($(now_ms) - at)) -lt 15000 ] || fail "it took $(($(now_ms) - at)) ms"
}
