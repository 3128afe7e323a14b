#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A stop that saves the guest's memory, a start that goes on from it, and what must never come of it:
# memory restored twice, or over disks that are newer. Where VirtualDomain has the parameter the same
# scenario runs under it. One node, no cluster.
#
# Whether a guest went on or began anew is told by its disk: each boot writes its own id.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/storage

setup_file() {
    scenario_up --nodes 1 --no-cluster
    # As an administrator would: the folder and those above it are root's alone.
    chmod 0755 "$SHARED"
    install -d -m 0700 "$SHARED/saved"
}
teardown_file() { scenario_down; }
teardown() {
    guest_end
    lab libvirtd n1 start
    small_end
    rm -rf "$SHARED"/saved/*
}

# saves NAME [guest's options]: a guest that writes, with snapshot set.
saves() {
    guest "$1" tiny --append write "${@:2}"
    PARAMS+=(snapshot=/srv/shared/saved)
    STATE=$SHARED/saved/$GUEST.state
}

act_as() { act "$@" --as "$AGENT"; }
# under AGENT SCENARIO: with a guest of its own, which SCENARIO gets the name of. Never in a
# condition: its first failure is to end it.
under() {
    AGENT=$1
    "$2" "${1##*/}"
    GUEST=${1##*/} guest_end
    rm -rf "$SHARED"/saved/*
}
ours() { under virt/GuardedVM "$1"; }
theirs() { under heartbeat/VirtualDomain "$1"; }
theirs_goes_wrong() {
    said=$(theirs "$1" 2>&1) || true
    echo "VirtualDomain: $said"
    grep -q '^FAILED: ' <<<"$said" || fail "VirtualDomain passes: this test sees no defect"
    GUEST=VirtualDomain guest_end
    rm -rf "$SHARED"/saved/*
}

# aloud ACTION...: the same with the log in OUT, as for somebody at a terminal.
aloud() {
    OUT=$(n1 script -qec "$(printf '%q ' "$SCENARIO_TOP/tests/lib/agent" "$1" --name "$GUEST" \
        "${PARAMS[@]}" "${@:2}")" /dev/null 2>&1) || fail "$1: $OUT"
}
logged() { grep -Eq -- "$1" <<<"$OUT" || fail "no '$1' in $OUT"; }

boot() { sequence | sed -n 's/^boot=//p'; }
last() { sequence | sed -n 's/^last=//p'; }
one_writer() { sequence >/dev/null || fail "$(sequence)"; }
# starts: it runs and writes; BOOT is its boot and LAST how far it is.
starts() {
    act_as 0 start "$@"
    guest_up
    local from
    from=$(last || true)
    wait_for 10 "numbers on the disk" sequence_above $((${from:-0} + 5))
    BOOT=$(boot)
}
stops() {
    act_as 0 stop "$@"
    dead
    LAST=$(last)
}
goes_on() { [ "$(boot)" = "$1" ] || fail "it was booted"; }
begins_anew() { [ "$(boot)" != "$1" ] || fail "it goes on from its old memory"; }
saved() { [ -f "$STATE" ] || fail "nothing is saved"; }
not_saved() {
    [ ! -e "$STATE" ] || fail "something is saved"
    [ ! -e "$STATE.partial" ] || fail "something half saved is there"
}
# How QEMU ended, by libvirt's log of it.
ended_by() {
    on n1 tail -n 3 "/var/log/libvirt/qemu/$GUEST.log" | grep -q "reason=$1" ||
        fail "not $1: $(on n1 tail -n 1 "/var/log/libvirt/qemu/$GUEST.log")"
}

@test "snapshot: a stop saves and the next start goes on, once, under both agents" {
    goes_on_once() {
        saves "$1"
        starts
        before=$BOOT
        stops
        saved
        starts
        goes_on "$before"
        [ ! -e "$STATE" ] || fail "its memory could be restored again"
        one_writer
        act_as 0 monitor
        # Ended without a save: nothing to go on from.
        virsh destroy "$GUEST"
        starts
        begins_anew "$before"
        one_writer
    }
    theirs goes_on_once
    ours goes_on_once
}

@test "what VirtualDomain saved, GuardedVM restores, and a crash of it is frozen" {
    n1 qemu-img create -q -f qcow2 /srv/shared/handover.qcow2 8M
    chmod 0666 "$SHARED/handover.qcow2"
    saves handover --disk virtio:qcow2:/srv/shared/handover.qcow2
    AGENT=heartbeat/VirtualDomain
    starts
    before=$BOOT
    stops
    saved
    AGENT=virt/GuardedVM
    aloud start sync_time=1 save_bypass_cache=1
    # It has no agent.
    logged "clock of guest 'handover' is not set"
    wait_for 10 "more numbers" sequence_above $((LAST + 5))
    goes_on "$before"
    one_writer
    virsh dumpxml "$GUEST" | grep -q '<on_crash>preserve'
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    act_as 0 stop
    frozen
    not_saved
}

@test "saved memory that is older than the disks is never restored" {
    older() {
        saves "$1"
        starts
        before=$BOOT
        stops
        saved
        # As on another node whose resource knows no snapshot.
        starts snapshot=
        mid=$BOOT
        begins_anew "$before"
        stops snapshot=
        starts
        begins_anew "$before"
        begins_anew "$mid"
        one_writer
    }
    theirs_goes_wrong older
    ours older
}

@test "that is said in crm_mon, and the old memory is kept aside" {
    AGENT=virt/GuardedVM
    saves aside
    starts
    stops
    mine=$(oracle bytes "/srv/shared/saved/$GUEST.state")
    touch "$SHARED/$GUEST.img"
    act_as 0 start
    one_reason
    reason "'aside' was started anew.*older than its disks.*aside.state.stale"
    [ "$mine" = "$(oracle bytes "/srv/shared/saved/$GUEST.state.stale")" ]
    not_saved
    # And of a guest that runs: whoever put it there.
    cp -a "$STATE.stale" "$STATE"
    act_as 0 stop stop_sequence=destroy
    not_saved
}

@test "started by somebody beside its saved memory: that is set aside by the first look" {
    AGENT=virt/GuardedVM
    saves beside
    starts
    stops
    saved
    virsh create "$CONFIG"
    act_as 0 monitor
    not_saved
    [ -f "$STATE.stale" ]
}

@test "a stop that died when libvirt had saved: what is complete and fits the disks counts, else not" {
    AGENT=virt/GuardedVM
    saves settled
    starts
    before=$BOOT
    stops
    mv "$STATE" "$STATE.partial"
    starts
    goes_on "$before"
    not_saved
    stops
    mv "$STATE" "$STATE.partial"
    touch "$SHARED/$GUEST.img"
    starts
    begins_anew "$before"
    not_saved
    [ -f "$STATE.stale" ]
    before=$BOOT
    stops
    # libvirt's own mark of a file that it has not completed.
    printf LibvirtQemudPart | dd of="$STATE" conv=notrunc status=none
    mv "$STATE" "$STATE.partial"
    starts
    begins_anew "$before"
    not_saved
    one_writer
}

@test "garbled, another guest's, planted, unreachable: refused with the file's name, nothing deleted" {
    AGENT=virt/GuardedVM
    saves refused
    refuses() {
        agent start
        [ "$RC" = "$1" ] || fail "start returned $RC, not $1: $OUT"
        one_reason
        reason "$2"
        [ "$(oracle count)" = 0 ]
    }
    echo garbled >"$STATE"
    chmod 0600 "$STATE"
    refuses 1 "saved memory '/srv/shared/saved/refused.state' cannot be restored.*move that file away"
    [ "$(cat "$STATE")" = garbled ]
    rm "$STATE"
    starts
    stops
    chmod 0620 "$STATE"
    refuses 1 "refused.state' is not a file that only root"
    mv "$STATE" "$SHARED/saved/elsewhere"
    ln -s elsewhere "$STATE"
    refuses 1 "refused.state' is not a file that only root"
    rm "$STATE"
    chmod 0600 "$SHARED/saved/elsewhere"
    mv "$SHARED/saved/elsewhere" "$STATE"
    sed -i 's|<uuid>.*</uuid>|<uuid>11111111-2222-3333-4444-555555555555</uuid>|' "$SHARED/$GUEST.xml"
    refuses 1 "refused.state' cannot be restored.*UUID.*not of 'refused' .11111111"
    saved
    mv "$SHARED/saved" "$SHARED/away"
    refuses 5 "snapshot.*/srv/shared/saved"
    mkdir -m 0777 "$SHARED/saved"
    chmod 0777 "$SHARED/saved"
    refuses 5 "snapshot.*/srv/shared/saved.*chmod go-w"
    act 5 validate-all --level 10
    reason "chmod go-w"
    rmdir "$SHARED/saved"
    mv "$SHARED/away" "$SHARED/saved"
}

