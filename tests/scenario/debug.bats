#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# gdb at a frozen guest: it reads registers and memory, and nothing that it says lets the guest
# run, changes it or ends it. Judged by QEMU's own answers, the memory's bytes, and the proof.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() {
    [ -n "${BATS_TEST_COMPLETED:-}" ] || told || true
    session_end
    guest_end
}

OUT_FILE=/run/debug.out
# A guest that panicked and is frozen. Sets QEMU, its process.
frozen_guest() {
    guest "$1" tiny --append write
    act 0 start
    guest_up
    console panic
    wait_for 10 "the panic" virsh_says "$1" crashed
    act 0 stop
    frozen
    QEMU=$(oracle pids "$1")
}

# `guardedvm debug` in the background, until its facts are there. Sets SOCKET.
session() {
    n1 rm -f "$OUT_FILE"
    n1 sh -c 'setsid guardedvm debug "$1" --output-as=json >"$2" 2>&1; echo "code $?" >>"$2"' - \
        "$GUEST" "$OUT_FILE" >/dev/null 2>&1 3>&- &
    wait_for 20 "the session" eval 'told | grep -q "target remote"'
    SOCKET=$(told | jq -r .debug.socket)
}
told() { n1 cat "$OUT_FILE"; }
ended_with() { wait_for 20 "the session's end with $1" eval 'told | grep -qx "code '"$1"'"'; }
session_pid() {
    n1 sh -c 'for c in $(grep -lsx guardedvm /proc/[0-9]*/comm); do
        ! tr "\0" " " 2>/dev/null <"${c%comm}cmdline" | grep -q " debug " || echo "$c" | cut -d/ -f3; done'
}
session_end() {
    local pid
    for pid in $(session_pid || true); do n1 kill -KILL "$pid" || true; done
    n1 rm -f "$OUT_FILE"
}

# gdb's batch of commands; SAID is what it printed, also where one of them failed.
in_gdb() {
    local as_options=() command
    for command; do as_options+=(-ex "$command"); done
    SAID=$(on n1 timeout 60 gdb -nx -batch -ex "target remote $SOCKET" "${as_options[@]}" 2>&1) || true
}
says() { grep -Eq -- "$1" <<<"$SAID" || fail "gdb does not say '$1': $SAID"; }

qmp() { virsh qemu-monitor-command "$GUEST" "$1"; }
# The whole memory and all registers, by QEMU itself.
inside() {
    n1 rm -f /srv/shared/memory
    virsh dump --memory-only "$GUEST" /srv/shared/memory >&2
    n1 sha256sum /srv/shared/memory
    virsh qemu-monitor-command "$GUEST" --hmp 'info registers'
}
still_stands() {
    [ "$(qmp '{"execute":"query-status"}' | jq -c .return)" = "$STATUS" ] || fail "the guest is not as it was"
    [ "$(oracle pids "$GUEST")" = "$QEMU" ]
    frozen
}
STATUS='{"status":"guest-panicked","singlestep":false,"running":false}'
stubs() { qmp '{"execute":"query-chardev"}' | jq '[.return[] | select(.label == "guardedvm-gdb")] | length'; }

