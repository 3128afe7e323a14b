# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Walks a fault through an action's steps, one round (tests/faults/cycle) a step, and says what
# was hit. Where an action has more steps than ROUNDS, they are sampled evenly, first and last
# included; GVM_FAULT_ALL=1 takes all.

# shellcheck source=../lib/scenario.bash
. "$(dirname "${BASH_SOURCE[0]}")/../lib/scenario.bash"

faults_up() {
    scenario_up --nodes 1 --no-cluster
    # shellcheck disable=SC2046
    gcc -std=c17 -Wall -Wextra -O1 -fPIC -shared -o "$SHARED/shim.so" \
        "$SCENARIO_TOP/tests/faults/shim.c" $(pkg-config --cflags libvirt libvirt-qemu)
}

cycle() { n1 "$SCENARIO_TOP/tests/faults/cycle" "$@"; }

# walk KIND ACTION ROUNDS [TIMEOUT_MS]
walk() {
    local kind=$1 action=$2 rounds=$3 timeout=${4:-20000} steps n done_n=0 i rc bad=0
    guest "${kind%%[!a-z]*}-$action" tiny
    steps=$(cycle "$action" "count:$kind" "$GUEST" "$timeout") || fail "undisturbed: $steps"
    [ "$steps" -gt 0 ] || fail "the shim saw no step"
    [ -z "${GVM_FAULT_ALL:-}" ] || rounds=$steps
    [ "$rounds" -lt "$steps" ] || rounds=$steps
    echo "$action has $steps steps; $rounds of them get $kind"
    for ((i = 0; i < rounds; i++)); do
        n=$((rounds > 1 ? 1 + i * (steps - 1) / (rounds - 1) : 1))
        rc=0
        cycle "$action" "$kind:$n" "$GUEST" "$timeout" || rc=$?
        case $rc in
        0) done_n=$((done_n + 1)) ;;
        2) echo "$kind:$n: ended before" ;;
        *) bad=$((bad + 1)) ;;
        esac
    done
    [ "$bad" = 0 ] || fail "$bad of $rounds rounds went wrong"
    [ "$done_n" -gt 0 ] || fail "no round was disturbed"
}