@test "a folder without room: the guest is shut down instead, and nothing half stays" {
    AGENT=virt/GuardedVM
    saves full
    small_disk
    n1 chmod 0755 "$SMALL" "${SMALL%/*}"
    PARAMS=("config=$CONFIG" "snapshot=$SMALL")
    small_fill
    starts
    aloud stop
    dead
    logged "save: .*(libvirt says|No space)"
    ended_by shutdown
    [ -z "$(n1 find "$SMALL" -name '*.state*')" ]
}

# slowed NAME: a guest whose save takes a moment: libvirt's writer is stopped as soon as it is there.
slowed() {
    saves "$1" --memory 512
    starts
    before=$BOOT
    n1 timeout 30 sh -c 'until pid=$(pgrep -x libvirt_iohelpe); do :; done
        kill -STOP $pid; echo $pid >/tmp/writer' &
    slower=$!
    n1 script -qec "$(printf '%q ' "$SCENARIO_TOP/tests/lib/agent" stop --name "$GUEST" \
        --timeout 30000 "${PARAMS[@]}")" /dev/null >"$BATS_TEST_TMPDIR/said" 2>&1 &
    stopping=$!
    wait "$slower"
}
go_on_writing() { n1 sh -c 'kill -CONT $(cat /tmp/writer)' || true; }

