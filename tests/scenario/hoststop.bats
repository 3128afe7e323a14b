#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Pacemaker is stopped on the guest's node, as when the node shuts down: another sequence than for an
# ordinary stop, and a guest that was saved goes on, once, where the cluster places it. As doc/guide.md
# has it, on two nodes.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/guide
load ../lib/watching
load ../lib/incluster

setup_file() {
    scenario_up --nodes 2
    # As an administrator would: root's alone.
    chmod 0755 "$SHARED"
}
teardown_file() { scenario_down; }
teardown() {
    lab cluster n1 start || true
    resource_end
    rm -rf "$SHARED/saved"
}

boot() { sequence | sed -n 's/^boot=//p'; }
last() { sequence | sed -n 's/^last=//p'; }

@test "a node that goes down saves its guest, which goes on elsewhere; an ordinary stop shuts it down" {
    guest app tiny --append write
    as_guided guide.md 'pcs resource create app'
    n1 pcs constraint location app prefers n1=INFINITY
    lab wait-resource app n1 started 60
    NODE=n1 guest_up
    wait_for 10 "numbers on the disk" sequence_above 5
    before=$(boot)
    lab cluster n1 stop
    NODE=n1
    dead
    from=$(last)
    wait_for 60 "the guest on n2" located n2
    NODE=n2 guest_up
    wait_for 10 "more numbers" sequence_above $((from + 5))
    [ "$(boot)" = "$before" ] || fail "it was booted"
    sequence
    [ -z "$(ls -A "$SHARED/saved")" ] || fail "its memory could be restored again: $(ls "$SHARED/saved")"
    on n2 pcs resource disable app --wait=60
    NODE=n2 dead
    on n2 tail -n 3 /var/log/libvirt/qemu/app.log | grep -q 'reason=shutdown'
    [ -z "$(ls -A "$SHARED/saved")" ] || fail "an ordinary stop has saved it"
}

@test "one that does not hear: asked for as long as host_stop_sequence says, ended, and begun anew elsewhere" {
    guest deaf tiny --append "write ignore-acpi"
    resource host_stop_sequence="shutdown:4 destroy"
    wait_for 10 "numbers on the disk" sequence_above 5
    before=$(boot)
    at=$(now_ms)
    lab cluster n1 stop
    # An ordinary stop would ask it for most of its minute.
    [ $(($(now_ms) - at)) -lt 30000 ] || fail "it took $(($(now_ms) - at)) ms"
    NODE=n1 dead
    n1 tail -n 3 /var/log/libvirt/qemu/deaf.log | grep -q 'reason=destroyed'
    wait_for 60 "the guest on n2" located n2
    NODE=n2 guest_up
    wait_for 10 "its numbers" eval '[ "$(boot)" != "$before" ]'
    sequence
}
