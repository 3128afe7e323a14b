#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Holds the test guests to README.md: every command does to a real domain what it says, and the
# outside readers tell a single writer from two. One node of the lab, without a cluster.

# Of a node, not of the product, which is not installed here.
load ../lib/scenario

TOOLS=$BATS_TEST_DIRNAME
DIR=/srv/shared

console() { n1 "$TOOLS/console" t "$@"; }
seqread() { n1 "$TOOLS/seqread" "$@"; }
last() { seqread "$1" | sed -n 's/^last=//p'; }

setup_file() {
    # Two runs at once must not end each other.
    export LAB=${GVM_LAB_PREFIX:-t}-guest-$PPID
    lab up --nodes 1 --no-cluster
    SHARED=$(lab shared)
    export SHARED
    chmod 0755 "$SHARED"
    guests_build
}

teardown_file() { lab down; }

teardown() {
    virsh destroy t 2> /dev/null || true
    n1 find "$DIR" -maxdepth 1 -name 't.*' -delete
}

new_disk() { n1 sh -c "truncate -s 8M '$DIR/$1' && chmod 0666 '$DIR/$1'"; }

# boot KIND [domain's options]: on_crash preserve, so that the crash can be seen.
boot() {
    local kind=$1
    shift
    n1 "$TOOLS/domain" --name t --guest "$kind" --images "$DIR/guest" --serial-log "$DIR/t.log" "$@" |
        sed 's/<devices>/<on_crash>preserve<\/on_crash>&/' > "$SHARED/t.xml"
    virsh create "$DIR/t.xml"
    n1 "$TOOLS/console" --wait t
}

state_is() { [ "$(virsh domstate --reason t)" = "$1" ]; }
gone() { ! virsh domid t; }
above() { [ "$(last "$2")" -gt "$1" ]; }
booted_again() { [ "$(grep -c 'ready' "$SHARED/t.log")" -ge 2 ]; }

# The 32 MiB from 16 MiB on, as QEMU has them now.
region() {
    virsh qemu-monitor-command t --hmp "pmemsave 0x1000000 0x2000000 \"$DIR/t.memory\"" >&2
    cat "$SHARED/t.memory"
}
# What is written to each page is odd.
filled() {
    region | python3 -c 'import sys
pages = sys.stdin.buffer.read()[::4096]
sys.exit(len(pages) != 8192 or not all(byte & 1 for byte in pages))'
}
changes() {
    local before
    before=$(region | sha256sum)
    sleep 0.5
    [ "$(region | sha256sum)" != "$before" ]
}

tiny_disks() { # options for one disk per bus that the tiny guest drives
    local f
    for f in t.v t.s t.si t.i t.a; do new_disk $f; done
    echo --iothreads 2 --disk "virtio:raw:$DIR/t.v:iothread" --disk "scsi:raw:$DIR/t.s" \
        --disk "scsi:raw:$DIR/t.si:iothread=2" --disk "sata:raw:$DIR/t.a" \
        --disk cdrom:raw::empty
}

@test "tiny: writes on every disk of a pc, in order, without gaps" {
    local f
    # shellcheck disable=SC2046
    boot tiny $(tiny_disks) --disk "ide:raw:$DIR/t.i" --append write
    for f in t.v t.s t.si t.i t.a; do
        wait_for 5 "writes on $f" above 50 "$DIR/$f"
        seqread "$DIR/$f" | grep -x 'gaps=0'
        seqread "$DIR/$f" | grep -x 'second_writer=0'
        seqread "$DIR/$f" | grep -x 'kind=tiny'
    done
}

@test "tiny: writes on every disk of a q35" {
    local f
    # shellcheck disable=SC2046
    boot tiny --machine q35 $(tiny_disks) --append write
    for f in t.v t.s t.si t.a; do
        wait_for 5 "writes on $f" above 50 "$DIR/$f"
    done
}