@test "libvirtd dies in the midst of a save: the guest is shut down, and nothing half is restored" {
    AGENT=virt/GuardedVM
    slowed midst
    lab libvirtd n1 kill
    go_on_writing
    lab libvirtd n1 start
    wait "$stopping" || fail "stop: $(cat "$BATS_TEST_TMPDIR/said")"
    dead
    ended_by shutdown
    not_saved
    starts
    begins_anew "$before"
    one_writer
}

@test "the helper is killed in the midst of a save: a stop after it saves, or ends the guest" {
    AGENT=virt/GuardedVM
    slowed killed
    # Its process group: the helper and all its stages.
    group=$(n1 ps -eo pgid=,args= | awk '$2 == "/usr/sbin/guardedvm" && $4 == "stop" { print $1; exit }')
    n1 kill -KILL -- "-$group"
    wait "$stopping" || true
    go_on_writing
    act_as 0 stop
    dead
    [ ! -e "$STATE.partial" ] || fail "half a file stays"
    starts
    one_writer
}

@test "save needs snapshot; force_stop and snapshot exclude each other, for both agents" {
    AGENT=virt/GuardedVM
    saves excluded
    for action in start validate-all; do
        act 6 "$action" snapshot= stop_sequence='save destroy'
        reason 'save.*needs the parameter snapshot'
        act 6 "$action" force_stop=1
        reason 'snapshot and force_stop'
        act 6 "$action" force_stop=1 --as heartbeat/VirtualDomain
    done
    # A stop does not fail for that.
    starts
    stops force_stop=1
    starts
    stops snapshot= stop_sequence='save destroy'
    ended_by destroyed
    not_saved
}

@test "force_stop: a guest that does not hear is ended at once, under both agents" {
    forced() {
        guest "$1" tiny
        act_as 0 start
        guest_up
        console ignore-acpi
        local began=$SECONDS
        act_as 0 stop force_stop=1 --timeout 60000
        dead
        # VirtualDomain would ask it for 55 s.
        [ $((SECONDS - began)) -lt 25 ] || fail "it was asked"
    }
    theirs forced
    ours forced
}

@test "shutdown_mode: obeyed; under VirtualDomain it has no effect" {
    agent_only() {
        guest "$1" tiny
        act_as 0 start
        guest_up
        act_as 0 stop --timeout 10000 shutdown_mode=agent
        dead
        # It has no agent, so it was not asked, and its end was not its own.
        ended_by destroyed
    }
    theirs_goes_wrong agent_only
    ours agent_only
    AGENT=virt/GuardedVM
    guest modes tiny
    for mode in acpi agent,acpi; do
        act_as 0 start
        guest_up
        act_as 0 stop "shutdown_mode=$mode"
        dead
        ended_by shutdown
    done
}

# How far the guest's clock is behind the node's, in seconds; asked until the asking took no time.
behind() {
    local before inside
    for _ in 1 2 3 4 5 6 7 8; do
        before=$(n1 date +%s)
        inside=$(console 'date +%s' | head -n 1)
        [ $(($(n1 date +%s) - before)) -gt 1 ] || break
    done
    echo $((before - inside))
}

@test "sync_time: the clock of a restored guest is set by its agent" {
    guest clock linux --agent --append write
    PARAMS+=(snapshot=/srv/shared/saved)
    act 0 start --timeout 60000
    guest_up
    console agent
    before=$(behind)
    lag=()
    for sync in 0 1; do
        act 0 stop --timeout 60000
        for _ in 1 2 3 4; do guest_has_had_time; done
        act 0 start --timeout 60000 "sync_time=$sync"
        guest_up
        lag[sync]=$(($(behind) - before))
    done
    # Each look may be a second or two off.
    [ "${lag[0]}" -ge 4 ] || fail "a guest that was away is only ${lag[0]} s behind"
    [ "${lag[1]}" -le 2 ] || fail "it is ${lag[1]} s behind"
}
