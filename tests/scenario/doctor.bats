#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What fights a cluster, made for real on one node: the doctor names it with what to do, and when
# that is done it is gone. Words are checked by what they lead to; libvirt and the files of the
# node say what is there.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/syslog

setup_file() {
    scenario_up --nodes 1 --no-cluster
    n1 rm -f /etc/systemd/system/multi-user.target.wants/libvirt-guests.service
}
teardown_file() { scenario_down; }
setup() { n1 cp /etc/libvirt/qemu.conf /tmp/qemu.conf; }
teardown() {
    syslog_end n1
    n1 sh -c 'cd /run/libvirt && ! [ -S virtqemud-sock ] || mv virtqemud-sock libvirt-sock'
    lab libvirtd n1 resume 2>/dev/null || true
    lab libvirtd n1 start
    virsh managedsave-remove "${GUEST:-none}" 2>/dev/null || true
    guest_end
    n1 sh -c 'mv /tmp/qemu.conf /etc/libvirt/qemu.conf
        rm -f /etc/libvirt/qemu-lockd.conf /etc/default/libvirt-guests
        rm -f /etc/systemd/system/multi-user.target.wants/libvirt-guests.service
        [ ! -e /tmp/listener.pid ] || kill "$(cat /tmp/listener.pid)"
        rm -f /tmp/listener.pid' || true
}

# Of the guest's config; sets RC and TOLD (JSON).
doctor() {
    RC=0
    TOLD=$(guardedvm doctor --output-as=json --config="$CONFIG") || RC=$?
}

