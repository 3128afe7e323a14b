#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The state that monitors ask of libvirt's daemon without libvirt's library, on real daemons: the
# words are virsh's, or there are none. And who pays for the library: only who needs more.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() {
    guest_end
    lab libvirtd n1 resume 2>/dev/null || true
    lab libvirtd n1 start
}

started() {
    guest "$1" tiny
    act 0 start
    guest_up
    UUID=$(virsh domuuid "$GUEST")
}

# By the wire alone. Fails where nothing is told. (A daemon that is paused tells nothing for ever.)
told() {
    n1 timeout -s KILL "${PATIENCE_S:-20}" \
        "${GVM_BUILDDIR:-$SCENARIO_TOP/build/gcc}/tests/unit/sys/virt_rpc_test" --ask "$UUID"
}

same_words() { # what virsh must say
    local words
    words=$(virsh domstate --reason "$GUEST")
    [ "$words" = "$1" ] || fail "virsh says '$words', not '$1'"
    [ "$(told)" = "$words" ] || fail "virsh says '$words', and we were told '$(told)'"
}

# monitor CODE loads|spares: and whether it loads libvirt's library: copies that only this monitor
# can load have been read since. (The dynamic linker's own word, LD_DEBUG, is not heard from a
# child that closes all its descriptors.)
# In memory: there times of reading are kept, whatever the machine's disks are mounted with.
LIBRARIES=/run/libraries
monitor() {
    local seen=spares
    n1 sh -c 'mkdir -p "$1" && cd "$1" && cp /usr/lib/*/libvirt.so.0 /usr/lib/*/libqb.so.100 . &&
        touch -a -d "3 days ago" -- *' - "$LIBRARIES"
    # Of a level, so that no watch answers for it.
    act "$1" monitor --interval 10000 --level 1 --env "LD_LIBRARY_PATH=$LIBRARIES"
    was_read libqb.so.100 || fail "who reads a library here is not seen"
    ! was_read libvirt.so.0 || seen=loads
    [ "$seen" = "$2" ] || fail "monitor $seen libvirt's library"
}
was_read() { [ -n "$(n1 find "$LIBRARIES/$1" -amin -600)" ]; }

complaints() { n1 sh -c 'grep -c "End of file" /var/log/libvirt/libvirtd.log' || true; }

@test "running: virsh's words, without the library, and the daemon has nothing to complain of" {
    local before
    started runs
    before=$(complaints)
    same_words 'running (unpaused)'
    monitor 0 spares
    [ "$(complaints)" = "$before" ]
}

@test "a daemon that asks everybody but root for polkit's word: the same" {
    n1 sed -i 's/^auth_unix_rw.*/auth_unix_rw = "polkit"/' /etc/libvirt/libvirtd.conf
    lab libvirtd n1 restart
    started trusted
    same_words 'running (unpaused)'
    monitor 0 spares
    n1 sed -i 's/^auth_unix_rw.*/auth_unix_rw = "none"/' /etc/libvirt/libvirtd.conf
    lab libvirtd n1 restart
    same_words 'running (unpaused)'
}

@test "a daemon that wants a password: it tells nothing, and the library is asked" {
    started private
    n1 sed -i 's/^auth_unix_rw.*/auth_unix_rw = "sasl"/' /etc/libvirt/libvirtd.conf
    lab libvirtd n1 stop
    n1 libvirtd -d
    wait_for 20 "libvirtd" n1 test -S /run/libvirt/libvirt-sock
    not told
    monitor 190 loads
    n1 sed -i 's/^auth_unix_rw.*/auth_unix_rw = "none"/' /etc/libvirt/libvirtd.conf
    lab libvirtd n1 stop
    lab libvirtd n1 start
    monitor 0 spares
}

@test "paused by a person: virsh's words; QEMU is asked, too" {
    started pauses
    virsh suspend "$GUEST"
    same_words 'paused (user)'
    monitor 190 loads
    reason 'paused \(user\), QEMU: paused'
    virsh resume "$GUEST"
    same_words 'running (unpaused)'
    monitor 0 spares
}

@test "panicked: the same" {
    started panics
    console panic
    wait_for 10 "the panic" virsh_says "$GUEST" crashed
    same_words 'crashed (panicked)'
    monitor 1 loads
    reason 'crashed \(panicked\), QEMU: guest-panicked'
}

@test "asleep: virsh's words are enough" {
    started sleeps
    console suspend
    wait_for 10 "sleep" virsh_says "$GUEST" pmsuspended
    same_words 'pmsuspended (unknown)'
    monitor 0 spares
}

@test "defined, and shut off: virsh's words, and yet the library is asked" {
    started stays
    virsh define "$CONFIG"
    same_words 'running (unpaused)'
    virsh destroy "$GUEST"
    same_words 'shut off (destroyed)'
    monitor 7 loads
    reason 'destroyed'
}

@test "transient, and gone: nothing is told, and the library is asked" {
    started goes
    virsh destroy "$GUEST"
    not told
    monitor 7 loads
}

@test "the guest of another name, with a new UUID: found as before" {
    started changes
    virsh destroy "$GUEST"
    sed -i "s|<uuid>.*</uuid>||" "$SHARED/$GUEST.xml"
    virsh create "$CONFIG"
    guest_up
    monitor 0 loads
    monitor 0 spares
    not told
    UUID=$(virsh domuuid "$GUEST")
    told
}

@test "libvirtd dead: nothing is told, and monitor is degraded, in time" {
    started lonely
    lab libvirtd n1 kill
    not told
    act 190 monitor --interval 10000 --timeout 6000
    reason 'libvirt'
    lab libvirtd n1 start
    same_words 'running (unpaused)'
    monitor 0 spares
}

@test "libvirtd stopped in mid-word: nothing is told for ever, and monitor is degraded, in time" {
    started stuck
    lab libvirtd n1 pause
    PATIENCE_S=3 not told
    act 190 monitor --interval 10000 --timeout 6000
    reason 'asking libvirt for the state'
    lab libvirtd n1 resume
    same_words 'running (unpaused)'
    monitor 0 spares
}
