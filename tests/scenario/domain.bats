#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is done around a guest's config: pools and networks that it needs, its disk as an overlay,
# its XML written back, and what a user has defined in libvirt besides. Each parameter under
# VirtualDomain and under ours; where VirtualDomain is wrong, the scenario goes wrong there.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/compare
load ../lib/storage

# Root's alone all the way, as a folder that root replaces files in has to be.
HERE=/var/lib/libvirt/images

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() {
    local name
    storage_resume 2>/dev/null || true
    storage_end
    virsh undefine ours --keep-nvram --snapshots-metadata 2>/dev/null || true
    for name in theirs ours; do GUEST=$name guest_end; done
    in_node 'umount -l "$1/full" 2>/dev/null; rm -rf "$1"/* /usr/local/sbin/csync2 \
        /usr/local/sbin/virt-copy-in /usr/local/bin/qemu-img /tmp/said' "$HERE"
    needless
}

# in_node 'SHELL TEXT' ARG...
in_node() { n1 sh -c "$1" - "${@:2}"; }

# here NAME [tests/guest/domain's options]: as guest(), with config and disk in HERE.
here() {
    GUEST=$1
    CONFIG=$HERE/$GUEST.xml
    PARAMS=("config=$CONFIG")
    domain_xml --name "$GUEST" --guest tiny "${@:2}" | n1 tee "$CONFIG" >/dev/null
}

raw_disk() { in_node 'truncate -s 4M "$1" && chmod 0666 "$1"' "$1"; }
config_has() { n1 grep -q -- "$1" "$CONFIG" || fail "$CONFIG has no $1: $(n1 cat "$CONFIG")"; }
config_lacks() { ! n1 grep -q -- "$1" "$CONFIG" || fail "$CONFIG has $1: $(n1 cat "$CONFIG")"; }
active() { virsh "$1-info" "$2" | grep -Eq '^(State: *running|Active: *yes)'; }

# --- start_resources ---

needless() {
    virsh pool-destroy respool 2>/dev/null || true
    virsh pool-undefine respool 2>/dev/null || true
    virsh net-destroy resnet 2>/dev/null || true
    virsh net-undefine resnet 2>/dev/null || true
}

# A guest that needs a pool and a network which are defined and down.
needy() {
    in_node 'rm -rf "$1/res" && mkdir "$1/res" && truncate -s 1M "$1/res/a.img"' "$HERE"
    virsh pool-define-as respool dir --target "$HERE/res" >/dev/null
    echo "<network><name>resnet</name><forward mode='bridge'/><bridge name='lab0'/></network>" |
        n1 sh -c 'cat >/tmp/resnet.xml'
    virsh net-define /tmp/resnet.xml >/dev/null
    cat >"$SHARED/needs.xml" <<XML
<disk type='volume' device='disk'><driver name='qemu' type='raw'/>
<source pool='respool' volume='a.img'/><target dev='vdz' bus='virtio'/></disk>
<interface type='network'><source network='resnet'/><model type='virtio'/></interface>
XML
    here "$1" --extra /srv/shared/needs.xml
    PARAMS+=(force_stop=true)
}

@test "start_resources brings up the pool and the network that the guest names, and leaves them" {
    with_resources() {
        needy "$1"
        act_as 1 start
        dead
        PARAMS+=(start_resources=true)
        act_as 0 start
        alive
        in_node 'truncate -s 1M "$1/res/b.img"' "$HERE"
        act_as 0 stop
        active pool respool
        active net resnet
        # Active ones are refreshed: what was put there meanwhile is known.
        not virsh vol-info --pool respool b.img 2>/dev/null
        act_as 0 start
        virsh vol-info --pool respool b.img
        act_as 0 stop
        needless
    }
    alike with_resources

    needy ours
    PARAMS+=(start_resources=true)
    virsh net-undefine resnet
    act 5 start
    reason "network 'resnet'.*not defined.*virsh net-define"
    virsh pool-destroy respool # a start that fails leaves what it has brought up
    virsh pool-undefine respool
    act 5 start
    reason "pool 'respool'.*not defined.*virsh pool-define"
    dead
}

