#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Live migration between two nodes, the actions called as Pacemaker calls them: the guest goes on
# as it was, each parameter has VirtualDomain's meaning, and what must not be moved is not.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/migrating

setup_file() { scenario_up --nodes 2 --no-cluster; }
teardown_file() { scenario_down; }
teardown() { for NODE in n1 n2; do guest_end; done; }

# A guest that writes, on n1, whose migrations go by TCP.
mover() {
    guest "$1" tiny --append 'write=50'
    # /srv/shared is on both nodes, though libvirt cannot see that it is.
    PARAMS+=(migration_transport=tcp migrate_options=--unsafe)
    NODE=n1 act 0 start
    NODE=n1 guest_up
    wait_for 20 "writes" sequence_above 5
    boot=$(boot_of)
}

@test "there and back: it goes on as it was, is known on both nodes, and stops there" {
    mover nomad
    moves n1 n2
    only_on n2
    goes_on
    NODE=n1 act 7 monitor
    NODE=n2 act 0 monitor --interval 10000
    NODE=n2 guardedvm list | grep -q nomad
    moves n2 n1
    only_on n1
    goes_on
    never_rebooted "$boot"
    NODE=n1 act 0 monitor --interval 10000
    NODE=n1 act 0 stop
    only_on ""
    sequence >/dev/null
}
