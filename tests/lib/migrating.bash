# shellcheck shell=bash disable=SC2034,SC2154
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

# A migration in the background, for what happens to it meanwhile. Ends with finished().
MOVING=/dev/null
begins() { # FROM TO [agent's options]
    MOVING=$BATS_TEST_TMPDIR/moving
    rm -f "$MOVING"
    {
        move_to "$@"
        printf '%s\n%s\n' "$RC" "$OUT" >"$MOVING.part"
        mv "$MOVING.part" "$MOVING"
    } 3>&- &
    wait_for 20 "the guest to be under way" comes_in "$2" ||
        fail "$(cat "$MOVING" 2>/dev/null)"
}
comes_in() { NODE=$1 virsh domstate --reason "$GUEST" | grep -qx 'paused (migrating)'; }

# finished SECONDS: RC, OUT and REASON are then those of the migration that begins() began.
finished() {
    wait_for "$1" "the end of migrate_to" test -s "$MOVING" || return 1
    RC=$(head -n 1 "$MOVING")
    OUT=$(tail -n +2 "$MOVING")
    REASON=$(sed -n 's/^ocf-exit-reason://p' <<<"$OUT" | tail -n 1)
}

# Nobody but the source has it, and it works there: whatever was tried.
stayed_on() {
    wait_for 20 "the other copy to be gone" is_only_on "$1"
    goes_on
    never_rebooted "$boot"
}

# The helper of an action that is under way, with all its processes: killed at once, as Pacemaker's
# executor does when the time is over.
kill_action() { # NODE ACTION
    # shellcheck disable=SC2016
    on "$1" sh -c 'for p in /proc/[0-9]*; do
        tr "\0" " " <"$p/cmdline" 2>/dev/null | grep -q "^/usr/sbin/guardedvm ocf $1 " || continue
        kill -KILL "${p#/proc/}"; done' - "$2"
}

# through NODE PORT TO_NODE TO_PORT: a connection that passes here, and can be cut. A session of its
# own, whose leader's PID is noted: all of its connections end with it.
through() {
    # shellcheck disable=SC2016
    on "$1" sh -c 'setsid socat "TCP-LISTEN:$1,fork,reuseaddr" "$2" </dev/null >/dev/null 2>&1 &
        echo $! >"/run/through.$1"' - "$2" "TCP:$3:$4"
    wait_for 5 "the way through $1" on "$1" sh -c "ss -Hltn 'sport = :$2' | grep -q ."
}
cut_through() { # NODE PORT; nothing where there is none
    # shellcheck disable=SC2016
    on "$1" sh -c '! [ -s "$1" ] || { kill -KILL -- "-$(cat "$1")"; rm "$1"; }' - "/run/through.$2"
}
