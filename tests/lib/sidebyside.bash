# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One scenario under both agents, a fresh guest each: functions that are given a guest's name and
# call the agent by act_as and agent_as.

agent_as() { agent "$@" --as "$AGENT"; }
act_as() { act "$@" --as "$AGENT"; }

# both_pass SCENARIO: what VirtualDomain does right, ours does, too.
both_pass() {
    AGENT=heartbeat/VirtualDomain
    "$1" theirs
    GUEST=theirs guest_end
    AGENT=virt/GuardedVM
    "$1" ours
    GUEST=ours guest_end
}

# only_ours SCENARIO: wrong under VirtualDomain, so that the test is known to see the defect.
only_ours() {
    local said
    AGENT=heartbeat/VirtualDomain
    # Not stopped by the first failure there: what counts is that one is seen.
    said=$("$1" theirs 2>&1) || true
    echo "VirtualDomain: $said"
    grep -q '^FAILED: ' <<<"$said" || fail "VirtualDomain passes: this test sees no defect"
    GUEST=theirs guest_end
    AGENT=virt/GuardedVM
    "$1" ours
    GUEST=ours guest_end
}
