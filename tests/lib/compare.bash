# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One scenario under ocf:heartbeat:VirtualDomain and under ours, with a fresh guest each. Needs
# scenario.bash. A scenario is a function of the guest's name that calls act_as.

# both SCENARIO: wrong under the one, right under the other.
both() {
    AGENT=heartbeat/VirtualDomain
    # Not stopped by the first failure there: what counts is that one is seen.
    said=$("$1" theirs 2>&1) || true
    echo "VirtualDomain: $said"
    grep -q '^FAILED: ' <<<"$said" || fail "VirtualDomain passes: this test sees no defect"
    guest_cleanup theirs
    AGENT=virt/GuardedVM
    "$1" ours
    guest_cleanup ours
}

# alike SCENARIO: right under both.
alike() {
    AGENT=heartbeat/VirtualDomain
    "$1" theirs
    guest_cleanup theirs
    AGENT=virt/GuardedVM
    "$1" ours
    guest_cleanup ours
}

guest_cleanup() {
    GUEST=$1 guest_end
    lab libvirtd n1 start
}

act_as() { act "$@" --as "$AGENT"; }
agent_as() { agent "$@" --as "$AGENT"; }
