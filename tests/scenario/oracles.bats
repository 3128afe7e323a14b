#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The judges on trial: each oracle that the other scenarios trust must see a guest that does
# harm. A frozen guest passes them all; here, none may.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() { guest_end; }

harmful() {
    guest "$@"
    virsh create "$CONFIG"
    guest_up
    console write
    console net
    wait_for 10 "writes" sequence_above 5
}

# Nothing in a subshell that is asked whether it failed stops at a failure, so each is asked.
says_failed() {
    local said
    said=$("$@" 2>&1) || true
    grep -q '^FAILED: ' <<<"$said" || fail "'$*' sees nothing wrong: $said"
}

@test "a running guest holds its disk, writes and has a tap that is up" {
    harmful busy tiny
    oracle holds busy "$IMAGE"
    oracle writes busy | grep -qx "$IMAGE"
    oracle taps busy up
    says_failed harmless
    says_failed frozen
    virsh suspend busy
    not oracle free "$IMAGE"
}

@test "a locked disk is not free, whoever holds it" {
    guest locked tiny
    virsh create "$CONFIG"
    not oracle free "$IMAGE"
    virsh destroy locked
    oracle free "$IMAGE"
}

@test "a guest that is only paused is not silent once resumed" {
    harmful sly tiny
    virsh suspend sly
    says_failed stays_silent
}

@test "a capture sees the guest's frames, and silence is none" {
    harmful loud tiny
    mac=$(mac_of <"$SHARED/loud.xml")
    lab capture start "$BATS_TEST_TMPDIR/loud.pcap"
    guest_has_had_time
    lab capture stop
    [ "$(packets "$BATS_TEST_TMPDIR/loud.pcap" "$mac")" -gt 0 ]
    virsh destroy loud
    lab capture start "$BATS_TEST_TMPDIR/none.pcap"
    guest_has_had_time
    lab capture stop
    packets_none "$BATS_TEST_TMPDIR/none.pcap" "$mac"
}

@test "an action that outlives its time is killed and counted as a failure" {
    guest late tiny
    n1 sh -c 'mkdir -p /usr/lib/ocf/resource.d/test && printf "#!/bin/sh\nsleep 60\n" \
        >/usr/lib/ocf/resource.d/test/slow && chmod 755 /usr/lib/ocf/resource.d/test/slow'
    act 137 monitor --as test/slow --timeout 500
}
