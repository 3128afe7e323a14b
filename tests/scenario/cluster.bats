#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The whole way, on a real cluster of two nodes with fencing on: what Pacemaker makes of the
# agent's answers. A Linux guest panics and runs on the other node; what cannot be proven gets
# its node fenced; what can be does not.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/storage

setup_file() { scenario_up --nodes 2; }
teardown_file() { scenario_down; }

teardown() {
    # What failed is told by the nodes themselves.
    [ -n "${BATS_TEST_COMPLETED:-}" ] || n1 crm_mon -1rfA || true
    storage_resume 2>/dev/null || true
    n1 pcs resource delete "${GUEST:-none}" --force >/dev/null 2>&1 || true
    for NODE in n1 n2; do guest_end; done
    NODE=n1 storage_end
    lab libvirtd n1 start || true
}

# The guest as a resource that prefers n1, and leaves a node after one failure.
resource() {
    n1 pcs resource create "$GUEST" ocf:virt:GuardedVM "config=$CONFIG" \
        op start timeout=60s op stop timeout=30s op monitor interval=1s timeout=20s \
        meta migration-threshold=1
    n1 pcs constraint location "$GUEST" prefers n1=10
    n1 pcs resource meta "$GUEST" resource-stickiness=100
    lab wait-resource "$GUEST" n1 started 60
}

on_n2() { NODE=n2 "$@"; }
# The file dies with the node's /run: an earlier life of the node is over.
mark_life() { on "$1" touch /run/this-life; }
same_life() { on "$1" test -e /run/this-life; }
crm_shows() { n1 crm_mon -1rfA | grep -Eiq "$1" || fail "crm_mon does not show $1"; }
boot_of() { sequence | sed -n 's/^boot=//p'; }
booted_again() { [ "$(boot_of)" != "$1" ]; }
senders() { n1 "$SCENARIO_TOP/tests/guest/netread" lab0 3; }

@test "a Linux guest panics: frozen on n1, running on n2, and n1 can do no harm" {
    guest web linux --append 'marker=kept-in-memory-7c1f write net'
    resource
    pid=$(oracle pids web)
    guest_up
    wait_for 60 "writes" sequence_above 20
    boot=$(boot_of)
    senders | grep -q "boot=$boot"
    mark_life n1
    console panic
    lab wait-resource web n2 started 60

    [ "$pid" = "$(oracle pids web)" ]
    frozen_here
    n1 virsh -q dump --memory-only web /srv/local/web.core
    n1 grep -q 'kept-in-memory-7c1f' /srv/local/web.core
    crm_shows 'web.*monitor.*on n1.*(panic|crash)'
    guardedvm list | grep -q web
    guardedvm verify web

    on_n2 alive
    on_n2 oracle holds web "$IMAGE"
    on_n2 guest_up
    wait_for 60 "the successor's writes" booted_again "$boot"

    virsh resume web || true
    virsh reset web || true
    virsh resume web || true
    heard=$(senders)
    grep -q "boot=$(boot_of)" <<<"$heard" || fail "the successor is not heard: $heard"
    not grep -q "boot=$boot" <<<"$heard" || fail "the stale guest sends: $heard"
    sequence || fail "somebody else wrote: $(sequence)"
    same_life n1
}

@test "frozen here and crashed there: no start anywhere, until one is released" {
    guest twin tiny --append 'write net'
    resource
    guest_up
    console panic
    lab wait-resource twin n2 started 60
    on_n2 guest_up
    on_n2 console panic
    lab wait-resource twin n2 stopped 60
    wait_for 30 "both frozen" both_frozen
    lab wait-resource twin n1 stopped 10
    frozen
    on_n2 frozen_here
    guardedvm release twin --force
    n1 crm_resource --cleanup -r twin
    lab wait-resource twin n1 started 60
    on_n2 frozen_here
}
both_frozen() { n1 guardedvm verify twin && on n2 guardedvm verify twin; }

@test "QEMU killed: recovered, and the reason is shown" {
    guest shot tiny
    resource
    mark_life n1
    n1 kill -KILL "$(oracle pids shot)"
    lab wait-resource shot n2 started 60
    dead
    on_n2 alive
    crm_shows 'shot.*monitor.*on n1'
    same_life n1
}

@test "libvirtd killed: the guest runs on, is moved when asked to, and no node is fenced" {
    guest calm tiny
    resource
    mark_life n1
    pid=$(oracle pids calm)
    lab libvirtd n1 kill
    wait_for 20 "a degraded monitor" crm_shows 'calm.*(degraded|libvirt)'
    [ "$pid" = "$(oracle pids calm)" ]
    n1 pcs resource move calm n2 >/dev/null 2>&1 || n1 crm_resource --move -r calm -N n2
    lab wait-resource calm n2 started 60
    dead
    on_n2 alive
    same_life n1
    not n1 sh -c 'stonith_admin --history n1 | grep -q successful'
}

@test "the config vanishes on n1: the guest runs on, and nobody starts it twice" {
    guest lost tiny
    resource
    mark_life n1
    pid=$(oracle pids lost)
    mv "$SHARED/lost.xml" "$SHARED/lost.away"
    n1 crm_resource --refresh -r lost
    n1 crm_resource --wait --timeout=30
    [ "$pid" = "$(oracle pids lost)" ]
    on_n2 dead
    n1 pcs resource disable lost
    lab wait-resource lost n1 stopped 60
    dead
    same_life n1
}

@test "nothing can be proven: QEMU hangs in the kernel, so n1 is fenced and n2 takes over" {
    # Each node has its own file of that name; the one on n1 hangs.
    on n2 sh -c "mkdir -p $STORAGE && truncate -s 8M $STORAGE_DISK && chmod 666 $STORAGE_DISK"
    storage
    guest stuck tiny --disk "virtio:raw:$STORAGE_DISK"
    resource
    guest_up
    mark_life n1
    pid=$(oracle pids stuck)
    storage_hang
    console write
    wait_for 20 "QEMU to hang in the kernel" is_stuck "$pid"
    console panic || true
    # Should the crash itself not be seen behind the dead disk, somebody moves the guest.
    n1 crm_resource --move -r stuck -N n2
    lab wait-resource stuck n2 started 120
    on_n2 alive
    not same_life n1
    on n2 stonith_admin --history n1 | grep -q '^reboot of n1 successful'
    lab wait-node n1 online 90
}