@test "start_resources: a pool in a comment is not one that the guest needs" {
    comment() {
        here "$1"
        in_node 'sed -i "s|<devices>|<devices><!-- <source pool=\"gone\"/> -->|" "$1"' "$CONFIG"
        PARAMS+=(start_resources=true)
        act_as 0 start
        act_as 0 stop
    }
    both comment
}

# --- backingfile, stateless, copyindirs ---

# A guest whose disk is an overlay over base.img, which holds 0xb5.
cow() {
    here "$1" --disk "virtio:qcow2:$HERE/$1.qcow2"
    OVERLAY=$HERE/$1.qcow2 BASE=$HERE/base.img
    raw_disk "$BASE"
    n1 qemu-io -f raw -c 'write -P 0xb5 0 64k' "$BASE" >/dev/null
    PARAMS+=(backingfile="$BASE" force_stop=true)
    base_bytes=$(oracle bytes "$BASE")
}
mark() { n1 qemu-io -f qcow2 -c 'write -P 0x77 0 64k' "$OVERLAY" >/dev/null; }
disk_holds() {
    n1 qemu-io -f qcow2 -r -c "read -P $1 0 64k" "$OVERLAY" | grep -q 'verification failed' &&
        fail "$OVERLAY does not hold $1"
    [ "$(oracle bytes "$BASE")" = "$base_bytes" ] || fail "the backing file was written to"
}
nothing_defined() {
    virsh list --all --name | grep -qx "$GUEST" && fail "$GUEST is left defined"
    return 0
}

# qemu-img as it was when VirtualDomain was written for it: it takes -b without -F. Ours looks for
# it in other folders.
old_qemu_img() {
    in_node 'printf "#!/bin/sh\nshift\nexec /usr/bin/qemu-img create -F raw \"\$@\"\n" \
        >/usr/local/bin/qemu-img && chmod +x /usr/local/bin/qemu-img'
}

@test "backingfile with stateless: today's qemu-img wants a format, and nothing is left defined" {
    stateless() {
        cow "$1"
        PARAMS+=(stateless=true)
        act_as 0 start
        alive
        act_as 0 stop
        nothing_defined
        mark
        act_as 0 start
        act_as 0 stop
        disk_holds 0xb5
    }
    both stateless
}

@test "backingfile: each start makes the disk anew if stateless, only a missing one if not" {
    old_qemu_img
    overlays() {
        cow "$1"
        act_as 0 start
        act_as 0 stop
        mark
        act_as 0 start
        act_as 0 stop
        disk_holds 0x77
        PARAMS+=(stateless=true)
        act_as 0 start
        act_as 0 stop
        disk_holds 0xb5
        virsh undefine "$GUEST" 2>/dev/null || true
    }
    alike overlays
    n1 /usr/bin/qemu-img info "$OVERLAY" | grep -q 'backing file format: raw'

    # A dot in a folder's name.
    in_node 'mkdir -p "$1/v.1"' "$HERE"
    here ours --disk "virtio:qcow2:$HERE/v.1/ours.qcow2"
    in_node 'mv "$1" "$2"' "$CONFIG" "$HERE/v.1/ours.xml"
    PARAMS=("config=$HERE/v.1/ours.xml" backingfile="$BASE")
    act 0 start
    act 0 stop
    n1 test -s "$HERE/v.1/ours.qcow2"
}