# The findings of that word as JSON, of node and guest; fails where there is none.
finding() {
    jq -e --arg word "$1" '.doctor | .findings[], .guests[].findings[] |
        select(.word == $word)' <<<"$TOLD"
}
finds() { # WORD WEIGHT REGEX of what was found
    doctor
    finding "$1" | jq -es --arg weight "$2" --arg found "$3" \
        'any(.weight == $weight and (.found | test($found)))' >/dev/null ||
        fail "no $2 '$1' that says '$3' in $TOLD"
}
finds_no() {
    doctor
    ! finding "$1" || fail "'$1' is still there"
}
# The command that the finding says, typed by its reader.
follow() { n1 sh -euxc "LIBVIRT_DEFAULT_URI=qemu:///system; export LIBVIRT_DEFAULT_URI
    $(finding "$1" | jq -r '."to-do"' | sed 's/ (.*//; s/; .*//; s/, without.*//')"; }

conflict() { # WORD REGEX: validate-all fails for it too, with the remedy
    finds "$1" conflict "$2"
    [ "$RC" = 6 ] || fail "exit code $RC"
    act 1 validate-all --level 10
    reason "$1.*To do: "
    one_reason
}
no_conflict() {
    doctor
    [ "$RC" = 0 ] || fail "exit code $RC: $TOLD"
    act 0 validate-all --level 10
}

# edit SED: the guest's config.
edit() { sed -i -E "$1" "$SHARED/$GUEST.xml"; }

@test "a guest that suits: no conflict, by text, JSON and XML that its schema allows" {
    local text
    guest suits tiny --watchdog pause
    no_conflict
    [ "$(jq -r '.doctor.guests[0].name' <<<"$TOLD")" = suits ]
    text=$(guardedvm doctor --config "$CONFIG")
    grep -q '^this node: ' <<<"$text"
    grep -q '^guest suits: ' <<<"$text"
    grep -q 'a crash freezes it' <<<"$text"
    guardedvm doctor --output-as=xml --config="$CONFIG" | n1 xmllint --noout --nonet \
        --relaxng "$SCENARIO_TOP/helper/ctl/guardedvm.rng" -
}

@test "autostart: found, refused by validate-all, gone by its own remedy" {
    guest starts tiny
    virsh define "$CONFIG"
    no_conflict
    finds defined note 'defined'
    virsh autostart "$GUEST"
    conflict autostart 'autostart'
    follow autostart
    [ "$(virsh dominfo "$GUEST" | awk '/^Autostart/ { print $2 }')" = disable ]
    no_conflict
    follow defined
    not virsh dominfo "$GUEST"
    finds_no defined
}

@test "a managed save: the same" {
    guest saved tiny
    virsh define "$CONFIG"
    virsh start "$GUEST"
    virsh managedsave "$GUEST"
    conflict managed-save 'managed save'
    follow managed-save
    no_conflict
}

@test "libvirt-guests: a warning, and a conflict where it would start or save the guest" {
    local link=/etc/systemd/system/multi-user.target.wants/libvirt-guests.service
    guest held tiny
    finds_no libvirt-guests
    n1 sh -c "ln -s /lib/systemd/system/libvirt-guests.service $link &&
        printf 'ON_BOOT=start\nON_SHUTDOWN=suspend\n' >/etc/default/libvirt-guests"
    finds libvirt-guests warning "$link"
    no_conflict
    virsh define "$CONFIG"
    conflict libvirt-guests-start 'ON_BOOT=start'
    n1 sed -i 's/start/ignore/' /etc/default/libvirt-guests
    finds_no libvirt-guests-start
    conflict libvirt-guests-save 'ON_SHUTDOWN=suspend'
    n1 sed -i 's/suspend/shutdown/' /etc/default/libvirt-guests
    no_conflict
    follow libvirt-guests
    finds_no libvirt-guests
}

@test "qemu.conf: what libvirt would do at shutdown, its lock manager, the ports of migrations" {
    guest conf tiny
    virsh define "$CONFIG"
    n1 sh -c 'cat >>/etc/libvirt/qemu.conf <<END
auto_shutdown_try_save = "persistent"
auto_shutdown_poweroff = "all"
lock_manager = "lockd"
migration_port_min = 49160
migration_port_max = 49160
END
        echo "file_lockspace_dir = \"/srv/local\"" >/etc/libvirt/qemu-lockd.conf
        socat TCP-LISTEN:49160,reuseaddr,fork /dev/null </dev/null >/dev/null 2>&1 &
        echo $! >/tmp/listener.pid' 3>&-
    conflict auto-shutdown-save 'persistent'
    finds auto-shutdown warning 'auto_shutdown_'
    finds lock-manager note 'lockd'
    finds lock-local warning "$(n1 findmnt -no FSTYPE -T /srv/local)"
    wait_for 5 "the listener" finds migration-ports warning '49160'
    n1 sh -c 'kill "$(cat /tmp/listener.pid)"; rm /tmp/listener.pid'
    wait_for 5 "the port to be free" finds_no migration-ports
    n1 sed -i '/auto_shutdown/d' /etc/libvirt/qemu.conf
    no_conflict
}

@test "the guest's XML: what is missing, what does not hold, what is refused" {
    guest xml tiny
    edit "s|<panic model='isa'/>||
        s|<devices>|<on_crash>restart</on_crash><on_poweroff>restart</on_poweroff><devices>|
        s|name='qemu' type='raw'|& cache='unsafe' io='io_uring'|"
    finds panic warning 'no panic device'
    finds watchdog-missing note 'no watchdog'
    finds on-crash note 'restart'
    finds on-poweroff warning 'restart'
    finds disk-unsafe warning 'unsafe'
    finds io-uring note 'io_uring'
    no_conflict
    edit "s|</devices>|<watchdog model='i6300esb' action='dump'/>&|"
    finds watchdog-dump conflict 'dump'
    [ "$RC" = 6 ]
    agent validate-all --level 10
    [ "$RC" != 0 ]
    edit "s|action='dump'|action='pause'|"
    finds_no watchdog-dump
    edit 's|</devices>||'
    finds config conflict 'line'
}

@test "disks and NVRAM by what they lie on, and a disk that is not there" {
    guest store tiny --nvram /srv/local/store.nvram --disk virtio:raw:/srv/local/store.img \
        --disk cdrom:raw:/srv/shared/guest/tiny.elf:readonly
    n1 sh -c 'rm -f /srv/local/store.img; cp /srv/shared/guest/tiny.elf /srv/local/store.nvram'
    finds disk-missing conflict 'No such file'
    disk_new /srv/local/store.img
    finds_no disk-missing
    finds disk-local warning "/srv/local/store.img is on $(n1 findmnt -no FSTYPE -T /srv/local)"
    [ "$(finding disk-local | jq -s length)" = 1 ] || fail "the cdrom counts: $TOLD"
    finds nvram-local warning 'store.nvram'
}

@test "what of the guest can be frozen, and what makes it unfreezable" {
    n1 sh -c 'mkdir -p /srv/local/share
        echo "<filesystem type=\"mount\"><source dir=\"/srv/local/share\"/><target dir=\"s\"/>" \
            "</filesystem>" >/srv/shared/9p.xml'
    guest frozen tiny
    doctor
    jq -e '.doctor.guests[0] | .["can-be-frozen"] and
        (.devices | map(.["can-be-frozen"]) | all) and
        (.devices | map(.device) | any(test("disk file vda")) and any(test("interface bridge")))' \
        <<<"$TOLD"
    guest frozen tiny --extra /srv/shared/9p.xml
    doctor
    jq -e '.doctor.guests[0] | (.["can-be-frozen"] | not) and (.devices |
        map(select(.["can-be-frozen"] | not)) | length == 1 and (.[0].device | test("filesystem")) and
        (.[0].why | test("stay open")))' <<<"$TOLD"
    finds local-device warning filesystem
    guardedvm doctor --config "$CONFIG" | grep -q 'ends it instead of freezing it'
}

