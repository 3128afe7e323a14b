#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
load ../lib/scenario
setup_file() {
    scenario_up --nodes 2 --no-cluster
}
teardown_file() { scenario_down; }

@test "hello" {
    for node in n1 n2; do
        on $node sh -c 'echo "lock_manager = \"lockd\"" >>/etc/libvirt/qemu.conf; virtlockd -d'
        lab libvirtd $node restart
    done
}