@test "stateless replaces no file that is not its overlay, and none that is in use" {
    refused() { # CODE REGEX
        before=$(oracle bytes "$OVERLAY")
        act "$1" start
        reason "$2"
        dead
        [ "$before" = "$(oracle bytes "$OVERLAY")" ] || fail "$OVERLAY was touched"
        n1 sh -c "! ls $HERE/*part* 2>/dev/null" || fail "something is left behind"
        n1 rm "$OVERLAY"
    }
    cow ours
    PARAMS+=(stateless=true)
    n1 cp "$BASE" "$OVERLAY"
    refused 1 "no qcow2 image, not an overlay over"
    n1 qemu-img create -q -f qcow2 "$OVERLAY" 4M
    refused 1 "a qcow2 image of its own"
    n1 qemu-img create -q -f qcow2 -F raw -b "$HERE/ours.xml" "$OVERLAY" 4M
    refused 1 "an overlay over $HERE/ours.xml"
    n1 ln -s "$BASE" "$OVERLAY"
    refused 1 "no regular file"

    n1 qemu-img create -q -f qcow2 -F raw -b "$BASE" "$OVERLAY"
    n1 stdbuf -oL qemu-io -f qcow2 -c 'write 0 512' -c 'sleep 60000' "$OVERLAY" \
        >"$BATS_TEST_TMPDIR/holder" 3>&- &
    holder=$!
    wait_for 10 "another user of the overlay" grep -q wrote "$BATS_TEST_TMPDIR/holder"
    act 1 start
    reason "in use"
    in_node 'kill $(pidof qemu-io)'
    wait "$holder" || true
    # What a start that was killed has left is no hindrance.
    n1 ln -s "$BASE" "$OVERLAY.guardedvm-part"
    act 0 start
    act 0 stop
    disk_holds 0xb5

    n1 mv "$BASE" "$BASE.away"
    refused 1 "base.img.*No such file"
    act 6 start --env OCF_RESKEY_backingfile=
    reason "stateless.*backingfile"
}

@test "backingfile on storage that hangs: the start ends in its time" {
    here ours --disk "virtio:qcow2:$HERE/ours.qcow2"
    storage
    PARAMS+=(backingfile="$STORAGE_DISK")
    storage_hang
    act 1 start --timeout 8000
    reason "making the overlay.*$STORAGE_DISK"
    storage_resume
    dead
    act 0 start
    act 0 stop
    storage_end
}

@test "copyindirs: the directories come into the overlay when it is made" {
    old_qemu_img
    # A mock: libguestfs is large. It says what it was called with.
    in_node 'printf "#!/bin/sh\necho \"\$*\" >>/tmp/said\n" >/usr/local/sbin/virt-copy-in
        chmod +x /usr/local/sbin/virt-copy-in; mkdir -p "$1/a" "$1/b"' "$HERE"
    copied() {
        cow "$1"
        n1 rm -f /tmp/said
        PARAMS+=("copyindirs=$HERE/a $HERE/b")
        act_as 0 start
        act_as 0 stop
        act_as 0 start
        act_as 0 stop
        n1 cat /tmp/said
        [ "$(in_node 'wc -l </tmp/said')" = 1 ] || fail "copied twice"
        n1 grep -Eq "^(-d $GUEST |--format=qcow2 -a [^ ]*)? *$HERE/a $HERE/b */$" /tmp/said ||
            fail "copied: $(n1 cat /tmp/said)"
        virsh undefine "$GUEST" 2>/dev/null || true
    }
    alike copied

    n1 rm /usr/local/sbin/virt-copy-in "$OVERLAY"
    act 5 start
    reason "virt-copy-in, which copyindirs needs, is not installed"
    in_node 'printf "#!/bin/sh\nexit 3\n" >/usr/local/sbin/virt-copy-in
        chmod +x /usr/local/sbin/virt-copy-in'
    act 1 start
    reason "copyindirs=.*exit code 3"
    in_node '! [ -e "$1" ] && ! ls "$2"/*part* 2>/dev/null' "$OVERLAY" "$HERE"
}

# --- save_config_on_stop, sync_config_on_stop ---

# attach IMAGE [TARGET]
attach() {
    virsh attach-disk "$GUEST" "$1" "${2:-vdy}" --driver qemu --subdriver raw --live
}

