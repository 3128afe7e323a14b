#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# doc/guide.md on a real cluster of two nodes: its commands, as they are written, make guests that
# run, and do what it says of them.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/guide
load ../lib/watching
load ../lib/incluster
load ../lib/evidence

setup_file() { scenario_up --nodes 2; }
teardown_file() { scenario_down; }
teardown() {
    resource_end
    for node in n1 n2; do on "$node" sh -c 'rm -rf /var/lib/guardedvm/*' || true; done
}

node_of() { n1 crm_resource -r "$GUEST" --locate --quiet 2>/dev/null; }
runs() { [ -n "$(node_of)" ]; }
comes_up() {
    wait_for 60 "$GUEST to run" runs
    NODE=$(node_of)
    guest_up
}
parameter() { n1 crm_resource -r "$GUEST" --get-parameter "$1"; }

@test "one guest with pcs, and the same with crmsh" {
    guest web tiny
    as_guided guide.md 'guardedvm doctor'
    as_guided guide.md 'pcs resource create web'
    comes_up
    guardedvm doctor web | grep -q "with the cluster's parameters"
    n1 pcs resource delete web --force
    n1 mkdir -p /var/log/crmsh # Debian's package would have made it, here
    as_guided guide.md 'crm configure primitive web'
    comes_up
    [ "$(n1 crm_resource -r web --get-parameter migration-threshold --meta)" = 1 ]
}

@test "a database: its crash is dumped while it runs elsewhere, and its node may run it again" {
    guest db linux --vmcoreinfo
    as_guided guide.md 'pcs resource create db'
    comes_up
    from=$NODE
    console panic
    wait_for 60 "the release" eval 'NODE=$from incident_is released'
    [ "$(node_of)" != "$from" ]
    NODE=$from fact panic | grep -q '^Kernel panic'
    NODE=$from fact dump-file | grep -q '/core.elf$'
}

@test "an appliance: its crash ends it, and it starts again" {
    guest box tiny
    as_guided guide.md 'pcs resource create box'
    comes_up
    pid=$(oracle pids box)
    console panic
    wait_for 30 "its end" eval '! oracle pids box | grep -qx "$pid"'
    comes_up
    NODE=n1 guardedvm list | not grep frozen
}

@test "Windows' policy is accepted" {
    guest win tiny
    as_guided guide.md 'pcs resource create win'
    comes_up
    [ "$(parameter panic_grace) $(parameter dump_format)" = "10min win-dmp" ]
}

@test "from VirtualDomain: the other agent takes the running guest over" {
    guest web tiny
    n1 pcs resource create web ocf:heartbeat:VirtualDomain "config=$CONFIG" hypervisor=qemu:///system \
        op monitor interval=10s timeout=30s
    comes_up
    pid=$(oracle pids web)
    as_guided guide.md 'type="GuardedVM"'
    wait_for 60 "the guest in the new agent's list" eval 'guardedvm list | grep -q "web .*running"'
    n1 crm_resource --wait
    [ "$(node_of) $(oracle pids web)" = "$NODE $pid" ]
    n1 crm_mon -1r | grep -q 'ocf:virt:GuardedVM.*Started'
    n1 crm_mon -1r | not grep -q 'Failed Resource Actions'
    # It was started with libvirt's default for on_crash, which would end it.
    from=$NODE
    console panic
    lab wait-resource web "$([ "$from" = n1 ] && echo n2 || echo n1)" started 60
    [ "$(NODE=$from oracle pids web)" = "$pid" ]
    NODE=$from guardedvm list | grep -q 'web .*frozen'
}

@test "a guest that may be moved while it runs" {
    guest mobile tiny
    as_guided guide.md 'pcs resource create mobile'
    comes_up
    [ "$(parameter migration_transport)" = ssh ]
    from=$NODE
    # No ssh leads from node to node here.
    n1 pcs resource update mobile migration_transport=tcp migrate_options=--unsafe
    pid=$(oracle pids mobile)
    n1 pcs node standby "$from"
    lab wait-resource mobile "$([ "$from" = n1 ] && echo n2 || echo n1)" started 60
    n1 grep -h 'Result of migrate_from.*mobile.*ok' /var/log/pacemaker/pacemaker.log ||
        on n2 grep -h 'Result of migrate_from.*mobile.*ok' /var/log/pacemaker/pacemaker.log
    n1 pcs node unstandby "$from"
}
