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

# The processes of an action's helper that is under way, the oldest first: the action itself, then
# its errand.
action_pids() { # NODE ACTION
    # shellcheck disable=SC2016
    on "$1" sh -c 'for p in /proc/[0-9]*; do
        tr "\0" " " <"$p/cmdline" 2>/dev/null | grep -q "^/usr/sbin/guardedvm ocf $1 " || continue
        echo "${p#/proc/}"; done' - "$2" | sort -n
}

# All of them killed at once, as Pacemaker's executor does when the time is over.
kill_action() { # NODE ACTION
    # Some may have ended meanwhile.
    action_pids "$@" | xargs -r "$SCENARIO_TOP/tests/lab/lab" exec "$1" kill -KILL || true
}

# What drives the migration dies, and migrate_to lives on.
errand_pid() { action_pids n1 migrate_to | sed -n 2p; }
kill_errand() { n1 kill -KILL "$(errand_pid)"; }

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
    on "$1" sh -c '! [ -s "$1" ] || { kill -s KILL -- "-$(cat "$1")" && rm "$1"; }' - \
        "/run/through.$2"
}
hold_through() { # NODE PORT: nothing passes any more, and nobody hears why
    # shellcheck disable=SC2016
    on "$1" sh -c 'kill -s STOP -- "-$(cat "$1")"' - "/run/through.$2"
}

# Of n2's libvirtd n1 hears nothing any more, and it is asked all the same; unmute() ends it.
mute() { n1 iptables -A INPUT -p tcp --sport 16509 -s 10.77.0.2 -j DROP; }
# Every connection from n1 to n2 is cut at once, and none is made.
cut_off() { n1 iptables -A OUTPUT -p tcp -d 10.77.0.2 -j REJECT --reject-with tcp-reset; }
unmute() { n1 iptables -F; }

# A migration that was held back by its speed comes to its end.
hurries() {
    NODE=n1 virsh qemu-monitor-command "$GUEST" \
        '{"execute":"migrate-set-parameters","arguments":{"max-bandwidth":1000000000}}'
}
is_sent_away() { # its QEMU on n1 stands, and has handed it over
    NODE=n1 virsh qemu-monitor-command "$GUEST" '{"execute":"query-status"}' | grep -q postmigrate
}
runs_on() { NODE=$1 virsh domstate "$GUEST" | grep -qx running; }

parameters() {
    NODE=n1 virsh qemu-monitor-command "$GUEST" '{"execute":"query-migrate-parameters"}'
}
downtime_is() { parameters | grep -q "\"downtime-limit\":$1\b"; }
