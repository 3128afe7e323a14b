#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Guests with a device whose effects cannot be cut while the memory is kept: they may run, with a
# warning, and a crash ends them, with proof and a reason that says why there was no freeze.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/syslog

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() {
    syslog_end n1
    guest_end
}

device() { # XML: a file for --extra
    EXTRA=/srv/shared/$BATS_TEST_NUMBER.device.xml
    cat >"$SHARED/${EXTRA##*/}"
}

crash_ends_it() { # REGEX that the stop's words must match
    act 0 start
    guest_up
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    act 1 monitor --interval 10000
    act 0 stop
    dead
    oracle free "$IMAGE"
    reason "$1"
    act 7 monitor
    act 0 start
    act 0 stop
}

@test "9p file system" {
    n1 mkdir -p /srv/local/share
    device <<'XML'
<filesystem type='mount' accessmode='mapped'>
  <source dir='/srv/local/share'/><target dir='share'/>
</filesystem>
XML
    guest plan9 tiny --extra "$EXTRA"
    crash_ends_it 'filesystem|9p'
}

@test "shared memory with others" {
    device <<'XML'
<shmem name='shared'><model type='ivshmem-plain'/><size unit='M'>4</size></shmem>
XML
    guest shmem tiny --extra "$EXTRA"
    crash_ends_it 'shmem|shared memory'
}

@test "virtiofs" {
    n1 test -x /usr/lib/qemu/virtiofsd || n1 test -x /usr/libexec/virtiofsd ||
        skip "no virtiofsd on this machine"
    n1 mkdir -p /srv/local/share
    device <<'XML'
<filesystem type='mount'>
  <driver type='virtiofs'/><source dir='/srv/local/share'/><target dir='share'/>
</filesystem>
XML
    guest virtiofs tiny --extra "$EXTRA"
    sed -i "s|<os>|<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking><os>|" \
        "$SHARED/$GUEST.xml"
    crash_ends_it 'virtiofs|filesystem'
}

@test "memory on a file, though it is private" {
    guest memfile tiny
    sed -i "s|<os>|<memoryBacking><source type='file'/></memoryBacking><os>|" \
        "$SHARED/$GUEST.xml"
    crash_ends_it 'memoryBacking'
}

@test "validate-all and start warn of such a guest in the system's log but allow it" {
    device <<'XML'
<shmem name='warned'><model type='ivshmem-plain'/><size unit='M'>4</size></shmem>
XML
    guest warned tiny --extra "$EXTRA"
    syslog_begin n1
    act 0 validate-all --level 10
    wait_for 5 "the warning" syslog_says n1 'warned.*shmem'
    syslog_end n1
    syslog_begin n1
    act 0 start
    wait_for 5 "the warning" syslog_says n1 'warned.*shmem'
    act 0 stop
}
