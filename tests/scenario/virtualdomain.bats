#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Known defects of ocf:heartbeat:VirtualDomain (issue numbers of ClusterLabs/resource-agents),
# each as one scenario that is run under both agents: it must go wrong under VirtualDomain, so
# that the test is known to see the defect, and right under ours.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/compare

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() {
    guest_end
    lab libvirtd n1 start
}

@test "856: a config that cannot be read is taken as stopped" {
    unreadable() {
        guest "$1" tiny
        act_as 0 start
        mv "$SHARED/$GUEST.xml" "$SHARED/$GUEST.away"
        act_as 0 monitor
        act_as 0 stop
        dead
    }
    both unreadable
}

@test "137: a config that is missing makes stop wrong, and the node is fenced or the disk shared" {
    missing() {
        guest "$1" tiny
        act_as 0 start
        rm "$SHARED/$GUEST.xml"
        act_as 0 stop
        dead
        act_as 0 stop
    }
    both missing
}

@test "546: libvirtd down: stop runs into its time limit and the node is fenced" {
    no_libvirtd() {
        guest "$1" tiny
        act_as 0 start
        lab libvirtd n1 kill
        act_as 0 stop --timeout 10000
        dead
    }
    both no_libvirtd
}

@test "1613: a pattern over ps misses a running guest" {
    pattern() {
        guest "$1+1" tiny
        act_as 0 start
        act_as 0 monitor --interval 10000
        lab libvirtd n1 kill
        agent monitor --timeout 6000 --as "$AGENT"
        [ "$RC" = 0 ] || fail "the running guest: $RC $OUT"
        lab libvirtd n1 start
        guest_end
    }
    both pattern
    GUEST='theirs+1' guest_end
}

@test "487: starting undefines the domain: what the user had defined is deleted" {
    defined() {
        guest "$1" tiny
        virsh define "$CONFIG"
        mine=$(oracle bytes "/etc/libvirt/qemu/$GUEST.xml")
        act_as 0 start
        act_as 0 stop
        [ "$mine" = "$(oracle bytes "/etc/libvirt/qemu/$GUEST.xml")" ] ||
            fail "the definition is gone or changed"
    }
    both defined
}

@test "stop's reserve of five seconds: a QEMU that hangs makes virsh shutdown hang" {
    reserve() {
        guest "$1" tiny
        act_as 0 start
        n1 kill -STOP "$(oracle pids "$GUEST")"
        act_as 0 stop --timeout 10000
        dead
    }
    both reserve
}

@test "the name is found by a pattern: XML in one line breaks it" {
    one_line() {
        guest "$1" tiny
        tr '\n' ' ' <"$SHARED/$GUEST.xml" >"$SHARED/$GUEST.one"
        mv "$SHARED/$GUEST.one" "$SHARED/$GUEST.xml"
        act_as 0 start
        alive
        act_as 0 stop
        dead
    }
    both one_line
}
