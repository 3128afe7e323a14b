#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the agent stands on fails: libvirtd dead, stopped in mid-word or restarting, QEMU deaf,
# the config gone or garbled, storage that never answers. Every action ends inside its own time
# (the executor's stand-in kills it otherwise) with an answer that /proc agrees with.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/storage

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() {
    storage_resume 2>/dev/null || true
    guest_end
    lab libvirtd n1 resume 2>/dev/null || true
    lab libvirtd n1 start
    storage_end
}

started() {
    guest "$1" tiny
    act 0 start
    guest_up
}

crashed() {
    started "$1"
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
}

# What the last answer means must be so. Nothing is claimed by 1 or 190 but that it is alive.
truthful() { # ACTION
    [ "$RC" != 137 ] || fail "$1 had to be killed: $OUT"
    case "$1 $RC" in
    "stop 0" | "monitor 7") is_dead || harmless ;;
    "start 0" | "monitor 0" | "monitor 190") alive ;;
    "stop 1" | "monitor 1" | "start 1") [ -n "$REASON" ] || fail "no reason: $OUT" ;;
    *) fail "$1 returned $RC: $OUT" ;;
    esac
}

@test "libvirtd killed: monitor is degraded, a probe finds the guest, stop ends it" {
    started dead
    lab libvirtd n1 kill
    act 190 monitor --interval 10000 --timeout 6000
    reason 'libvirt'
    act 0 monitor --timeout 6000
    act 0 stop --timeout 6000
    dead
    act 0 stop --timeout 6000
}

@test "libvirtd stopped in mid-word: the same, inside each action's time" {
    started stuck
    lab libvirtd n1 pause
    act 190 monitor --interval 10000 --timeout 6000
    act 0 monitor --timeout 6000
    act 0 stop --timeout 6000
    dead
}

@test "libvirtd killed, then start: an error, and nothing half started" {
    guest early tiny
    lab libvirtd n1 kill
    agent start --timeout 8000
    truthful start
    [ "$RC" != 0 ]
    [ "$(oracle count)" = 0 ]
    lab libvirtd n1 start
    act 0 start
    act 0 stop
}

@test "libvirtd stopped in mid-word, then start: an error in time, then a right start" {
    guest slow tiny
    lab libvirtd n1 pause
    agent start --timeout 8000
    truthful start
    [ "$RC" != 0 ]
    lab libvirtd n1 resume
    act 0 start
    [ "$(oracle count)" = 1 ]
    act 0 stop
}

@test "libvirtd comes back while the start waits for it" {
    guest patient tiny
    lab libvirtd n1 kill
    # Held open by nobody: bats waits for its descriptor 3 otherwise.
    (agent start --timeout 30000; echo "$RC $OUT" >"$BATS_TEST_TMPDIR/start") 3>&- &
    local job=$!
    lab libvirtd n1 start
    wait "$job"
    RC=$(cut -d' ' -f1 "$BATS_TEST_TMPDIR/start") OUT=$(<"$BATS_TEST_TMPDIR/start") REASON=$OUT
    truthful start
    act 0 start
    [ "$(oracle count)" = 1 ]
    act 0 stop
}

@test "a crashed guest, libvirtd killed: stop proves a death or a freeze" {
    crashed orphaned
    lab libvirtd n1 kill
    agent monitor --interval 10000 --timeout 6000
    truthful monitor
    [ "$RC" != 0 ]
    act 0 stop --timeout 8000
    truthful stop
    lab libvirtd n1 start
    act 7 monitor
}

@test "a crashed guest, libvirtd stopped in mid-word: the same" {
    crashed muffled
    lab libvirtd n1 pause
    agent monitor --interval 10000 --timeout 6000
    truthful monitor
    act 0 stop --timeout 8000
    truthful stop
    lab libvirtd n1 resume
    act 7 monitor
}

@test "libvirtd killed and started again during each action" {
    local action
    started shaken
    for action in monitor stop start monitor stop; do
        (agent "$action" --timeout 30000
            printf '%s\n%s\n' "$RC" "$OUT" >"$BATS_TEST_TMPDIR/$action") 3>&- &
        local job=$!
        lab libvirtd n1 kill
        lab libvirtd n1 start
        wait "$job"
        RC=$(head -n 1 "$BATS_TEST_TMPDIR/$action") OUT=$(<"$BATS_TEST_TMPDIR/$action")
        REASON=$OUT
        truthful "$action"
        [ "$(oracle count)" -le 1 ]
    done
    act 0 stop
    dead
}

@test "a frozen guest stays stopped while libvirtd is down or deaf" {
    crashed iced
    act 0 stop
    frozen
    lab libvirtd n1 kill
    act 7 monitor --timeout 6000
    act 0 stop --timeout 6000
    lab libvirtd n1 start
    lab libvirtd n1 pause
    act 7 monitor --timeout 6000
    lab libvirtd n1 resume
    act 7 monitor
}

