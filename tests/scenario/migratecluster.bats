#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Live migration as a cluster of two nodes does it: back and forth, from a node that goes to standby,
# and one that does not come to an end.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/migrating

setup_file() { scenario_up --nodes 2; }
teardown_file() { scenario_down; }
teardown() {
    [ -n "${BATS_TEST_COMPLETED:-}" ] || n1 crm_mon -1rfA || true
    n1 pcs node unstandby --all || true
    n1 pcs resource delete "${GUEST:-none}" --force >/dev/null 2>&1 || true
    for NODE in n1 n2; do guest_end; done
}

# [param=value...]: GUEST as a resource that may be migrated, and runs on n1.
resource() {
    n1 pcs resource create "$GUEST" ocf:virt:GuardedVM "config=$CONFIG" migration_transport=tcp \
        migrate_options=--unsafe "$@" op start timeout=60s op stop timeout=30s \
        op monitor interval=1s timeout=40s op migrate_to timeout=20s op migrate_from timeout=30s \
        meta allow-migrate=true resource-stickiness=100 --disabled
    n1 pcs constraint location "$GUEST" prefers n1=10
    n1 pcs resource enable "$GUEST"
    lab wait-resource "$GUEST" n1 started 60
    NODE=n1 guest_up
    wait_for 20 "writes" sequence_above 5
    boot=$(boot_of)
}

# Its QEMU holds the lock of one that may write to the image (byte 101: BLK_PERM_WRITE).
may_write() {
    # shellcheck disable=SC2016
    on "$1" sh -c 'for p in $1; do cat /proc/$p/fdinfo/*; done' - \
        "$(NODE=$1 oracle pids "$GUEST")" 2>/dev/null |
        awk '$1 == "lock:" && $(NF-1) <= 101 && $NF >= 101 { found = 1 } END { exit !found }'
}
look_for_two() {
    while [ ! -e "$BATS_TEST_TMPDIR/enough" ]; do
        # The first once more: it may have given up its lock before the second took it.
        ! { may_write n1 && may_write n2 && may_write n1; } || echo two >>"$BATS_TEST_TMPDIR/two"
        echo looked >>"$BATS_TEST_TMPDIR/looked"
        sleep 0.3 # a look costs a dozen processes
    done
}

crm_shows() { n1 crm_mon -1A | grep -Eq "$1"; }

@test "thirty migrations back and forth: no number is lost, never two writers" {
    guest nomad tiny --append 'write=50'
    resource
    look_for_two 3>&- &
    looker=$!
    for ((i = 0; i < 15; i++)); do
        for node in n2 n1; do
            n1 crm_resource --resource nomad --move --node "$node" --force >/dev/null
            lab wait-resource nomad "$node" started 60
        done
        only_on n1
        never_rebooted "$boot"
    done
    touch "$BATS_TEST_TMPDIR/enough"
    wait "$looker"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/looked")" -gt 20 ]
    [ ! -e "$BATS_TEST_TMPDIR/two" ] || fail "two may write: $(wc -l <"$BATS_TEST_TMPDIR/two") times"
    goes_on
    # Of migrate_from there may be fewer: Pacemaker does without where the next move is due already.
    [ "$(results 'migrate_to operation.*ok' | wc -l)" -ge 30 ] || fail "$(results migrate)"
    not results 'error'
}
results() { for node in n1 n2; do on "$node" grep -h "Result of .*$GUEST" /var/log/pacemaker/pacemaker.log; done | grep -E "${1:-.}"; }

@test "a node goes to standby: its guest moves, and goes on" {
    guest evacuee tiny --append 'write=50'
    resource
    n1 pcs node standby n1
    lab wait-resource evacuee n2 started 60
    only_on n2
    goes_on
    never_rebooted "$boot"
    n1 crm_resource --wait --timeout=30
    NODE=n1 guardedvm list
    n1 pcs node unstandby n1
}

@test "one that does not come to an end: ended in its time, recovered, on one node" {
    guest stubborn tiny --append 'write=50 fill=32'
    resource migration_speed=4
    n1 crm_resource --resource stubborn --move --node n2 --force >/dev/null
    wait_for 30 "the migration" comes_in n2
    wait_for 20 "how far it is" crm_shows 'guardedvm-stubborn.*migrating: to n2, [0-9]+ %'
    wait_for 40 "what people see of its end" crm_shows 'guardedvm-stubborn.*not moved to n2.*come to an end'
    lab wait-resource stubborn n2 started 60
    only_on n2
    # Pacemaker restarts what it could not move: shut down in order, not killed.
    sequence >/dev/null
}

@test "cancelled by the cluster in mid-migration: disabled, and it is on no node" {
    guest recalled tiny --append 'write=50 fill=32'
    resource migration_speed=4
    n1 crm_resource --resource recalled --move --node n2 --force >/dev/null
    wait_for 30 "the migration" comes_in n2
    n1 pcs resource disable recalled
    n1 crm_resource --wait --timeout=60
    only_on ""
    sequence >/dev/null
}
