#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The alert agent, set up as doc/operating.md says and run by Pacemaker itself: which lines people
# get of a guest's crash, each once, and that a link planted at the file's place is not followed.
# What it makes of which value is tests/agent/alert.sh's business.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/guide
load ../lib/watching
load ../lib/incluster
load ../lib/syslog

MESSAGES=/var/log/pacemaker/guardedvm.log # as the guide says
VICTIM=/var/log/pacemaker/victim          # of a link that hacluster could follow

setup_file() {
    scenario_up --nodes 2
    as_guided operating.md 'pcs alert create'
}
teardown_file() { scenario_down; }

teardown() {
    [ -n "${BATS_TEST_COMPLETED:-}" ] || { lines; on_both tail -n 5 /var/log/pacemaker/pacemaker.log; } || true
    for node in n1 n2; do syslog_end "$node"; done
    lab cluster n1 start >/dev/null 2>&1 || true
    resource_end
    on_both rm -f "$MESSAGES" "$VICTIM"
}

on_both() { on n1 "$@" && on n2 "$@"; }

# Which of the nodes writes is Pacemaker's choice.
lines() { { on n1 cat "$MESSAGES"; on n2 cat "$MESSAGES"; } 2>/dev/null | grep "^.\{19\} ${GUEST}[ :]" | sort -s -k 1,2; }
# Without the two times, of the alert and of the event.
without_times() { sed -E 's/^.{20}//; s/ \([0-9T:.-]+Z\)$//'; }
told() { lines | without_times; }
told_on() { on "$1" cat "$MESSAGES" 2>/dev/null | without_times; }
told_just() { [ "$(told)" = "$(printf '%s\n' "$@")" ]; }

crashed_and_frozen() {
    console panic
    lab wait-resource "$GUEST" n2 started 60
    wait_for 20 "two lines" told_just "${CRASHED[@]/#/$GUEST }"
}
CRASHED=("crashed on n1: guest panicked" "is frozen on n1, its memory kept: guest panicked")

@test "a panic: two lines that can be read, each once; a third when the guest is released, a fourth when it runs there again" {
    guest web tiny --append write
    resource
    crashed_and_frozen
    time='20[0-9]{2}-[0-9]{2}-[0-9]{2}'
    [ "$(lines | grep -Ec "^${time} [0-9:]{8} web .*: guest panicked \(${time}T[0-9:.]{12}Z\)\$")" = 2 ]

    # Pacemaker tells all nodes' values when one changes: those of n1 are no news.
    NODE=n2 guest_up
    NODE=n2 console panic
    wait_for 30 "the line of n2" eval 'told | grep -q "web is frozen on n2"'
    [ "$(told | grep -c 'on n1')" = 2 ]

    # Either node knows it of all, in every form.
    for node in n1 n2; do
        NODE=$node guardedvm list --cluster | grep -Eq '^ +n1 +web +frozen +20[0-9TZ:.-]+ +guest panicked$'
        NODE=$node guardedvm list --cluster --output-as=json | jq -e '[.incidents[] |
            select(.resource == "web" and .state == "frozen" and .reason == "guest panicked").node] |
            sort == ["n1", "n2"]'
        NODE=$node guardedvm list --cluster --output-as=xml >"$SHARED/incidents.xml"
        xmllint --noout --relaxng "$SCENARIO_TOP/helper/ctl/guardedvm.rng" "$SHARED/incidents.xml"
        [ "$(xmllint --xpath 'count(//incident[resource="web"][time])' "$SHARED/incidents.xml")" = 2 ]
    done

    guardedvm release web --force
    wait_for 20 "the line of the release" eval 'told | grep -q "web was released on n1: guest panicked, evidence in /"'
    wait_for 10 "n2 to know" eval 'NODE=n2 guardedvm list --cluster --output-as=json |
        jq -e "[.incidents[] | select(.node == \"n1\").state] == [\"released\"]" >/dev/null'
    n1 crm_resource --cleanup -r web
    lab wait-resource web n1 started 60
    wait_for 20 "the line that all is well" eval 'told | grep -qx "web: all is well again on n1"'
    guest_has_had_time
    [ "$(told | grep -c 'on n1')" = 4 ] || fail "told: $(told)"
    [ "$(told | grep -c 'on n2')" = 2 ] || fail "told: $(told)"
}

@test "a guest that helps itself: it may recover, it is well again" {
    guest dumps tiny
    resource kdump_grace=120s
    console crashload
    wait_for 20 "the first line" told_just \
        "dumps may recover by itself on n1: guest panicked and dumps its memory itself"
    console reset || true
    wait_for 20 "the second" told_just \
        "dumps may recover by itself on n1: guest panicked and dumps its memory itself" \
        "dumps is well again on n1: recovered by itself: guest panicked and dumps its memory itself"
    located n1
}

@test "Pacemaker restarts where the guest lies frozen: told on no node twice, nor that all is well" {
    guest lies tiny
    resource
    crashed_and_frozen
    lab cluster n1 stop
    lab cluster n1 start
    lab wait-node n1 online 60
    n1 crm_resource --wait --timeout=60
    wait_for 20 "the attribute" attribute_says 'host="n1".*frozen: guest panicked'
    guest_has_had_time
    # Another node may tell now, which has not heard the first one: once each, by file.
    [ "$(told | sort -u)" = "$(printf 'lies %s\n' "${CRASHED[@]}")" ] || fail "told: $(told)"
    for node in n1 n2; do not grep . <<<"$(told_on "$node" | sort | uniq -d)"; done
    guardedvm verify lies
}

@test "a link planted at the file's place is not followed: syslog is told, and Pacemaker's log says so" {
    on_both sh -c 'echo mine >"$1" && chown hacluster: "$1" && ln -s "$1" "$2"' - "$VICTIM" "$MESSAGES"
    for node in n1 n2; do syslog_begin "$node"; done
    guest linked tiny
    resource
    console panic
    lab wait-resource linked n2 started 60
    wait_for 20 "syslog's lines" either_syslog_says 'guardedvm-alert.*linked is frozen on n1, its memory kept'
    either_syslog_says 'guardedvm-alert.*linked crashed on n1'
    [ "$(on n1 cat "$VICTIM")$(on n2 cat "$VICTIM")" = minemine ]
    on_both sh -c 'test -L "$1"' - "$MESSAGES"
    wait_for 10 "Pacemaker's log" log_says 'guardedvm\[.*no file that can be written: syslog is told'
    log_says 'Alert .* exited with status 1'
}

# Which of the nodes tells is Pacemaker's choice.
either_syslog_says() { syslog_says n1 "$1" || syslog_says n2 "$1"; }
log_says() { { on n1 cat /var/log/pacemaker/pacemaker.log; on n2 cat /var/log/pacemaker/pacemaker.log; } | grep -Eq "$1"; }
