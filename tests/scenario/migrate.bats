#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Live migration between two nodes, the actions called as Pacemaker calls them: the guest goes on
# as it was, each parameter means what it means to VirtualDomain, and what must not be moved is not.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/migrating
load ../lib/storage

setup_file() { scenario_up --nodes 2 --no-cluster; }
teardown_file() { scenario_down; }
teardown() { for NODE in n1 n2; do guest_end; done; }

# A guest that writes, on n1. /srv/shared is on both nodes, though libvirt cannot see that it is.
mover() { # NAME [param=value...]
    guest "$1" tiny --append "write=50 ${APPEND:-}"
    PARAMS+=(migration_transport=tcp migrate_options=--unsafe "${@:2}")
    NODE=n1 act 0 start
    NODE=n1 guest_up
    wait_for 20 "writes" sequence_above 5
    boot=$(boot_of)
}

@test "there and back: it goes on as it was, is known on both nodes, and stops there" {
    mover nomad
    moves n1 n2
    only_on n2
    goes_on
    NODE=n1 act 7 monitor
    NODE=n2 act 0 monitor --interval 10000
    NODE=n2 guardedvm list | grep -q nomad
    moves n2 n1
    only_on n1
    goes_on
    never_rebooted "$boot"
    NODE=n1 act 0 monitor --interval 10000
    NODE=n1 act 0 stop
    only_on ""
    sequence >/dev/null
}

@test "the watch there follows it: a panic after the move is told at once, and frozen there" {
    mover followed
    moves n1 n2
    wait_for 20 "the watch on n2" on n2 sh -c 'grep -lsx guardedvm /proc/[0-9]*/comm'
    NODE=n2 console panic
    noted() { NODE=n2 guardedvm show followed | grep -q 'guest panicked'; }
    wait_for 10 "the panic" noted
    NODE=n2 act 1 monitor --interval 10000
    NODE=n2 act 0 stop
    NODE=n2 frozen
    # The frozen one is not what was moved, whoever asks.
    move_to n1 n2 --timeout 8000
    [ "$RC" = 1 ] || fail "$RC: $OUT"
    # Nor does it come back while it is frozen there.
    NODE=n1 act 0 start
    NODE=n1 guest_up
    move_to n1 n2
    [ "$RC" = 1 ]
    reason 'n2 cannot take.*already.*guardedvm release followed'
    goes_on
}

stands_at() { [ "$(NODE=n1 virsh domstate --reason "$GUEST")" = "$1" ]; }

@test "what is not well is not moved, and stays as it is" {
    mover unwell
    NODE=n1 virsh suspend unwell
    move_to n1 n2
    [ "$RC" = 1 ]
    reason 'not moved.*paused'
    NODE=n1 virsh resume unwell
    NODE=n1 console panic
    wait_for 10 "the crash" stands_at 'crashed (panicked)'
    move_to n1 n2
    [ "$RC" = 1 ]
    reason 'not moved.*crashed'
    NODE=n1 act 0 stop
    move_to n1 n2
    [ "$RC" = 1 ]
    reason 'not moved.*frozen'
    only_on n1
    NODE=n1 frozen
}

# unmoved NAME STATE [guest's options]: a guest whom something is to befall before it is moved.
unmoved() {
    guest "$1" tiny "${@:3}"
    PARAMS+=(migration_transport=tcp)
    NODE=n1 act 0 start
    NODE=n1 guest_up
    befalls
    wait_for 20 "$2" stands_at "$2"
    move_to n1 n2
    [ "$RC" = 1 ]
    only_on n1
    NODE=n1 guest_end
}