@test "tiny: write and nowrite start and stop the writing" {
    local before
    new_disk t.img
    boot tiny --disk "virtio:raw:$DIR/t.img"
    [ "$(last "$DIR/t.img")" = 0 ]
    console write
    wait_for 5 "writes" above 20 "$DIR/t.img"
    console nowrite
    console ping
    before=$(last "$DIR/t.img")
    sleep 0.5
    [ "$(last "$DIR/t.img")" -le $((before + 1)) ]
}

@test "a qcow2 with a backing file is read while it is written" {
    n1 sh -c "cd $DIR && qemu-img create -q -f qcow2 t.base 8M &&
        qemu-img create -q -f qcow2 -b t.base -F qcow2 t.over && chmod 0666 t.base t.over"
    boot tiny --disk "virtio:qcow2:$DIR/t.over" --append write
    wait_for 10 "writes" above 200 "$DIR/t.over"
    seqread "$DIR/t.over" --format qcow2 | grep -x gaps=0
}

@test "the next boot goes on where the last ended; seqread sees two writers in turn" {
    new_disk t.img
    boot tiny --disk "virtio:raw:$DIR/t.img" --append write
    wait_for 5 "writes" above 20 "$DIR/t.img"
    console reset
    wait_for 5 "a second generation" sh -c "'$TOOLS/seqread' '$SHARED/t.img' | grep -x generation=2"
    run seqread "$DIR/t.img"
    [ "$status" -eq 0 ]
    grep -x writers=2 <<< "$output"
    grep -x gaps=0 <<< "$output"
}

@test "seqread finds a stale second writer, and a gap" {
    local sectors
    new_disk t.img
    boot tiny --disk "virtio:raw:$DIR/t.img" --append write
    wait_for 5 "writes" above 100 "$DIR/t.img"
    virsh destroy t
    sectors=$(last "$DIR/t.img")
    cp "$SHARED/t.img" "$SHARED/t.old"
    virsh create "$DIR/t.xml"
    wait_for 10 "the successor's writes" above $((sectors + 50)) "$DIR/t.img"
    virsh destroy t
    # What a stale guest does: its own next number, in its own name, over the successor's. The
    # oldest record is taken for it, sent to where seq + 2048 would go with a repaired checksum.
    forge "$SHARED/t.img" $((sectors + 10))
    run seqread "$DIR/t.img"
    [ "$status" -eq 1 ]
    grep -x second_writer=1 <<< "$output"
    dd if=/dev/zero of="$SHARED/t.old" bs=512 seek=50 count=1 conv=notrunc status=none
    run seqread "$DIR/t.old"
    [ "$status" -eq 1 ]
    grep -x gaps=1 <<< "$output"
}

# forge IMAGE SEQ: the record of number 1, renumbered to SEQ, checksum and all.
forge() {
    python3 - "$1" "$2" << 'PY'
import struct, sys
path, seq = sys.argv[1], int(sys.argv[2])
with open(path, "r+b") as f:
    f.seek(512)
    sector = bytearray(f.read(512))
    struct.pack_into("<Q", sector, 32, seq)
    total = 2166136261
    for byte in sector[:64]:
        total = ((total ^ byte) * 16777619) & 0xFFFFFFFF
    struct.pack_into("<I", sector, 64, total)
    f.seek(512 * seq)
    f.write(sector)
PY
}

@test "tiny: net sends frames from every card, nonet ends them" {
    boot tiny --nic lab0 --nic lab0:virtio:52:54:00:aa:bb:cc --append net
    run n1 "$TOOLS/netread" lab0 1
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 2 ]
    grep 'mac=52:54:00:aa:bb:cc' <<< "$output"
    console nonet
    run n1 "$TOOLS/netread" lab0 0.5
    [ "$status" -eq 1 ]
}