@test "save_config_on_stop: what was attached to the running guest is in its config" {
    raw_disk "$HERE/more.img"
    saved() {
        here "$1"
        in_node 'chmod 0640 "$1"; chown 7:8 "$1"' "$CONFIG"
        PARAMS+=(save_config_on_stop=true)
        act_as 0 start
        guest_up
        attach "$HERE/more.img"
        act_as 0 monitor --interval 10000
        config_has more.img
        # A snapshot: from now on the disk is another file.
        virsh snapshot-create-as "$GUEST" s --disk-only --no-metadata \
            --diskspec "vdy,file=$HERE/$GUEST.snap" >/dev/null
        act_as 0 stop
        config_has "$GUEST.snap"
        [ "$(n1 stat -c '%a %u:%g' "$CONFIG")" = "640 7:8" ] || fail "another mode or owner"
        act_as 0 start
        virsh domblklist "$GUEST" | grep -q "$GUEST.snap"
    }
    alike saved
}

@test "save_config_on_stop: nothing of a start is saved, and an unchanged guest's file stays" {
    raw_disk "$HERE/more.img"
    here ours
    in_node 'sed -i "/<panic/d" "$1"' "$CONFIG"
    PARAMS+=(save_config_on_stop=true panic_device=auto watchdog=pause)
    before=$(oracle bytes "$CONFIG")
    act 0 start
    act 0 monitor --interval 10000
    act 0 stop
    [ "$before" = "$(oracle bytes "$CONFIG")" ] || fail "an unchanged guest was saved"
    act 0 start
    guest_up
    attach "$HERE/more.img"
    act 0 stop
    config_has more.img
    config_lacks on_crash
    config_lacks '<panic'
    config_lacks '<watchdog'
    config_has 'check="none"'

    # A guest that crashes is saved before it is frozen: its next start must find its disks.
    raw_disk "$HERE/again.img"
    act 0 start
    guest_up
    attach "$HERE/again.img" vdx
    console panic
    wait_for 10 "the panic" virsh_says ours crashed
    act 0 stop
    reason "is frozen"
    config_has again.img
}

@test "save_config_on_stop: what somebody edits in the file while the guest runs is not lost" {
    edited() {
        here "$1"
        PARAMS+=(save_config_on_stop=true)
        act_as 0 start
        in_node 'sed -i "s|<devices>|<!-- mine --><devices>|" "$1"' "$CONFIG"
        act_as 0 monitor --interval 10000
        act_as 0 stop
        config_has mine
    }
    both edited
}

@test "save_config_on_stop: a full file system does not cost the config" {
    full() {
        here "$1"
        in_node 'mkdir -p "$1/full" && mount -t tmpfs -o size=16k,mode=755 none "$1/full" &&
            mv "$2" "$1/full"' "$HERE" "$CONFIG"
        CONFIG=$HERE/full/$GUEST.xml
        PARAMS=("config=$CONFIG" save_config_on_stop=true)
        act_as 0 start
        guest_up
        in_node 'cat /dev/zero >"$1/full/rest" 2>/dev/null' "$HERE" || true
        virsh desc "$GUEST" --live --new-desc "$(printf %05000d 0)" >/dev/null
        act_as 0 stop
        config_has '</domain>'
        config_has '<name>'
        n1 umount "$HERE/full"
    }
    both full
}

@test "sync_config_on_stop runs csync2 on a config that was saved, and its failure fails nothing" {
    # A mock of csync2, which fails.
    in_node 'printf "#!/bin/sh\necho \"\$*\" >>/tmp/said\nexit 1\n" >/usr/local/sbin/csync2
        chmod +x /usr/local/sbin/csync2'
    raw_disk "$HERE/more.img"
    synced() {
        here "$1"
        PARAMS+=(sync_config_on_stop=true)
        act_as 0 start
        guest_up
        n1 rm -f /tmp/said
        attach "$HERE/more.img"
        act_as 0 stop
        config_has more.img
        [ "$(n1 cat /tmp/said)" = "-x $CONFIG" ] || fail "csync2 was called: $(n1 cat /tmp/said)"
    }
    alike synced

    in_node 'printf "#!/bin/sh\nexec sleep 1000\n" >/usr/local/sbin/csync2'
    here ours
    PARAMS+=(sync_config_on_stop=true)
    act 0 start
    guest_up
    attach "$HERE/more.img"
    act 0 stop --timeout 10000
    dead
    config_has more.img
}

