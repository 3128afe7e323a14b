#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What would make the agent say "stopped" of a guest that is not, or "running" of one that is cut
# off: lost records, creations that nobody waits for any more, processes that cannot be read.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() {
    end_named qemu-unreadable
    n1 sh -c 'rm -f /etc/libvirt/hooks/qemu; touch /tmp/go'
    guest_end
}

# end_named COMM: SIGKILL to the node's processes of that very name.
end_named() {
    n1 sh -c 'for c in $(grep -lsx "$1" /proc/[0-9]*/comm); do
        c=${c%/comm}; kill -KILL "${c#/proc/}"
    done' - "$1"
}

# A process that may be a guest's QEMU, by its name, and does not tell which: the memory that holds
# its command line is gone. A long environment keeps that away from the stack that it runs on.
unreadable_qemu() {
    n1 sh -c 'exec env $(seq -f "X%g=" 2000) python3 -c "$1"' - '
import ctypes, mmap, time
libc = ctypes.CDLL(None)
first = int(open("/proc/self/stat").read().rsplit(")", 1)[1].split()[45])
first -= first % mmap.PAGESIZE
stack = [line for line in open("/proc/self/maps") if "[stack]" in line][0]
size = int(stack.split()[0].split("-")[1], 16) - first
libc.prctl(15, b"qemu-unreadable", 0, 0, 0) # PR_SET_NAME
assert libc.munmap(ctypes.c_void_p(first), ctypes.c_size_t(size)) == 0
time.sleep(300)' 3>&- &
    wait_for 10 "the unreadable process" n1 sh -c 'grep -qs qemu-unreadable /proc/[0-9]*/comm'
}

@test "a guest that was started again by hand is not stopped by the death of its old process" {
    guest reborn tiny
    act 0 start
    virsh destroy "$GUEST"
    act 7 monitor
    unreadable_qemu
    virsh create "$CONFIG"
    guest_up
    console ignore-acpi # asked to, it would end by itself while the agent looks
    agent stop --timeout 20000
    # Whatever the answer: 0 only with no QEMU.
    [ "$RC" != 0 ] || dead
    end_named qemu-unreadable
    act 0 stop
    dead
}

# libvirt's hook holds up the creation before QEMU exists, as storage that hangs does.
slow_creation() {
    n1 sh -c 'mkdir -p /etc/libvirt/hooks && cat >/etc/libvirt/hooks/qemu &&
        chmod +x /etc/libvirt/hooks/qemu && rm -f /tmp/go /tmp/waits' <<'HOOK'
#!/bin/sh
[ "$2" = prepare ] || exit 0
touch /tmp/waits
until [ -e /tmp/go ]; do sleep 0.1; done
HOOK
    lab libvirtd n1 restart
}

@test "a creation that was given up and is still under way is not stopped" {
    guest late tiny
    slow_creation
    agent start --timeout 8000
    [ "$RC" != 0 ]
    n1 test -e /tmp/waits
    # Nothing exists yet, and nothing is proven: libvirt may go on the next moment.
    dead
    act 1 monitor --timeout 10000
    act 1 stop --timeout 8000
    reason 'may yet'
    n1 touch /tmp/go
    wait_for 10 "the late QEMU" is_alive
    act 0 stop
    dead
    act 7 monitor
}

@test "a start that is killed while libvirt creates: the same" {
    guest orphan tiny
    slow_creation
    (agent start --timeout 60000) 3>&- &
    local starter=$!
    wait_for 20 "the creation" n1 test -e /tmp/waits
    end_named guardedvm
    # Not every child: bats's own clock is one.
    wait "$starter" || true
    act 1 stop --timeout 8000
    n1 touch /tmp/go
    wait_for 10 "the late QEMU" is_alive
    act 0 stop
    dead
}

