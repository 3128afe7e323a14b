#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The OCF conformance test of resource-agents, with a real guest: it ends, passes, and has
# nothing to complain about that is ours.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() { guest_end; }

@test "ocf-tester passes without a warning of ours" {
    guest tested tiny
    OUT=$(n1 timeout 300 ocf-tester -v -n tested -o "config=$CONFIG" \
        /usr/lib/ocf/resource.d/virt/GuardedVM 2>&1) || fail "ocf-tester: $OUT"
    echo "$OUT"
    grep -q 'passed all tests' <<<"$OUT"
    # "* Your agent does not support ... (optional)" is what it says of every agent.
    not grep -E '^\* rc=|WARN|[Ww]arning|partially' <<<"$OUT"
    dead
}
