#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What can be frozen: every bus, machine and kind of image, several of each, with whatever else
# holds a disk (jobs, exports, hot-plugged disks). Each guest writes and sends by itself from its
# boot on, so that a resumed or reset one would at once do it again. How guests come to break is
# crash.bats' business; here they all panic.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() {
    guest_end
    n1 sh -c 'test ! -e /tmp/reader.pid || kill "$(cat /tmp/reader.pid)"; rm -f /tmp/reader.pid' ||
        true
    n1 sh -c 'losetup --noheadings --output NAME --associated "$1" | xargs -r losetup -d' - \
        "$D/device.img" || true
}

D=/srv/shared

# A guest that writes to all its disks, and sends, from its boot on.
writer() { guest "$1" tiny --append "write net" "${@:2}"; }

# up FILE...: started, and every file is being written.
up() {
    local file
    act 0 start
    guest_up
    for file; do wait_for 20 "writes on $file" sequence_above 20 "$file"; done
}

panicked() {
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
}

# freezes FILE...: from the panic on; all files are then out of its reach for ever.
freezes() {
    local pid
    pid=$(oracle pids "$GUEST")
    panicked
    act 0 stop
    [ "$pid" = "$(oracle pids "$GUEST")" ] || fail "the memory is lost: $REASON"
    proven "$@"
}

proven() {
    frozen "$@"
    act 7 monitor
    guardedvm verify "$GUEST"
    stays_silent "$@"
    libvirt_still_works
}

# What administrators do with a frozen guest.
libvirt_still_works() {
    virsh dumpxml "$GUEST" >/dev/null
    virsh domblklist "$GUEST" >/dev/null
    virsh dump --memory-only "$GUEST" /srv/local/core
    n1 sh -c 'test "$(stat -c %s /srv/local/core)" -gt 8388608 && rm /srv/local/core'
    virsh destroy "$GUEST"
    dead
}

new_disks() {
    local file
    for file; do disk_new "$file"; done
}

# qcow2_new FILE [BACKING]
qcow2_new() {
    n1 sh -c 'if [ $# = 2 ]; then qemu-img create -q -f qcow2 -b "$2" -F qcow2 "$1"
        else qemu-img create -q -f qcow2 "$1" 8M; fi && chmod 0666 "$1"' - "$@"
}

@test "q35: virtio, scsi, sata, usb, cdroms with and without medium, NVRAM, two NICs" {
    local f=$D/q35
    new_disks "$f.virtio" "$f.scsi" "$f.sata" "$f.usb" "$f.iso"
    n1 sh -c "cp /usr/share/OVMF/OVMF_VARS_4M.fd $f.vars && chmod 0666 $f.vars"
    writer q35 --machine q35 --nvram "$f.vars" --nic lab0:e1000 \
        --disk "virtio:raw:$f.virtio" --disk "scsi:raw:$f.scsi" --disk "sata:raw:$f.sata" \
        --disk "usb:raw:$f.usb" --disk "cdrom:raw:$f.iso:readonly" --disk cdrom:raw::empty
    up "$f.virtio" "$f.scsi" "$f.sata"
    freezes "$f.virtio" "$f.scsi" "$f.sata" "$f.usb" "$f.iso" "$f.vars"
}

@test "pc: ide, cdrom, floppy" {
    local f=$D/pc
    new_disks "$f.ide" "$f.iso"
    n1 sh -c "truncate -s 1440k $f.floppy && chmod 0666 $f.floppy"
    writer pc --disk "ide:raw:$f.ide" --disk "cdrom:raw:$f.iso:readonly" --disk "floppy:raw:$f.floppy"
    up "$f.ide"
    freezes "$f.ide" "$f.iso" "$f.floppy"
}

@test "iothreads: virtio and scsi, native AIO" {
    local f=$D/iothreads
    new_disks "$f.virtio" "$f.scsi" "$f.scsi2"
    writer iothreads --iothreads 2 --disk "virtio:raw:$f.virtio:iothread,cache=none" \
        --disk "scsi:raw:$f.scsi:iothread=2,cache=none" --disk "scsi:raw:$f.scsi2:iothread=2"
    up "$f.virtio" "$f.scsi" "$f.scsi2"
    freezes "$f.virtio" "$f.scsi" "$f.scsi2"
}

@test "many disks and NICs" {
    local f=$D/many disks=() files=() i
    for i in 1 2 3 4 5 6 7 8; do
        new_disks "$f.$i"
        files+=("$f.$i")
        disks+=(--disk "virtio:raw:$f.$i")
    done
    writer many "${disks[@]}" --nic lab0 --nic lab0:rtl8139 --nic lab0:e1000
    up "${files[@]}"
    freezes "${files[@]}"
}

@test "a backing chain with copy-on-read, whose base another guest reads" {
    local f=$D/chain
    qcow2_new "$f.base"
    qcow2_new "$f.mid" "$f.base"
    qcow2_new "$f.top" "$f.mid"
    n1 sh -c "qemu-io -r -f qcow2 -c 'read 0 512' -c 'sleep 600000' $f.base >/dev/null 2>&1 &
        echo \$! > /tmp/reader.pid"
    writer chain --disk "virtio:qcow2:$f.top:cor"
    up "$f.top"
    freezes "$f.top" "$f.mid" "$f.base"
    n1 sh -c 'kill -0 "$(cat /tmp/reader.pid)"'
    n1 qemu-img check -q "$f.top"
}