@test "nor what hung, or stands on an I/O error" {
    befalls() { NODE=n1 console watchdog; }
    unmoved hung 'paused (watchdog)' --watchdog pause
    reason 'not moved.*watchdog'
    befalls() {
        small_fill
        NODE=n1 console write
    }
    small_disk
    unmoved noroom 'paused (I/O error)' --disk "$SMALL_OPTION"
    small_end
    reason 'not moved.*I/O error'
}
@test "a target that is not there: refused before anything is touched, and told until it is moved" {
    notes_attributes n1
    mover nowhere "remoteuri=qemu+tcp://127.0.0.1:1/system"
    move_to n1 n2 --timeout 20000
    [ "$RC" = 1 ]
    reason 'not moved to n2.*stayed here.*cannot take the guest.*127.0.0.1'
    only_on n1
    goes_on
    attribute n1 'update=migrating: not moved to n2'
    PARAMS+=(remoteuri=qemu+tcp://%n/system)
    moves n1 n2
    attribute n1 'delete'
}
# There is no cluster to tell: what would be told is noted.
notes_attributes() {
    on "$1" sh -c 'cat >/usr/sbin/attrd_updater' <<'END'
#!/bin/sh
# A mock of attrd_updater: it notes how it was called.
echo "$@" >>/run/mock-attributes
END
}
attribute() { on "$1" tail -n 1 /run/mock-attributes | grep -q -- "$2" || fail "$(on "$1" cat /run/mock-attributes)"; }

@test "1231: a config that is gone on the target: the guest is known there by its probe, and stops" {
    scenario() {
        guest "$1" tiny --append 'write=50'
        for node in n1 n2; do
            on "$node" cp "$CONFIG" "/srv/local/$1.xml"
        done
        PARAMS=("config=/srv/local/$1.xml" hypervisor=qemu:///system
            remoteuri=qemu+tcp://%n/system migrate_options=--unsafe)
        NODE=n1 act 0 start --as "$2"
        NODE=n1 guest_up
        NODE=n2 act 7 monitor --as "$2"
        on n2 rm "/srv/local/$1.xml"
        move_to n1 n2 --as "$2"
        [ "$RC" = 0 ] || fail "migrate_to: $RC $OUT"
        come_from n2 n1 --as "$2" --timeout 10000
        [ "$RC" = 0 ] || fail "migrate_from: $RC $OUT"
        NODE=n2 act 0 monitor --interval 10000 --as "$2"
        NODE=n2 act 0 stop --as "$2"
        only_on ""
    }
    said=$(scenario theirs heartbeat/VirtualDomain 2>&1) && fail "VirtualDomain passes"
    grep '^FAILED' <<<"$said"
    GUEST=theirs NODE=n2 guest_end
    scenario ours virt/GuardedVM
}

@test "without a target or a source: an answer at once" {
    guest nothing tiny
    NODE=n1 act 2 migrate_to
    reason 'migrate_target'
    NODE=n1 act 2 migrate_from
    reason 'migrate_source'
    come_from n2 n1 --timeout 10000
    [ "$RC" = 1 ]
    reason 'does not run'
}

@test "options that virsh migrate has and others: refused with the reason where the guest would not run" {
    guest picky tiny
    PARAMS+=(migrate_options=--suspend)
    NODE=n1 act 6 start
    reason "migrate_options.*--suspend.*would not run"
    PARAMS+=(migrate_options=--liv)
    NODE=n1 act 6 validate-all
    reason "migrate_options.*--liv"
}

# --- parameters, each under both agents ---

# The port of the target by which its memory comes.
comes_by() { on n2 ss -Hatn "sport = :$1" | grep -q .; }
moves_as() { # agent, param=value...
    guest "$1" tiny --append 'write=50 fill=32'
    AGENT=$2
    PARAMS+=("${@:3}")
    NODE=n1 act 0 start --as "$AGENT"
    NODE=n1 guest_up
    wait_for 20 "writes" sequence_above 5
    boot=$(boot_of)
    begins n1 n2 --as "$AGENT" --timeout 60000
}
arrives() {
    finished 60
    [ "$RC" = 0 ] || fail "$AGENT: $OUT"
    only_on n2
    never_rebooted "$boot"
    NODE=n2 guest_end
}
both_agents() { # SCENARIO
    "$1" theirs heartbeat/VirtualDomain
    "$1" ours virt/GuardedVM
}
hosts() { # names of the migration network, on both nodes
    for node in n1 n2; do
        on "$node" sh -c "grep -q n2-mig /etc/hosts || echo 10.77.0.2 n2-mig >>/etc/hosts"
    done
}

@test "migration_transport, migration_network_suffix, migrateport: where it goes" {
    hosts
    scenario() {
        moves_as "$@" hypervisor=qemu:///system migration_transport=tcp migrateport=49444 \
            migration_network_suffix=-mig migration_speed=4 migrate_options=--unsafe
        comes_by 49444
        comes_to_an_end
        arrives
    }
    both_agents scenario
}
comes_to_an_end() {
    NODE=n1 console fill 0
    NODE=n1 virsh migrate-setspeed "$GUEST" 1000
}

@test "remoteuri, migrateuri: %n is the target's name" {
    scenario() {
        moves_as "$@" hypervisor=qemu:///system remoteuri=qemu+tcp://%n/system \
            migrateuri=tcp://%n:49445 migration_speed=4 migrate_options=--unsafe
        comes_by 49445
        comes_to_an_end
        arrives
    }
    both_agents scenario
}

@test "migration_speed and migration_downtime: QEMU is told" {
    scenario() {
        moves_as "$@" hypervisor=qemu:///system migration_transport=tcp migration_speed=7 \
            migration_downtime=1234 migrate_options=--unsafe
        [ "$(NODE=n1 virsh migrate-getspeed "$GUEST")" = 7 ] || speed_is $((7 * 1024 * 1024))
        wait_for 10 "the downtime" downtime_is 1234
        comes_to_an_end
        arrives
    }
    both_agents scenario
}
speed_is() { parameters | grep -q "\"max-bandwidth\":$1\b"; }

@test "migration_user: a part of the URI, as VirtualDomain has it" {
    # ssh is not here: what it would be called with is.
    on n1 sh -c 'cat >/usr/local/bin/mock-ssh && chmod 755 /usr/local/bin/mock-ssh' <<'END'
#!/bin/sh
# A mock of ssh: it notes how it was called, and reaches nobody.
echo "$@" >>/run/mock-ssh
exit 255
END
    scenario() {
        guest "$1" tiny
        n1 rm -f /run/mock-ssh
        PARAMS+=(hypervisor=qemu:///system migration_user=virt
            "${3:-migration_transport=ssh}")
        NODE=n1 act 0 start --as "$2"
        n1 ln -sf /usr/local/bin/mock-ssh /usr/local/bin/ssh
        NODE=n1 move_to n1 n2 --as "$2" --timeout 20000
        n1 rm -f /usr/local/bin/ssh
        [ "$RC" = 1 ]
        n1 grep -q -- '-l virt.* n2 ' /run/mock-ssh || fail "$(n1 cat /run/mock-ssh)"
        NODE=n1 guest_end
    }
    both_agents scenario
}

@test "auto-converge, timeout: options in the words of virsh migrate" {
    APPEND=fill=32 mover hurried migration_speed=16 'migrate_options=--unsafe --auto-converge --timeout 2'
    moves n1 n2 --timeout 40000
    only_on n2
    goes_on
    never_rebooted "$boot"
}

# A kernel lets only root's QEMU handle its own page faults, unless it was told otherwise.
roots_qemu() { # yes|no
    for node in n1 n2; do
        on "$node" sed -i -e '/^user = /d' -e '/^clear_emulator/d' /etc/libvirt/qemu.conf
        [ "$1" = no ] || on "$node" sh -c 'cat >>/etc/libvirt/qemu.conf' <<<'user = "root"
clear_emulator_capabilities = 0'
        lab libvirtd "$node" restart
    done
}

@test "post-copy: a guest that never comes to an end is moved in time, and loses nothing" {
    roots_qemu yes
    APPEND=fill=32 mover split migration_speed=4 'migrate_options=--unsafe --postcopy'
    moves n1 n2 --timeout 30000
    only_on n2
    goes_on
    never_rebooted "$boot"
}