@test "the config vanishes while the guest runs: it is running, and stop stops it" {
    started vanished
    mv "$SHARED/$GUEST.xml" "$SHARED/$GUEST.away"
    act 0 monitor
    act 0 monitor --interval 10000
    act 0 stop
    dead
    act 0 stop
}

@test "the config is garbled while the guest runs: the same" {
    started garbled
    echo 'not XML at all' >"$SHARED/$GUEST.xml"
    act 0 monitor
    act 0 monitor --interval 10000
    act 0 stop
    dead
}

@test "the config now names another guest: ours is still found by its record" {
    started renamed
    sed -i "s|<name>.*</name>|<name>somebody-else</name>|; /<uuid>/d" "$SHARED/$GUEST.xml"
    act 0 monitor
    act 0 monitor --interval 10000
    agent start
    [ "$RC" = 1 ] || fail "start of another guest under a running one returned $RC: $OUT"
    reason 'somebody-else.*renamed'
    act 0 stop
    dead
    act 7 monitor
}

@test "neither config nor record, and a QEMU that nobody accounts for: doubt, not stopped" {
    started forgotten
    n1 find /run/guardedvm -type f -delete
    mv "$SHARED/$GUEST.xml" "$SHARED/$GUEST.away"
    agent monitor
    [ "$RC" != 7 ] && [ "$RC" != 5 ] || fail "the running guest is said to be stopped"
    agent stop
    [ "$RC" != 0 ] || dead
}

@test "neither config nor any QEMU: stop succeeds, so that the node is not fenced" {
    guest never tiny
    rm "$SHARED/$GUEST.xml"
    agent monitor
    [ "$RC" = 7 ] || [ "$RC" = 5 ] || fail "probe returned $RC: $OUT"
    act 0 stop
}

@test "the record is lost while the guest runs: found again by its config" {
    started lost
    n1 find /run/guardedvm -type f -delete
    act 0 monitor
    act 0 monitor --interval 10000
    act 0 stop
    dead
}

@test "the record is damaged: doubt, never stopped, and stop is true" {
    started damaged
    n1 sh -c 'for f in /run/guardedvm/*.json; do head -c 40 "$f" >"$f.cut"; cat "$f.cut" >"$f"
        rm "$f.cut"; done'
    agent monitor
    [ "$RC" != 7 ]
    agent stop
    truthful stop
}

@test "QEMU stopped by a signal: monitor answers in time, stop ends it" {
    started frosted
    n1 kill -STOP "$(oracle pids "$GUEST")"
    agent monitor --interval 10000 --timeout 6000
    truthful monitor
    agent monitor --timeout 6000
    truthful monitor
    act 0 stop --timeout 6000
    dead
}

@test "QEMU crashed and then stopped by a signal: no freeze is possible, so it ends" {
    crashed solid
    n1 kill -STOP "$(oracle pids "$GUEST")"
    agent monitor --interval 10000 --timeout 6000
    truthful monitor
    act 0 stop --timeout 6000
    dead
    n1 true
    act 7 monitor
}

@test "a disk that hangs under a running guest: monitor in time, stop never lies" {
    storage
    guest hung tiny --disk "virtio:raw:$STORAGE_DISK"
    act 0 start
    guest_up
    pid=$(oracle pids "$GUEST")
    storage_hang
    console write
    wait_for 20 "QEMU to hang in the kernel" is_stuck "$pid"
    agent monitor --interval 10000 --timeout 6000
    [ "$RC" != 7 ] && [ "$RC" != 137 ] || fail "monitor returned $RC: $OUT"
    agent monitor --timeout 6000
    [ "$RC" != 7 ] && [ "$RC" != 137 ] || fail "probe returned $RC: $OUT"
    act 1 stop --timeout 6000
    one_reason
    n1 test -d "/proc/$pid"
    storage_resume
    act 0 stop --timeout 30000
    dead
}

@test "a disk that hangs under a crashed guest: no freeze, no death, so an error" {
    storage
    guest lame tiny --disk "virtio:raw:$STORAGE_DISK"
    act 0 start
    guest_up
    pid=$(oracle pids "$GUEST")
    storage_hang
    console write
    wait_for 20 "QEMU to hang in the kernel" is_stuck "$pid"
    console panic || true
    act 1 stop --timeout 6000
    one_reason
    storage_resume
    act 0 stop --timeout 30000
    is_dead || harmless
}

@test "a config on storage that hangs: in time, and never stopped" {
    started far
    storage
    n1 sh -c "cat $CONFIG >/srv/local/hang/config && truncate -s 8M /srv/local/hang/config &&
        dd if=/srv/local/hang/config of=$STORAGE_DISK bs=1M conv=notrunc status=none && sync -f $STORAGE_DISK
        echo 3 >/proc/sys/vm/drop_caches" || true
    storage_hang
    PARAMS=("config=$STORAGE_DISK")
    agent monitor --interval 10000 --timeout 6000
    [ "$RC" != 7 ] && [ "$RC" != 137 ] || fail "monitor returned $RC: $OUT"
    agent stop --timeout 6000
    truthful stop
    storage_resume
}
