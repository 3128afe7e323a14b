#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Whose the images of a frozen guest are when its QEMU ends, on a file system that other nodes may
# reach: the QEMU's that may run the guest there by now. The file system is a FUSE one, which, as NFS,
# has no place where libvirt could remember owners. One node, no cluster.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() {
    guest_end
    n1 sh -c 'pid=$(cat /tmp/exporter.pid) && kill "$pid"' || true
}

# reached_by_others NAME: a guest whose disk lies there.
reached_by_others() {
    disk_new "/srv/shared/$1.back"
    n1 sh -c 'touch "$2" && qemu-storage-daemon --daemonize --pidfile /tmp/exporter.pid \
        --blockdev "file,node-name=back,filename=$1" --blockdev raw,node-name=disk,file=back \
        --export "fuse,id=e,node-name=disk,mountpoint=$2,writable=on,allow-other=on"' \
        - "/srv/shared/$1.back" "/srv/local/$1.img"
    guest "$1" tiny --disk "virtio:raw:/srv/local/$1.img"
}
owner() { n1 stat -c %U "$IMAGE"; }
crash() {
    act 0 start
    guest_up
    [ "$(owner)" = libvirt-qemu ]
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    act 0 stop
}
released() { guardedvm release "$GUEST" --force; }

@test "a release leaves the images to who runs the guest elsewhere, and waits until that has begun" {
    reached_by_others kept
    crash
    OUT=$(released 2>&1) && fail "released while another node may be at its start"
    grep -q 'frozen less than 30 s ago' <<<"$OUT" || fail "$OUT"
    [ -n "$(oracle pids "$GUEST")" ]
    wait_for 60 "the release" released
    dead
    wait_for 30 "libvirt to notice" not virsh domid "$GUEST"
    [ "$(owner)" = libvirt-qemu ] || fail "the image is $(owner)'s"
}

# A way out that nobody can close: the guest cannot be proven frozen any more.
opened() {
    virsh qemu-monitor-command "$GUEST" '{"execute": "chardev-add", "arguments": {"id": "out",
        "backend": {"type": "socket", "data": {"server": false, "addr": {"type": "inet",
        "data": {"host": "127.0.0.1", "port": "16509"}}}}}}'
}

@test "so does a stop that has to end a guest which was frozen" {
    reached_by_others thawed
    crash
    opened
    act 1 monitor
    act 0 stop --timeout 120000
    dead
    wait_for 30 "libvirt to notice" not virsh domid "$GUEST"
    [ "$(owner)" = libvirt-qemu ] || fail "the image is $(owner)'s"
}

@test "without that, libvirt gives them to root" {
    reached_by_others taken
    crash
    n1 kill -KILL "$(oracle pids "$GUEST")"
    wait_for 30 "libvirt to notice" not virsh domid "$GUEST"
    [ "$(owner)" = root ]
}
