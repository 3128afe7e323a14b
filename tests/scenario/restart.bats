#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Pacemaker restarts on the guest's node at each step of an incident: no report is lost, none is
# doubled. Judged by Pacemaker itself (its log of results, its fail counts, where the resource is), by
# the record, and from outside. Where a stop of Pacemaker would stop the guest, maintenance mode
# or an unmanaged resource keeps it from that.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/watching
load ../lib/incluster

PACEMAKER_LOG=/var/log/pacemaker/pacemaker.log

setup_file() { scenario_up --nodes 2; }
teardown_file() { scenario_down; }

teardown() {
    [ -n "${BATS_TEST_COMPLETED:-}" ] || { record | jq -c .incident; results; } || true
    lab cluster n1 start >/dev/null 2>&1 || true
    n1 pcs node unstandby n2 || true
    resource_end
}

# Both lives of it see the same guests: /run, and what runs, stay.
pacemaker_restarts() {
    lab cluster n1 stop
    lab cluster n1 start
    lab wait-node n1 online 60
    n1 crm_resource --wait --timeout=60
}

# What n1's Pacemaker has heard of the guest's monitors and probes, over all of its lives.
results() { n1 grep -E "controld.* Result of (monitor|probe) operation for $GUEST on n1" "$PACEMAKER_LOG"; }
failures() { results | grep -c ' on n1: error'; }
moments() { record | jq "[.incident.moments[] | select(.what == \"$1\")] | length"; }

# reported_once: to Pacemaker, which acted on it once; the guest lies frozen, its twin runs on n2.
reported_once() {
    wait_for 60 "the peer" located n2
    frozen_here
    guardedvm verify "$GUEST"
    record_says '[.incident.moments[].what] | index("frozen")'
    [ "$(moments frozen)" = 1 ] || fail "frozen $(moments frozen) times"
    [ "$(failures)" = 1 ] || fail "not one failure: $(results)"
}

@test "crashed and unreported: reported when it is back, once" {
    guest twice tiny --append write
    resource
    maintenance
    lab cluster n1 stop
    console panic
    wait_for 10 "the note" record_says '.incident.state == "seen"'
    lab cluster n1 start
    lab wait-node n1 online 60
    wait_for 20 "the attribute" attribute_says 'host="n1".*crashed: guest panicked'
    maintenance_ends
    reported_once
}

@test "recovering: its grace goes on, and it recovers without a failure" {
    guest dumps tiny
    resource kdump_grace=300s
    maintenance
    console crashload
    wait_for 10 "the note" record_says '.incident.state == "recovering"'
    pacemaker_restarts
    maintenance_ends
    wait_for 30 "degraded" crm_shows 'dumps.*monitor.*dumps its memory itself'
    record_says '.incident.state == "recovering"'
    console reset || true
    wait_for 30 "well again" record_says '.incident.state == "recovered"'
    n1 crm_resource --wait --timeout=60
    located n1
    [ "$(fail_count)" = 0 ]
    [ "$(failures)" = 0 ] || fail "$(results)"
}

@test "recovering: its grace is over at the time that it was from the beginning, and then it fails, once" {
    guest stuck tiny
    resource panic_grace=30s
    maintenance
    console panic
    wait_for 10 "the note" record_says '.incident.state == "recovering"'
    # A slow machine's restart may outlast the grace.
    pacemaker_restarts
    back=$(now_ms)
    maintenance_ends
    reported_once
    seen=$(record | jq .incident.seen_wall_ms)
    reported=$(record | jq '.incident.moments[] | select(.what == "reported").wall_ms')
    [ $((reported - seen)) -ge 30000 ] ||
        fail "$((reported - seen)) ms after the panic it was reported already"
    [ $((reported - back)) -lt 30000 ] || fail "its grace began anew with Pacemaker"
    echo "# reported $((reported - seen)) ms after the panic, of which 30 s were its grace" >&3
}

@test "reported, and unmanaged: each life of Pacemaker hears it once, and recovers it when it may" {
    guest told tiny --append write
    resource
    n1 pcs resource unmanage told
    wait_for 10 "no management" crm_shows 'told.*unmanaged'
    console panic
    wait_for 20 "the report" record_says '.incident.state == "reported"'
    wait_for 20 "the failure" crm_shows 'told.*monitor.*guest panicked'
    [ "$(fail_count)" = 1 ]
    pid=$(oracle pids told)
    pacemaker_restarts
    [ "$pid" = "$(oracle pids told)" ]
    record_says '.incident.state == "reported"'
    # The new life has forgotten the failure, and hears it anew: once.
    wait_for 20 "the failure" crm_shows 'told.*monitor.*guest panicked'
    [ "$(fail_count)" = 1 ]
    n1 pcs resource manage told
    wait_for 60 "the peer" located n2
    frozen_here
    [ "$(fail_count)" = 1 ]
    [ "$(moments reported) $(moments frozen)" = "1 1" ]
    [ "$(results | grep -c 'Result of monitor .* on n1: error')" = 2 ] || fail "$(results)"
}

@test "reported, and its stop is to come: the stopping Pacemaker does it" {
    guest stops tiny --append write
    resource
    n1 touch /run/this-life
    console panic
    wait_for 10 "the report" record_says '.incident.moments | any(.what == "reported")'
    lab cluster n1 stop
    reported_once
    lab cluster n1 start
    lab wait-node n1 online 60
    n1 crm_resource --wait --timeout=60
    reported_once
    n1 test -e /run/this-life
}

@test "reported, and pacemakerd is killed: what it had started goes on" {
    guest orphans tiny --append write
    resource
    n1 touch /run/this-life
    console panic
    wait_for 10 "the report" record_says '.incident.moments | any(.what == "reported")'
    n1 sh -c 'kill -KILL "$(pgrep -x pacemakerd)"'
    n1 setsid pacemakerd -f </dev/null >/dev/null 2>&1 3>&- & # as systemd does: corosync goes on
    disown
    lab wait-node n1 online 60
    n1 crm_resource --wait --timeout=60
    reported_once
    [ "$(fail_count)" = 1 ]
    n1 test -e /run/this-life
}

@test "frozen: it stays frozen and known, nothing is reported anew, and it is not started here" {
    guest lies tiny --append write
    resource
    console panic
    reported_once
    pid=$(oracle pids lies)
    pacemaker_restarts
    reported_once
    [ "$pid" = "$(oracle pids lies)" ]
    wait_for 20 "the attribute" attribute_says 'host="n1".*frozen: guest panicked; 20'
    guardedvm list | grep -q lies
    [ "$(fail_count)" = 0 ]

    n1 pcs node standby n2
    wait_for 60 "the refused start" crm_shows 'lies.*start.*on n1.*still holds guest'
    lab wait-resource lies n1 stopped 30
    [ "$pid" = "$(oracle pids lies)" ]
    guardedvm verify lies
    n1 pcs node unstandby n2
    wait_for 60 "the peer" located n2
    frozen_here

    guardedvm release lies --force
    dead
    wait_for 10 "no attribute" not attribute_says 'host="n1".*frozen'
}