@test "a frozen guest whose record is lost is neither absent nor running, whatever libvirt says" {
    guest amnesia tiny --append 'write net'
    act 0 start
    guest_up
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    act 0 stop
    frozen
    n1 rm -rf /run/guardedvm
    virsh resume "$GUEST"
    virsh_says "$GUEST" running
    act 1 monitor
    reason 'frozen'
    act 1 start
    n1 rm -rf /run/guardedvm
    virsh suspend "$GUEST"
    agent start
    [ "$RC" != 0 ] || fail "started a guest without disks"
    act 0 stop
    frozen
    act 7 monitor
}

@test "a clone does not start, and what runs already is watched and stopped" {
    local clone=(--env OCF_RESKEY_CRM_meta_clone=0 --env OCF_RESKEY_CRM_meta_clone_max=2)
    guest cloned tiny
    act 6 start "${clone[@]}"
    reason 'clone'
    dead
    act 7 monitor "${clone[@]}"
    act 0 start
    act 0 monitor "${clone[@]}"
    act 0 stop "${clone[@]}"
    dead
}

# An emulator wrapper, or `-name ...,process=`: nothing by the name of QEMU runs, only libvirt's
# locked pid file tells.
@test "a QEMU under another name is found without libvirt and record, and can be frozen" {
    guest wrapped tiny
    n1 ln -sf "$(n1 sh -c 'command -v qemu-system-x86_64')" /srv/local/emulator
    sed -i "s|<emulator>.*</emulator>||; s|<devices>|&<emulator>/srv/local/emulator</emulator>|" \
        "$SHARED/$GUEST.xml"
    act 7 monitor
    virsh create "$CONFIG"
    guest_up
    [ "$(n1 cat "/proc/$(oracle pids "$GUEST")/comm")" = emulator ]
    lab libvirtd n1 kill
    act 0 monitor
    n1 rm -rf /run/guardedvm
    agent stop --timeout 10000
    [ "$RC" != 0 ] || dead
    lab libvirtd n1 start
    act 0 stop
    dead
    act 7 monitor
    act 0 start
    guest_up
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    act 0 stop
    frozen
}

@test "a state directory that others could read is mended, not a failed stop" {
    guest readable tiny
    act 0 start
    n1 chmod 0755 /run/guardedvm
    act 0 monitor
    act 0 stop
    dead
    [ "$(n1 stat -c %a /run/guardedvm)" = 700 ]
}

@test "another guest's config while the old one lies frozen: the way out is named, neither is lost" {
    local new=$SHARED/swapnew.xml
    guest swapnew tiny
    guest swapold tiny
    act 0 start
    guest_up
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    act 0 stop
    frozen
    cp "$new" "$SHARED/$GUEST.xml"
    act 5 start
    reason 'guardedvm release swapold'
    act 0 stop
    act 7 monitor
    # Somebody starts the new one by hand: this resource does not run it, nor is it stopped.
    virsh create "$CONFIG"
    act 1 monitor
    reason 'swapnew'
    act 1 stop
    reason 'swapnew'
    frozen
    virsh destroy swapnew
    act 0 stop
    act 7 monitor
    guardedvm release swapold --force
    dead
    RSC=$GUEST
    GUEST=swapnew
    act 0 start
    guest_up
    act 0 monitor
    act 0 stop
    dead
}

# Anybody on the node can call a process so; only libvirt can have the guest.
@test "a stranger's process of the same name and another UUID is neither the guest nor killed" {
    local pid
    guest namesake tiny
    n1 python3 -c '
import ctypes, time
ctypes.CDLL(None).prctl(15, b"qemu-namesake", 0, 0, 0) # PR_SET_NAME
time.sleep(300)' -name guest=namesake -uuid 11111111-2222-4333-8444-555555555555 3>&- &
    wait_for 10 "the stranger" n1 sh -c 'grep -qs qemu-namesake /proc/[0-9]*/comm'
    act 7 monitor
    act 0 start
    guest_up
    act 0 stop
    act 7 monitor
    n1 sh -c 'grep -qs qemu-namesake /proc/[0-9]*/comm' || fail "the stranger was killed"
    end_named qemu-namesake
}
