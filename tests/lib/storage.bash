# shellcheck shell=bash disable=SC2016,SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Storage that stops to answer: an NBD server behind a FUSE file, in a node. While the server is
# stopped by a signal, a request that the FUSE daemon has taken cannot be given up by the kernel:
# a QEMU that waits for it survives SIGKILL, as it would behind a dead SAN. Needs scenario.bash.

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