@test "tiny: fill takes memory and goes on changing it, and 0 ends it" {
    boot tiny
    n1 sh -c "truncate -s 0 $DIR/t.memory && chmod 0666 $DIR/t.memory"
    not filled
    console fill 32
    wait_for 10 "32 MiB" filled
    wait_for 5 "them to change" changes
    console fill 0
    not changes
}

@test "tiny: panic makes the domain crashed; resumed, it writes again" {
    local before
    new_disk t.img
    boot tiny --disk "virtio:raw:$DIR/t.img" --append write
    wait_for 5 "writes" above 20 "$DIR/t.img"
    console panic
    wait_for 2 "the crash" state_is 'crashed (panicked)'
    before=$(last "$DIR/t.img")
    virsh resume t
    wait_for 5 "writes of the stale guest" above "$before" "$DIR/t.img"
}

@test "tiny: panic-after and panic on the kernel command line" {
    boot tiny --append panic-after=1
    wait_for 5 "the crash" state_is 'crashed (panicked)'
}

@test "tiny: crashload is only an event, the guest runs on" {
    boot tiny
    n1 timeout 60 virsh -c qemu:///system event --domain t --event lifecycle \
        > "$SHARED/t.events" 2>&1 3>&- &
    # Nobody says when it listens.
    wait_for 10 "the event" crashload_is_heard
    state_is 'running (booted)'
    console ping
}

crashload_is_heard() { console crashload && grep -i crashloaded "$SHARED/t.events"; }

@test "tiny: watchdog fires with the action that the domain has" {
    boot tiny --watchdog pause
    console watchdog
    wait_for 4 "the watchdog" state_is 'paused (watchdog)'
}

@test "tiny: watchdog on a q35, and an error where there is none" {
    boot tiny --machine q35 --watchdog pause
    console watchdog 1
    wait_for 4 "the watchdog" state_is 'paused (watchdog)'
    virsh destroy t
    boot tiny
    run console watchdog
    [ "$status" -eq 1 ]
}

@test "tiny: hang is silent, poweroff ends it, reset boots again" {
    boot tiny
    console hang
    run n1 "$TOOLS/console" -t 1 t ping
    [ "$status" -eq 2 ]
    virsh destroy t
    boot tiny --machine q35
    console poweroff
    wait_for 5 "the end" gone
    rm -f "$SHARED/t.log"
    boot tiny
    console reset
    wait_for 5 "the second boot" booted_again
}

@test "tiny: the power button ends it, unless it ignores ACPI; pc and q35" {
    local machine
    for machine in pc q35; do
        boot tiny --machine $machine
        virsh shutdown t
        wait_for 5 "the end of the $machine" gone
    done
    boot tiny --append ignore-acpi
    virsh shutdown t
    wait_for 2 "the button" grep 'power button ignored' "$SHARED/t.log"
    console ping
}

@test "tiny: suspend puts the domain to sleep" {
    boot tiny
    console suspend
    wait_for 3 "sleep" state_is 'pmsuspended (unknown)'
}

@test "tiny: with NVRAM it boots from flash" {
    boot tiny --nvram "$DIR/t.vars"
    console ping
    [ -s "$SHARED/t.vars" ]
}

@test "tiny: idle, it costs next to no processor time" {
    local pid before after
    boot tiny
    pid=$(n1 cat /run/libvirt/qemu/t.pid)
    before=$(n1 awk '{ print $14 + $15 }' "/proc/$pid/stat")
    sleep 1
    after=$(n1 awk '{ print $14 + $15 }' "/proc/$pid/stat")
    # One that works would have had all of the second, or its share of a busy machine's.
    [ $((after - before)) -lt 25 ]
}

@test "a name with quotes, blanks, slashes and umlauts gives XML that libvirt takes" {
    local name=$'a <b> & "c" \'d\' /e \xc3\xa4'
    n1 "$TOOLS/domain" --name "${name//\//-}" --guest tiny --images "$DIR/guest" > "$SHARED/t.xml"
    virsh create "$DIR/t.xml"
    n1 "$TOOLS/console" --wait "${name//\//-}"
    n1 "$TOOLS/console" "${name//\//-}" ping
    virsh destroy "${name//\//-}"
}

