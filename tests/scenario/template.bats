#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# doc/watchdogs.md on a real cluster of two nodes: a resource template's default for many guests
# and overrides for single ones, in the domains that libvirt has, and in what happens to guests
# that hang.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario
load ../lib/guide

setup_file() { scenario_up --nodes 2; }
teardown_file() { scenario_down; }

setup() {
    guest web tiny
    guest db tiny --watchdog poweroff
    guest old tiny --watchdog poweroff
    as_guided watchdogs.md '<template id="guarded"'
    as_guided watchdogs.md '<primitive id="web"'
    as_guided watchdogs.md '<primitive id="db"'
    for GUEST in web db old; do wait_for 60 "$GUEST to run" running "$GUEST"; done
}

teardown() {
    [ -n "${BATS_TEST_COMPLETED:-}" ] || n1 crm_mon -1rfA || true
    for GUEST in web db old; do
        n1 pcs resource delete "$GUEST" --force >/dev/null 2>&1 || true
        for NODE in n1 n2; do guest_end; done
    done
    n1 cibadmin --delete --scope resources --xml-text '<template id="guarded"/>' || true
}

# running GUEST: as the cluster sees it; NODE becomes its node.
running() { [ -n "$(node_of "$1")" ]; }
node_of() { n1 crm_resource -r "$1" --locate 2>/dev/null | sed -n 's/.* is running on: \(n[0-9]\).*/\1/p'; }
at() { NODE=$(node_of "$GUEST") "$@"; }
parameter() { n1 crm_resource -r "$1" --get-parameter "$2" "${@:3}"; }
# device GUEST XPATH: what libvirt's domain has.
device() { GUEST=$1 at virsh dumpxml "$1" | xmllint --xpath "string(/domain/devices/$2)" -; }
pid_of() { GUEST=$1 at oracle pids "$1"; }
acts() { [ "$(device "$1" watchdog/@action)" = "$2" ]; }

@test "the template's default, two overrides: in force, and in the domains of libvirt" {
    [ "$(device web watchdog/@action) $(device web watchdog/@model)" = 'pause i6300esb' ]
    [ "$(device db watchdog/@action)" = reset ]
    [ -z "$(device old watchdog/@model)" ]
    for row in web=pause db=reset old=disabled; do
        [ "$(parameter "${row%=*}" watchdog)" = "${row#*=}" ]
        [ "$(parameter "${row%=*}" panic_device)" = auto ]
        [ "$(parameter "${row%=*}" migration-threshold --meta)" = 1 ]
    done
}

@test "two guests hang: one is frozen and runs elsewhere, the other is reset in place" {
    pid=$(pid_of web)
    from=$(node_of web)
    GUEST=web at guest_up
    GUEST=web at console watchdog=5
    GUEST=web at console hang
    lab wait-resource web "$([ "$from" = n1 ] && echo n2 || echo n1)" started 60
    [ "$pid" = "$(NODE=$from oracle pids web)" ] || fail "its memory is lost"
    NODE=$from GUEST=web IMAGE=/srv/shared/web.img frozen_here

    pid=$(pid_of db)
    GUEST=db at guest_up
    GUEST=db at console watchdog=5
    GUEST=db at console hang
    wait_for 20 "the hang" not ping_db
    wait_for 60 "the reset" ping_db
    [ "$pid" = "$(pid_of db)" ]
}
ping_db() { on "$(node_of db)" "$SCENARIO_TOP/tests/guest/console" -t 1 db ping; }

@test "an override is given, the template changed, the override taken back: one restart" {
    override() { guide watchdogs.md '--set-parameter watchdog' | grep -e "--$1" | n1 sh -eux; }
    was=$(pid_of web)
    db=$(pid_of db)
    override set-parameter
    wait_for 60 "web to run with its override" acts web reset
    web=$(pid_of web)
    [ "$web" != "$was" ]
    n1 cibadmin --modify --scope resources --xml-text '<template id="guarded">
        <instance_attributes id="guarded-params">
        <nvpair id="guarded-watchdog" name="watchdog" value="reset"/></instance_attributes></template>'
    override delete-parameter
    n1 crm_resource --wait --timeout=60
    [ "$(parameter web watchdog)" = reset ]
    [ "$web $db" = "$(pid_of web) $(pid_of db)" ] || fail "guests were restarted"

    n1 cibadmin --modify --scope resources --xml-text '<template id="guarded">
        <instance_attributes id="guarded-params">
        <nvpair id="guarded-watchdog" name="watchdog" value="none"/></instance_attributes></template>'
    wait_for 60 "web to take the template's action" acts web none
    n1 crm_resource --wait --timeout=60
    [ "$db" = "$(pid_of db)" ] || fail "who overrides it was restarted"
    acts old ''
}
