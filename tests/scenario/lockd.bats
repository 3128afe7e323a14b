#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Under libvirt's lock manager "lockd": a broken guest is frozen, virtlockd holds no lease of it
# any more, and another may start it; whoever resumes the frozen one changes nothing. Leases lie
# in a folder that both nodes share, or are the disks themselves. Which are held, the kernel says.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/storage

# Without bats' descriptors: bats would wait for it.
virtlockd_start() {
    on "$1" sh -c 'virtlockd -d 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-'
    wait_for 5 "virtlockd" on "$1" test -S /run/libvirt/virtlockd-sock
}

setup_file() {
    local node
    scenario_up --nodes 2 --no-cluster
    mkdir -p "$SHARED/locks"
    for node in n1 n2; do
        on "$node" sh -c 'echo "lock_manager = \"lockd\"" >>/etc/libvirt/qemu.conf
            echo "file_lockspace_dir = \"/srv/shared/locks\"" >/etc/libvirt/qemu-lockd.conf'
        virtlockd_start "$node"
        lab libvirtd "$node" restart
    done
}
teardown_file() { scenario_down; }
teardown() {
    lab libvirtd n1 start
    NODE=n2 guest_end
    guest_end
    GUEST=second guest_end
    small_end
}

# The files that a node's virtlockd has locked for writing, but its pid file.
leases() {
    on "$1" sh -c 'pid=$(cat /run/virtlockd.pid)
        for fd in $(grep -l "^lock:.* WRITE " /proc/$pid/fdinfo/*); do
            readlink "/proc/$pid/fd/${fd##*/}"
        done | grep -v "/virtlockd.pid$"'
}
none_held() { [ -z "$(leases n1)" ] || fail "virtlockd holds $(leases n1)"; }

# up NAME [domain's options]: it runs and holds its lease.
up() {
    guest "$1" tiny "${@:2}"
    act 0 start "${START[@]}"
    guest_up
    leases n1 | grep -qx "${LEASE:-/srv/shared/locks/$(printf %s "$IMAGE" | sha256sum | cut -d' ' -f1)}"
}

# QEMU's run state, when no libvirtd has its monitor.
asked_without_libvirt() {
    n1 sh -c '{ echo "{\"execute\":\"qmp_capabilities\"}{\"execute\":\"query-status\"}"; sleep 0.3; } |
        socat - "UNIX:$(echo /var/lib/libvirt/qemu/domain-*/monitor.sock)"' | grep -q "$1"
}

panicked() {
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
}

frozen_without_lease() {
    local pid
    pid=$(oracle pids "$GUEST")
    act 0 stop
    [ "$pid" = "$(oracle pids "$GUEST")" ] || fail "the memory is lost: $REASON"
    frozen
    none_held
    act 7 monitor
}

@test "a panic: the other node starts the guest; a resume is refused by the lease, or runs into nothing" {
    up panics --append "write net"
    panicked
    frozen_without_lease
    guardedvm verify "$GUEST"
    NODE=n2 act 0 start
    NODE=n2 guest_up
    wait_for 10 "writes on n2" sequence_above 5
    not virsh resume "$GUEST"
    frozen_here
    act 7 monitor
    NODE=n2 act 0 stop
    stays_silent
    act 1 monitor
    reason 'the vCPUs run'
    frozen_without_lease
    NODE=n2 act 0 start
}

@test "a watchdog's pause: the other node starts the guest" {
    START=(watchdog=pause)
    up hangs
    console watchdog=1
    console hang
    wait_for 30 "the watchdog" virsh_says "$GUEST" paused
    frozen_without_lease
    NODE=n2 act 0 start
}

@test "it panicked while libvirtd was down: the lease, still held, is given back" {
    up unheard
    lab libvirtd n1 stop
    console panic
    lab libvirtd n1 start
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    [ -n "$(leases n1)" ] || fail "the lease was given back without us: what is this test for?"
    frozen_without_lease
    virsh_says "$GUEST" crashed
    NODE=n2 act 0 start
}

@test "it was paused while libvirtd was down: the lease stays held, so the guest is ended" {
    START=(watchdog=pause)
    up stays
    console watchdog=1
    lab libvirtd n1 stop
    console hang
    wait_for 30 "the watchdog" asked_without_libvirt '"status": "watchdog"'
    lab libvirtd n1 start
    wait_for 10 "libvirt" virsh_says "$GUEST" paused
    act 0 stop
    reason 'virtlockd goes on holding the lease .*started elsewhere'
    dead
    none_held
}

@test "leases on the disks themselves, an I/O error: a second guest starts on the same node" {
    n1 mv /etc/libvirt/qemu-lockd.conf /tmp
    lab libvirtd n1 restart
    small_disk
    START=(on_io_error=freeze)
    LEASE=$SMALL_DISK
    up full --disk "$SMALL_OPTION"
    small_fill
    console write
    wait_for 20 "the I/O error" virsh_says "$GUEST" paused
    frozen_without_lease
    small_make_room
    guest second tiny --disk "$SMALL_OPTION"
    act 0 start
    leases n1 | grep -qx "$SMALL_DISK"
    not virsh resume full
    act 0 stop
    GUEST=full
    guest_end
    n1 mv /tmp/qemu-lockd.conf /etc/libvirt
    lab libvirtd n1 restart
}

@test "virtlockd that was upgraded in place is known; another one in its place is not" {
    up upgraded
    n1 sh -c 'kill -USR1 "$(cat /run/virtlockd.pid)"'
    wait_for 10 "the lease again" leases n1
    panicked
    frozen_without_lease
    guest_end
    up orphaned
    n1 sh -c 'pid=$(cat /run/virtlockd.pid); kill -KILL "$pid"
        while [ -e "/proc/$pid" ]; do sleep 0.05; done; rm /run/libvirt/virtlockd-sock'
    virtlockd_start n1
    panicked
    act 0 stop
    reason 'could not be frozen.*unix sockets'
    dead
}