@test "an unknown command is an error, an absent guest no answer" {
    boot tiny
    run console explode
    [ "$status" -eq 1 ]
    run n1 "$TOOLS/console" nobody ping
    [ "$status" -eq 2 ]
}

# --- Linux: one boot per group of commands, since a boot takes seconds ---

@test "linux: writes on every bus, sends from every card, pauses by its watchdog, panics" {
    local f
    for f in t.v t.s t.a t.u; do new_disk $f; done
    boot linux --machine q35 --iothreads 1 --disk "virtio:raw:$DIR/t.v:iothread" \
        --disk "scsi:raw:$DIR/t.s" --disk "sata:raw:$DIR/t.a" --disk "usb:raw:$DIR/t.u" \
        --disk cdrom:raw::empty --nic lab0 --nic lab0:e1000e --watchdog pause --append 'write net'
    for f in t.v t.s t.a t.u; do
        wait_for 20 "writes on $f" above 20 "$DIR/$f"
        seqread "$DIR/$f" | grep -x gaps=0
        seqread "$DIR/$f" | grep -x kind=linux
    done
    run n1 "$TOOLS/netread" lab0 2
    [ "${#lines[@]}" -eq 2 ]
    console watchdog
    wait_for 6 "the watchdog" state_is 'paused (watchdog)'
    virsh resume t
    console panic
    wait_for 5 "the crash" state_is 'crashed (panicked)'
}

@test "linux: UEFI with NVRAM, shell commands, the power button" {
    boot linux --machine q35 --memory 256 --nvram "$DIR/t.vars"
    run console uname -s
    [ "$status" -eq 0 ]
    grep -x Linux <<< "$output"
    run console false
    [ "$status" -eq 1 ]
    console ignore-acpi
    virsh shutdown t
    console ping
    console 'rm /run/ignore-acpi'
    virsh shutdown t
    wait_for 10 "the end" gone
}

@test "linux: a hang is seen by the watchdog; sleep and wake; reset; panic-after" {
    boot linux --watchdog pause
    console suspend
    wait_for 10 "sleep" state_is 'pmsuspended (unknown)'
    virsh dompmwakeup t
    n1 "$TOOLS/console" -t 20 t ping
    console crashload
    console reset
    wait_for 30 "the second boot" booted_again
    n1 "$TOOLS/console" --wait t
    console watchdog
    console hang
    wait_for 6 "the watchdog" state_is 'paused (watchdog)'
    virsh destroy t
    boot linux --append panic-after=3
    wait_for 10 "the crash" state_is 'crashed (panicked)'
}

agent_answers() { virsh qemu-agent-command --timeout 2 t '{"execute":"guest-ping"}'; }

@test "linux: its agent comes and goes when it is told to; halted, nothing of it moves" {
    boot linux --agent
    run agent_answers
    [ "$status" -ne 0 ]
    console agent
    wait_for 10 "the agent" agent_answers
    console noagent
    run agent_answers
    [ "$status" -ne 0 ]
    console halt
    run console ping
    [ "$status" -eq 2 ]
    state_is 'running (booted)'
}

@test "linux: its kernel's notes are in a memory dump that asks for them" {
    boot linux --vmcoreinfo
    virsh dump --memory-only --format elf t "$DIR/t.core"
    n1 readelf -n "$DIR/t.core" | grep -w VMCOREINFO
    n1 grep -aqx 'SYMBOL(prb)=[0-9a-f]*' "$DIR/t.core"
    virsh destroy t
    boot linux
    virsh dump --memory-only --format elf t "$DIR/t.core"
    ! n1 readelf -n "$DIR/t.core" | grep -w VMCOREINFO
}
