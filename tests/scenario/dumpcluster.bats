#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A dump in a whole cluster: the guest runs on the peer while the memory of the frozen one is
# written, people read why it died, and then the node may run it again. What can go wrong with a
# dump is dump.bats's business.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/guide
load ../lib/watching
load ../lib/incluster
load ../lib/evidence

MESSAGES=/var/log/pacemaker/guardedvm.log # as the guide says

setup_file() {
    scenario_up --nodes 2
    as_guided operating.md 'pcs alert create'
}
teardown_file() { scenario_down; }
teardown() {
    resource_end
    for node in n1 n2; do on "$node" sh -c 'rm -rf /var/lib/guardedvm/* "$1"' - "$MESSAGES" || true; done
}

told() { { on n1 cat "$MESSAGES"; on n2 cat "$MESSAGES"; } 2>/dev/null | cut -c21-; }
proven_on_n1() { on n1 guardedvm verify "$GUEST" >/dev/null 2>&1; }
WORDS='Kernel panic - not syncing: sysrq triggered crash'

@test "panic, on the peer, dumped, why it died is told everywhere, released, and back again" {
    guest web linux --vmcoreinfo
    resource dump_format=elf
    console panic
    lab wait-resource web n2 started 60
    wait_for 60 "the release" attribute_says "host=\"n1\".*released: guest panicked: $WORDS \(dump: complete\)"
    crm_shows "guardedvm-web *: *released: guest panicked: $WORDS"
    guardedvm list | grep -q "$WORDS"
    wait_for 20 "the alert" eval 'told | grep -q "web was released on n1: guest panicked: $WORDS"'
    not grep -q '%' <<<"$(told)"
    n1 makedumpfile --dump-dmesg -f "$(fact dump-file)" /srv/local/dmesg >/dev/null
    n1 grep -q "$WORDS" /srv/local/dmesg
    wait_for 20 "no failure" eval '[ "$(fail_count)" = 0 ]'

    NODE=n2 guest_up
    NODE=n2 console panic
    lab wait-resource web n1 started 60
    NODE=n1 guest_up
}

@test "in maintenance mode a guest whose dump is complete stays frozen, and goes when that is over" {
    guest kept linux
    resource dump_format=elf dump_min_free=100000000 after_dump=keep
    console panic
    lab wait-resource kept n2 started 60
    wait_for 30 "no room for the dump" incident_is kept
    n1 pcs property set maintenance-mode=true
    # As if its policy had been so from the beginning.
    n1 sed -i 's/"after_dump": "keep"/"after_dump": "release"/' /run/guardedvm/kept.json
    guardedvm dump kept || true
    guardedvm dump kept --dir=/var/lib/guardedvm 2>/dev/null || true
    proven_on_n1
    n1 sed -i 's/"dump": null/"dump": "core.elf"/' /run/guardedvm/kept.json
    guest_has_had_time
    proven_on_n1
    n1 pcs property set maintenance-mode=false
    wait_for 60 "the release" not proven_on_n1
}
