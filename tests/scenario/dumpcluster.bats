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
    [ -z "${FIRST:-}" ] || GUEST=$FIRST resource_end
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
    crm_shows "guardedvm-web[[:space:]]+: released: guest panicked: $WORDS"
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

frozen_for_6_s() { [ "$(date +%s)" -gt $((FROZEN + 6)) ]; }

@test "in maintenance mode a guest whose time is over stays frozen, and goes when that ends" {
    guest kept tiny
    resource frozen_keep=3s
    console panic
    lab wait-resource kept n2 started 60
    n1 pcs property set maintenance-mode=true
    FROZEN=$(date +%s -d "$(fact frozen)")
    wait_for 20 "frozen_keep to be over" frozen_for_6_s
    proven_on_n1
    n1 pcs property set maintenance-mode=false
    wait_for 60 "the release" not proven_on_n1
    incident_is released
}

# The guest is frozen on n1, and that is all that happens to it there.
crashes() { # NAME KIND PARAMETER...
    guest "$1" "$2"
    resource "${@:3}"
    console panic
    lab wait-resource "$1" n2 started 60
    wait_for 30 "the evidence" incident_is kept
}

@test "more frozen guests than frozen_max: the oldest goes" {
    crashes first tiny frozen_max=1
    FIRST=first
    proven_on_n1
    crashes second tiny frozen_max=1
    wait_for 30 "the first to go" eval '! oracle pids first'
    proven_on_n1
}

@test "a start without memory for it: a frozen guest whose dump is complete makes room" {
    crashes roomy tiny dump_format=elf after_dump=keep
    FIRST=roomy
    guest huge tiny
    # More than any machine has. libvirt may refuse it; what matters is who had to go.
    n1 sed -i 's|<memory[^<]*</memory>|<memory unit="TiB">64</memory>|; s|<currentMemory.*||' "$CONFIG"
    agent start
    not oracle pids roomy
}

@test "gdb is at a frozen guest whose time is over: it stays until that ends" {
    guest looked tiny
    resource frozen_keep=10s
    console panic
    lab wait-resource looked n2 started 60
    n1 setsid guardedvm debug looked >/dev/null 2>&1 3>&- & disown
    wait_for 20 "the session" n1 sh -c 'ls /run/guardedvm/.gdb-*.socket'
    FROZEN=$(($(date +%s -d "$(fact frozen)") + 6))
    wait_for 30 "frozen_keep to be over" frozen_for_6_s
    proven_on_n1
    guardedvm debug looked --stop
    wait_for 60 "the release" incident_is released
}
