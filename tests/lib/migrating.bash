# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What scenarios of migrations need beside scenario.bash: the two actions called as Pacemaker calls
# them, and where a guest is, seen from outside.

# move_to FROM TO [agent's options]: RC, OUT and REASON are migrate_to's.
move_to() {
    NODE=$1 agent migrate_to --env "OCF_RESKEY_CRM_meta_migrate_source=$1" \
        --env "OCF_RESKEY_CRM_meta_migrate_target=$2" "${@:3}"
}

# come_from TO FROM [agent's options]: the same of migrate_from.
come_from() {
    NODE=$1 agent migrate_from --env "OCF_RESKEY_CRM_meta_migrate_source=$2" \
        --env "OCF_RESKEY_CRM_meta_migrate_target=$1" "${@:3}"
}

# moves FROM TO [agent's options]: both, and each must end well.
moves() {
    move_to "$@"
    [ "$RC" = 0 ] || fail "migrate_to returned $RC: $OUT"
    come_from "$2" "$1" "${@:3}"
    [ "$RC" = 0 ] || fail "migrate_from returned $RC: $OUT"
}

# On which nodes it has a QEMU, as one line.
nodes_with() {
    local node
    for node in n1 n2; do
        ! NODE=$node oracle pids "$GUEST" >/dev/null || echo "$node"
    done | xargs
}
is_only_on() { [ "$(nodes_with)" = "$1" ]; }
only_on() { is_only_on "$1" || fail "$GUEST has a QEMU on '$(nodes_with)', not on '$1'"; }

# It works there: what it writes reaches the disk.
goes_on() {
    local last
    last=$(sequence | sed -n 's/^last=//p')
    wait_for 20 "its writes to go on" sequence_above "$last"
}

# One boot wrote all there is, without a gap, and one writer at a time.
never_rebooted() {
    sequence >/dev/null || fail "its numbers: $(sequence)"
    [ "$(sequence | sed -n 's/^boot=//p')" = "$1" ] || fail "it has booted again"
}
boot_of() { sequence | sed -n 's/^boot=//p'; }

# How long its processors have run on a node so far, ns; nothing where it has none there.
processors_ran() {
    # shellcheck disable=SC2016
    on "$1" sh -c 'for t in /proc/$1/task/*; do
        case $(cat "$t/comm") in CPU*) cut -d" " -f1 "$t/schedstat" ;; esac; done' - \
        "$(NODE=$1 oracle pids "$GUEST" || echo 0)" 2>/dev/null | paste -sd+ | bc
}
