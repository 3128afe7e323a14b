# shellcheck shell=bash disable=SC2016,SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Storage that fails, in a node. Needs scenario.bash.
#
# One that stops to answer: an NBD server behind a FUSE file. While the server is stopped by a
# signal, a request that the FUSE daemon has taken cannot be given up by the kernel: a QEMU that
# waits for it survives SIGKILL, as it would behind a dead SAN.
#
# One that is full: a small file system of its own, filled so that the guest's next new block finds
# no room.

STORAGE=/srv/local/hang
STORAGE_DISK=$STORAGE/disk.img

storage() { # a disk of 8 MiB at STORAGE_DISK
    on "${NODE:-n1}" sh -c 'mkdir -p "$1" && cd "$1" && truncate -s 8M back.img disk.img &&
        nbdkit -U "$1/nbd.sock" -P "$1/nbd.pid" file "$1/back.img" &&
        while ! [ -S nbd.sock ]; do sleep 0.05; done &&
        qemu-storage-daemon --daemonize --pidfile "$1/fuse.pid" \
            --blockdev driver=nbd,node-name=n,server.type=unix,server.path="$1/nbd.sock" \
            --export type=fuse,id=e,node-name=n,mountpoint="$1/disk.img",writable=on,allow-other=on' \
        - "$STORAGE"
}

storage_hang() { on "${NODE:-n1}" sh -c "kill -STOP \$(cat $STORAGE/nbd.pid)"; }
storage_resume() { on "${NODE:-n1}" sh -c "kill -CONT \$(cat $STORAGE/nbd.pid)"; }

# For teardown: never fails, also where there is none.
storage_end() {
    on "${NODE:-n1}" sh -c "cd $STORAGE && kill \$(cat fuse.pid) \$(cat nbd.pid)
        umount -l disk.img; rm -rf $STORAGE" 2>/dev/null || true
}

# A thread of that process waits for the FUSE daemon. The kernel shows no D before it was killed.
is_stuck() {
    on "${NODE:-n1}" sh -c "grep -qsE 'fuse|folio|request_wait' /proc/$1/task/*/wchan"
}

SMALL=/srv/local/small
SMALL_DISK=$SMALL/disk.img
# For guest's --disk: QEMU stops the guest where there is no room.
SMALL_OPTION=virtio:raw:$SMALL_DISK:werror=enospace

small_disk() { # a disk of 8 MiB at SMALL_DISK
    # A new file each time: the kernel may not have let go of the old one's mount yet.
    on "${NODE:-n1}" sh -c 'rm -f "$1.img" && truncate -s 24M "$1.img" &&
        mkfs.ext4 -q -O ^has_journal -m 0 "$1.img" && mkdir -p "$1" &&
        mount -o loop "$1.img" "$1" && chmod 0777 "$1"' - "$SMALL"
    disk_new "$SMALL_DISK"
}
small_fill() {
    on "${NODE:-n1}" dd if=/dev/zero of=$SMALL/rest bs=64k status=none || true
    on "${NODE:-n1}" dd if=/dev/zero of=$SMALL/last bs=1k status=none || true
}
small_make_room() { on "${NODE:-n1}" rm $SMALL/rest $SMALL/last; }
# For teardown: never fails, also where there is none.
small_end() { on "${NODE:-n1}" umount -l $SMALL 2>/dev/null || true; }