@test "gdb reads registers and memory; the proof holds while it is there" {
    frozen_guest read
    # The guest's first instructions, as its image has them.
    words=$(virsh qemu-monitor-command read --hmp 'x /4xw 0x100000' | tr -d '\r' | sed 's/^[^:]*: //')
    n1 rm -f /run/verified
    session
    [ "$(n1 stat -c '%a %u' "$SOCKET")" = "600 0" ]
    [ "$(stubs)" = 1 ]
    in_gdb 'shell guardedvm verify read >/run/verified 2>&1; echo "verify: $?"' \
        'info registers rip' 'x/4xw 0x100000' 'info threads' 'maint packet Qqemu.PhyMemMode:1' 'x/4xw 0x100000'
    says '^verify: 0$'
    says '^rip +0x[0-9a-f]+'
    [ "$(grep -c "^0x100000:.${words// /.}" <<<"$SAID")" = 2 ] || fail "$SAID"
    ended_with 0
    still_stands
    [ "$(stubs)" = 0 ]
    n1 sh -c '! test -e "$1"' - "$SOCKET"
    guardedvm verify read
    act 7 monitor
}

@test "what would let the guest run, change it or end it is refused" {
    frozen_guest refused
    before=$(inside)
    while IFS='|' read -r command answer; do
        session
        in_gdb "$command"
        says "$answer"
        ended_with 0
        still_stands
    done <<'COMMANDS'
continue|frozen and can only be read
stepi|frozen and can only be read
set var *(int *)0x100000 = 1|Cannot access memory
set var $rax = 1|detached
break *0x100000|detached
monitor cont|does not support this command
monitor quit|does not support this command
kill|Can't kill
detach|detached
COMMANDS
    [ "$before" = "$(inside)" ] || fail "the guest has changed"
    guardedvm verify refused
    act 7 monitor
}

@test "a session ends by a signal, by --stop, with its gdb's death; and kill -9 leaves nothing open" {
    frozen_guest ends
    session
    n1 kill -INT "$(session_pid)"
    ended_with 0
    [ "$(stubs)" = 0 ]

    session
    local rc=0
    guardedvm debug ends || rc=$?
    [ "$rc" = 4 ] # one at a time
    first=$(guardedvm debug ends --stop --output-as=xml)
    ended_with 1
    [ "$first" = "$(guardedvm debug ends --stop --output-as=xml)" ]
    grep -q '<open>false</open>' <<<"$first"
    xmllint --noout --relaxng "$SCENARIO_TOP/helper/ctl/guardedvm.rng" - <<<"$first"

    session
    in_gdb 'shell kill -KILL $PPID'
    ended_with 0

    session
    n1 kill -KILL "$(session_pid)"
    wait_for 10 "its end" told_code
    [ "$(stubs)" = 1 ] # which nobody can connect to:
    not n1 sh -c 'ls /var/lib/libvirt/qemu/domain-*-ends/gdb.sock'
    guardedvm verify ends
    session # over what is left
    in_gdb 'info registers rip'
    says '^rip'
    ended_with 0
    still_stands
}
told_code() { told | grep -q '^code'; }

@test "the cluster's actions go on meanwhile: monitor, stop, and release, which ends the session" {
    frozen_guest meanwhile
    session
    act 7 monitor
    act 0 stop
    guardedvm release meanwhile --force
    dead
    ended_with 1
}

@test "only a guest that is frozen and proven to be" {
    guest other tiny --append write
    act 0 start
    guest_up
    expect_code 4 guardedvm debug other
    expect_code 3 guardedvm debug nobody
    console panic
    wait_for 10 "the panic" virsh_says other crashed
    act 0 stop
    virsh resume other
    expect_code 5 guardedvm debug other
    [ "$(stubs)" = 0 ]
}
expect_code() {
    local rc=0
    "${@:2}" || rc=$?
    [ "$rc" = "$1" ] || fail "${*:2} ended with $rc, not $1"
}

@test "a Linux kernel: its text and its stack by their own addresses" {
    guest linux linux --append write
    act 0 start
    guest_up
    console panic
    wait_for 20 "the panic" virsh_says linux crashed
    act 0 stop
    QEMU=$(oracle pids linux)
    session
    in_gdb 'printf "rip %#lx\n", $rip' 'x/8xb $rip' 'x/8xg $rsp'
    rip=$(sed -n 's/^rip //p' <<<"$SAID")
    ((rip < 0)) || fail "that is no kernel's address: $rip"
    # The same by QEMU itself.
    bytes=$(virsh qemu-monitor-command linux --hmp "x /8xb $rip" | tr -d '\r' | sed 's/^[^:]*: //')
    says "^$rip:.${bytes// /.}"
    not grep -q 'Cannot access' <<<"$SAID"
    ended_with 0
    still_stands
    guardedvm verify linux
}

# Why there is something between: QEMU's own stub.
@test "a stub that somebody opens by hand lets the guest run when gdb detaches, which the proof notices" {
    frozen_guest byhand
    SOCKET=/var/lib/libvirt/qemu/domain-$(virsh domid byhand)-byhand/by-hand
    virsh qemu-monitor-command byhand --hmp "gdbserver unix:$SOCKET,server=on,wait=off"
    guardedvm verify byhand
    in_gdb detach
    [ "$(qmp '{"execute":"query-status"}' | jq .return.running)" = true ]
    expect_code 5 guardedvm verify byhand
    act 1 monitor
    act 0 stop
    guardedvm verify byhand
}