# --- what the user has defined ---

@test "a guest that is defined, with NVRAM and snapshots: all of it outlives start, stop and freeze" {
    raw_disk "$HERE/ours.img"
    here ours --disk "virtio:raw:$HERE/ours.img" --nvram "$HERE/ours_VARS.fd" --nic lab0
    n1 cp /usr/share/OVMF/OVMF_VARS_4M.fd "$HERE/ours_VARS.fd"
    echo mine | n1 dd of="$HERE/ours_VARS.fd" bs=1 seek=500000 conv=notrunc status=none
    virsh define "$CONFIG"
    # By its metadata only: libvirt 9.0 makes none of a guest with NVRAM that is off.
    in_node '{ echo "<domainsnapshot><name>before</name><state>shutoff</state>"
        echo "<creationTime>1</creationTime>"; virsh dumpxml ours; echo "</domainsnapshot>"
        } >/tmp/snapshot.xml'
    virsh snapshot-create ours /tmp/snapshot.xml --redefine >/dev/null
    mine=$(oracle bytes "$HERE/ours_VARS.fd" /etc/libvirt/qemu/ours.xml "$CONFIG")
    PARAMS+=(save_config_on_stop=true)
    for way in stop freeze; do
        act 0 start
        guest_up
        if [ "$way" = freeze ]; then
            console panic
            wait_for 10 "the panic" virsh_says ours crashed
        fi
        act 0 stop
        if [ "$way" = freeze ]; then
            frozen_here "$HERE/ours.img" "$HERE/ours_VARS.fd"
            guardedvm release ours --force
        fi
        dead
        virsh snapshot-list ours --name | grep -qx before || fail "the snapshot is gone"
        [ "$mine" = "$(oracle bytes "$HERE/ours_VARS.fd" /etc/libvirt/qemu/ours.xml "$CONFIG")" ] ||
            fail "NVRAM, definition or config was changed by $way"
    done
}

@test "a definition with another UUID, and a config without one" {
    here ours
    in_node 'sed "s|<uuid>.*</uuid>|<uuid>c7a5fdbd-cdaf-9455-926a-d65c16db1809</uuid>|" "$1" \
        >/tmp/other.xml' "$CONFIG"
    virsh define /tmp/other.xml
    mine=$(oracle bytes /etc/libvirt/qemu/ours.xml)
    act 5 start
    reason "c7a5fdbd.*defined.*virsh undefine --keep-nvram"
    dead

    in_node 'sed -i "/<uuid>/d" "$1"' "$CONFIG"
    act 0 start
    alive
    [ "$(virsh domuuid ours)" = c7a5fdbd-cdaf-9455-926a-d65c16db1809 ] || fail "another UUID"
    act 0 monitor
    act 0 stop
    dead
    [ "$mine" = "$(oracle bytes /etc/libvirt/qemu/ours.xml)" ] || fail "the definition is gone"
}

@test "a UEFI guest's variables outlive stop, freeze and release" {
    here ours --guest linux --nvram
    NVRAM=/var/lib/libvirt/qemu/nvram/ours_VARS.fd
    act 0 start --timeout 60000
    guest_up
    # libvirt has made the file, and the firmware has written to it since.
    not n1 cmp -s "$NVRAM" /usr/share/OVMF/OVMF_VARS_4M.fd
    mine=$(oracle bytes "$NVRAM")
    console panic
    wait_for 20 "the panic" virsh_says ours crashed
    act 0 stop
    frozen_here "$NVRAM"
    guardedvm release ours --force
    [ "$mine" = "$(oracle bytes "$NVRAM")" ] || fail "the variables are gone"
    n1 rm "$NVRAM"
}