# That a guest under lockd is frozen, and that of an unknown peer is not, is lockd.bats' business.
@test "a lock manager: under lockd a guest can be frozen, under sanlock a crash would end it" {
    guest locked tiny
    n1 sh -c 'echo "lock_manager = \"lockd\"" >>/etc/libvirt/qemu.conf'
    finds lock-manager note lockd
    finds_no lock-socket
    jq -e '.doctor.guests[0]["can-be-frozen"]' <<<"$TOLD"
    n1 sed -i 's/"lockd"/"sanlock"/' /etc/libvirt/qemu.conf
    finds lock-socket warning sanlock
    jq -e '.doctor.guests[0]["can-be-frozen"] | not' <<<"$TOLD"
}

@test "a guest that runs: known by its name, its devices are those it runs with" {
    guest runs tiny
    act 0 start
    TOLD=$(guardedvm doctor runs --output-as=json)
    jq -e '.doctor.guests[0] | .runs and .resource == "runs" and .parameters == "defaults"' \
        <<<"$TOLD"
    guardedvm doctor | grep -q '^guest runs: '
    act 0 stop
    RC=0
    guardedvm doctor nobody || RC=$?
    [ "$RC" = 3 ]
    RC=0
    guardedvm doctor runs --config="$CONFIG" || RC=$?
    [ "$RC" = 2 ]
}

@test "without libvirt the rest is found, and the exit code tells of the doubt" {
    guest dark tiny
    lab libvirtd n1 stop
    finds unchecked warning 'libvirt'
    [ "$RC" = 1 ]
    finds migration-door note '16509'
    lab libvirtd n1 start
    no_conflict
    finds_no migration-door
}

@test "a libvirt that hangs costs the doctor its time, not its answer" {
    guest hangs tiny
    lab libvirtd n1 pause
    SECONDS=0
    finds unchecked warning 'libvirt|time'
    [ "$SECONDS" -lt 20 ] || fail "it took $SECONDS s"
    lab libvirtd n1 resume
}

@test "a start tells of conflicts in the system's log, and goes on" {
    guest tells tiny
    virsh define "$CONFIG"
    virsh autostart "$GUEST"
    syslog_begin n1
    act 0 start
    wait_for 5 "the conflict" syslog_says n1 'tells.*conflict \(autostart\).*virsh autostart'
    wait_for 5 "the warning" syslog_says n1 'warning \(disk-local\)'
    not syslog_says n1 'note \('
    act 0 stop
}

monitor_fails() { act 1 monitor --interval 10000; }

# The real monolithic daemon behind the socket of the modular one, whose program this system lacks.
@test "libvirt at virtqemud's socket: a guest's whole life, a crash, and the doctor" {
    guest modular tiny
    n1 sh -c 'cd /run/libvirt && mv libvirt-sock virtqemud-sock'
    finds_no unchecked
    PARAMS+=('hypervisor=qemu:///system?mode=direct')
    act 0 validate-all --level 10
    act 0 start
    guest_up
    act 0 monitor --interval 10000
    console panic
    wait_for 10 "the panic" monitor_fails
    act 0 stop
    frozen_here
    act 7 monitor
    guardedvm release modular --force
    dead
}