@test "a block device" {
    local f=$D/device.img loop
    disk_new "$f"
    loop=$(n1 losetup --find --show "$f")
    writer device --disk virtio:raw:"$loop":block
    IMAGE=$f
    up "$f"
    freezes "$loop"
}

@test "block jobs and an export go on when the guest panics" {
    local f=$D/jobs
    disk_new "$f.copied" 64
    disk_new "$f.target" 64
    qcow2_new "$f.base"
    qcow2_new "$f.top" "$f.base"
    disk_new "$f.exported"
    writer jobs --disk "virtio:raw:$f.copied" --disk "virtio:qcow2:$f.top" \
        --disk "virtio:raw:$f.exported"
    up "$f.copied" "$f.top" "$f.exported"
    virsh blockcopy jobs vda --dest "$f.target" --format raw --transient-job --bandwidth 1 \
        --reuse-external
    virsh blockcommit jobs vdb --active --bandwidth 1
    virsh qemu-monitor-command jobs '{"execute":"nbd-server-start","arguments":{"addr":
        {"type":"unix","data":{"path":"/run/libvirt/qemu/jobs.nbd"}}}}'
    node=$(virsh qemu-monitor-command jobs '{"execute":"query-block"}' |
        jq -r '.return[] | select(.qdev | test("virtio-disk2")) | .inserted."node-name"')
    virsh qemu-monitor-command jobs '{"execute":"block-export-add","arguments":{"type":"nbd",
        "id":"e","name":"e","writable":false,"node-name":"'"$node"'"}}'
    freezes "$f.copied" "$f.target" "$f.top" "$f.base" "$f.exported"
    n1 qemu-img check -q "$f.top"
}

@test "a disk plugged in after the start is cut too; one plugged in after the freeze is noticed" {
    local f=$D/plugged
    new_disks "$f.first" "$f.second" "$f.third"
    writer plugged --disk "virtio:raw:$f.first"
    up "$f.first"
    virsh attach-disk plugged "$f.second" vdb --targetbus virtio
    panicked
    act 0 stop
    frozen "$f.first" "$f.second"
    virsh attach-disk plugged "$f.third" vdc --targetbus virtio
    act 1 monitor
    one_reason
    not guardedvm verify plugged
    act 0 stop
    proven "$f.first" "$f.second" "$f.third"
}

@test "a resumed frozen guest is told from a proven one, and frozen again" {
    writer resumed
    up "$IMAGE"
    panicked
    act 0 stop
    before=$(oracle bytes "$IMAGE")
    virsh resume resumed
    act 1 monitor
    reason 'run'
    act 0 stop
    [ "$before" = "$(oracle bytes "$IMAGE")" ] || fail "the resumed guest wrote"
    proven "$IMAGE"
}

@test "a disk of the network (NBD) is let go" {
    local f=$D/remote.img
    disk_new "$f"
    n1 sh -c "qemu-nbd --fork --persistent --shared=4 --pid-file /tmp/reader.pid -f raw \
        -k /run/libvirt/qemu/network.nbd $f && chmod 0777 /run/libvirt/qemu/network.nbd"
    cat >"$BATS_TEST_TMPDIR/nbd.xml" <<'XML'
<disk type='network' device='disk'>
  <driver name='qemu' type='raw'/>
  <source protocol='nbd'><host transport='unix' socket='/run/libvirt/qemu/network.nbd'/></source>
  <target dev='vdb' bus='virtio'/>
</disk>
XML
    n1 tee /tmp/nbd.xml <"$BATS_TEST_TMPDIR/nbd.xml" >/dev/null
    writer network --extra /tmp/nbd.xml
    up "$IMAGE" "$f"
    freezes "$IMAGE"
}

@test "a macvtap: no descriptor, and the interface no longer owns the guest's address" {
    cat >"$BATS_TEST_TMPDIR/macvtap.xml" <<'XML'
<interface type='direct'>
  <mac address='52:54:00:00:0d:01'/><source dev='lab0' mode='bridge'/><model type='virtio'/>
</interface>
XML
    n1 tee /tmp/macvtap.xml <"$BATS_TEST_TMPDIR/macvtap.xml" >/dev/null
    writer macvtap --extra /tmp/macvtap.xml
    # What devtmpfs does on a machine: the node's /dev is its own.
    n1 sh -c 'echo $$ >/tmp/reader.pid; while sleep 0.02; do
        for dev in /sys/class/net/macvtap*/tap*/dev; do
            test ! -e "$dev" || { tap=/dev/$(basename "$(dirname "$dev")")
                test -e "$tap" || mknod "$tap" c $(tr : " " <"$dev"); }
        done
    done' 3>&- &
    up "$IMAGE"
    tap=$(virsh domiflist macvtap | awk '$2 == "direct" { print $1 }')
    n1 ip -o link show "$tap" | grep -q '[<,]UP[,>]'
    panicked
    act 0 stop
    n1 ip -o link show "$tap" | not grep -q '[<,]UP[,>]'
    proven "$IMAGE"
}

@test "the record tells the proof and how long each step took" {
    writer recorded
    up "$IMAGE"
    panicked
    act 0 stop
    n1 jq -e '.phase == "frozen" and (.incident.steps | length) >= 10 and
        (.incident.proofs | length) >= 10 and ([.incident.proofs[].holds] | all)' \
        /run/guardedvm/recorded.json
    # Of this machine, under whatever load the tests put on it: far from any action's timeout.
    n1 jq -e '[.incident.steps[].us] | add < 3000000' /run/guardedvm/recorded.json
}
