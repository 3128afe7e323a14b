#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# resource-agents' and the cluster shells' own tools: the cases of heartbeat/ocft by ocft, on a real
# guest, and what people are shown of the meta-data.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() { guest_end; }

CONFIGS=/usr/share/resource-agents/ocft/configs

# ocft_passes FOLDER: every case of FOLDER's GuardedVM.
ocft_passes() {
    local cases passed
    n1 ocft make -d "$1" GuardedVM >/dev/null
    cases=$(n1 grep -c '^CASE "' "$1/GuardedVM")
    OUT=$(n1 env "OCFT_config=$CONFIG" ocft test GuardedVM 2>&1) || { echo "$OUT"; return 1; }
    echo "$OUT"
    # ocft is silent about cases that it did not run.
    passed=$(grep -c "^GuardedVM: .* - .*OK" <<<"$OUT")
    [ "$passed" -gt 0 ] && [ "$passed" = "$cases" ] || fail "$passed of $cases passed"
    not grep -E 'FAILED|ERROR|WARNING' <<<"$OUT"
}

@test "every case passes" {
    guest cases tiny
    ocft_passes "$CONFIGS"
    dead
}

# What it takes to see a failure: a guest that runs where the case wants it stopped.
@test "a case that does not hold is seen" {
    guest cases tiny
    n1 sh -c 'mkdir -p /tmp/broken && sed "/^CASE \"/,\$d" "$1/GuardedVM" >/tmp/broken/GuardedVM &&
        printf "CASE \"%s\"\n\tInclude prepare\n\tAgentRun monitor OCF_%s\n" \
            holds NOT_RUNNING fails SUCCESS >>/tmp/broken/GuardedVM' - "$CONFIGS"
    not ocft_passes /tmp/broken
    [ "$(grep -c 'OK' <<<"$(n1 env "OCFT_config=$CONFIG" ocft test GuardedVM 2>&1)")" = 1 ]
}

@test "pcs and crm show every parameter and every action" {
    local meta name described shown
    meta=$(n1 guardedvm ocf meta-data)
    n1 mkdir -p /var/log/crmsh
    described=$(n1 pcs resource describe ocf:virt:GuardedVM --full)
    shown=$(n1 crm ra info ocf:virt:GuardedVM)
    for name in $(sed -n 's/.*<parameter name="\([^"]*\)".*/\1/p' <<<"$meta"); do
        grep -Eq "^ +$name( |:)" <<<"$described" || fail "pcs does not show $name: $described"
        grep -Eq "^$name\*? " <<<"$shown" || fail "crm does not show $name: $shown"
    done
    grep -q 'config (required)' <<<"$described"
    for name in start stop monitor; do
        grep -Eq "^ +$name:" <<<"$described" || fail "pcs does not show $name"
        grep -Eq "^ +$name " <<<"$shown" || fail "crm does not show $name"
    done
}
