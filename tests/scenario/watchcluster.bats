#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The watch on a real cluster: what Pacemaker, its people and its alerts hear, and when. Two nodes,
# fencing on, the monitor that the meta-data advises.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/watching

setup_file() { scenario_up --nodes 2; }
teardown_file() { scenario_down; }

teardown() {
    [ -n "${BATS_TEST_COMPLETED:-}" ] || n1 crm_mon -1rfA || true
    n1 pcs property set maintenance-mode=false || true
    n1 pcs resource delete "${GUEST:-none}" --force >/dev/null 2>&1 || true
    for NODE in n1 n2; do guest_end; done
    n1 crm_resource --cleanup >/dev/null 2>&1 || true
}

# resource [param=value...]: the guest as a resource that prefers n1.
resource() {
    n1 pcs resource create "$GUEST" ocf:virt:GuardedVM "config=$CONFIG" "$@" \
        op start timeout=60s op stop timeout=60s op monitor interval=1s timeout=40s \
        meta migration-threshold=1 resource-stickiness=100 --disabled
    n1 pcs constraint location "$GUEST" prefers n1=10
    n1 pcs resource enable "$GUEST"
    lab wait-resource "$GUEST" n1 started 60
    NODE=n1 guest_up
    wait_for 30 "a monitor that is held" is_held
}

crm_shows() { n1 crm_mon -1rfA | grep -Eiq "$1"; }
attribute() { n1 attrd_updater --query --name "guardedvm-$GUEST" --all 2>/dev/null; }
attribute_says() { attribute | grep -Eq "$1"; }

@test "a panic: the failed monitor with its reason in crm_mon, the attribute, the peer" {
    guest web tiny --append write
    resource
    at=$(now_ms)
    console panic
    lab wait-resource web n2 started 30
    took=$(($(now_ms) - at))
    crm_shows 'web.*monitor.*on n1.*guest panicked'
    frozen_here
    wait_for 10 "the attribute" attribute_says 'host="n1".*frozen: guest panicked; 20'
    guardedvm list | grep -q 'guest panicked'
    echo "# on the peer, by crm_mon, after $took ms" >&3
}

@test "maintenance mode: a panic is noted and announced, and nothing is touched" {
    guest quiet tiny --append write
    resource
    pid=$(oracle pids quiet)
    n1 pcs property set maintenance-mode=true
    wait_for 20 "no monitor" not is_held
    console panic
    wait_for 10 "the note" record_says '.incident.state == "seen"'
    wait_for 10 "the attribute" attribute_says 'crashed: guest panicked'
    guest_has_had_time
    [ "$pid" = "$(oracle pids quiet)" ]
    oracle holds quiet "$IMAGE"
    not crm_shows 'quiet.*monitor.*guest panicked'
    [ "$(virsh domstate quiet)" = crashed ]
    n1 pcs property set maintenance-mode=false
    wait_for 60 "the peer" located n2
    frozen_here
}
located() { [ "$(n1 crm_resource -r "$GUEST" --locate --quiet)" = "$1" ]; }

@test "maintenance mode: a guest that stands on an I/O error is left standing" {
    n1 sh -c 'truncate -s 24M /srv/local/small.img && mkfs.ext4 -q -O ^has_journal -m 0 \
        /srv/local/small.img && mkdir -p /srv/local/small &&
        mount -o loop /srv/local/small.img /srv/local/small && chmod 0777 /srv/local/small'
    disk_new /srv/local/small/disk.img
    guest stands tiny --disk "virtio:raw:/srv/local/small/disk.img:werror=enospace"
    resource
    n1 pcs property set maintenance-mode=true
    wait_for 20 "no monitor" not is_held
    n1 dd if=/dev/zero of=/srv/local/small/rest bs=64k status=none || true
    n1 dd if=/dev/zero of=/srv/local/small/last bs=1k status=none || true
    console write
    wait_for 10 "the attribute" attribute_says 'io-error: disk vda: no space'
    n1 rm /srv/local/small/rest /srv/local/small/last
    guest_has_had_time
    [ "$(virsh domstate stands)" = paused ]
    n1 pcs property set maintenance-mode=false
    wait_for 30 "it runs again" virsh_says stands running
    n1 pcs resource delete stands --force
    guest_end
    n1 umount -l /srv/local/small
}

@test "on_guest_shutdown=stop: shut down from inside it stays off, until it is enabled" {
    guest owner tiny
    resource on_guest_shutdown=stop
    console poweroff || true
    wait_for 30 "the role" crm_shows 'owner.*Stopped.*disabled'
    crm_shows 'owner.*monitor.*shut down from inside'
    guest_has_had_time
    dead
    NODE=n2 dead
    n1 crm_resource --cleanup -r owner
    n1 pcs resource enable owner
    lab wait-resource owner n1 started 60
}

@test "on_guest_shutdown=stop does not mean an administrator's virsh shutdown" {
    guest pressed tiny
    resource on_guest_shutdown=stop
    virsh shutdown pressed
    lab wait-resource pressed n2 started 60
}

@test "Pacemaker restarts with the guest crashed, unreported: reported when it is back, once" {
    guest twice tiny --append write
    resource
    n1 pcs property set maintenance-mode=true
    wait_for 20 "no monitor" not is_held
    lab cluster n1 stop
    console panic
    wait_for 10 "the note" record_says '.incident.state == "seen"'
    lab cluster n1 start
    lab wait-node n1 online 60
    n1 pcs property set maintenance-mode=false
    wait_for 60 "the peer" located n2
    frozen_here
    fails=$(n1 crm_failcount --query -r twice -N n1 -G -q 2>/dev/null || n1 crm_failcount -r twice -N n1 -G -q)
    [[ "${fails:-0}" =~ ^(0|1|INFINITY)$ ]]
}

@test "leaving maintenance mode is not slowed by monitors that wait" {
    guest prompt tiny
    resource
    n1 pcs property set maintenance-mode=true
    wait_for 20 "no monitor" not is_held
    at=$(now_ms)
    n1 pcs property set maintenance-mode=false
    n1 crm_resource --wait --timeout=60
    [ $(($(now_ms) - at)) -lt 8000 ] || fail "it took $(($(now_ms) - at)) ms"
}
