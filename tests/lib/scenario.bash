# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What every scenario needs: a lab of its own, guests on it, the agent called as Pacemaker
# calls it, waiting for conditions, and what to say when something is not as it should be.
# What is true is the business of tests/lib/oracle; the lab's, of tests/lab/lab.
#
# GVM_BUILDDIR   the built tree that is installed into the nodes (default: tests/run's)
# GVM_GUESTS     where the guests' images are built once (default: /var/tmp/guardedvm-guests)
# GVM_LAB_PREFIX what the lab's name begins with (default: t), for runs side by side
# GVM_KEEP_LAB   1: use a lab that is up and leave it up: for work on one scenario
# GVM_PATIENCE   how many times longer than said wait_for waits (default: 4): for busy machines

SCENARIO_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
GVM_GUESTS=${GVM_GUESTS:-/var/tmp/guardedvm-guests}

# shellcheck source=../lab/lib/enter.sh
. "$SCENARIO_TOP/tests/lab/lib/enter.sh"

# Descriptor 3 is bats' own: a daemon that inherited it would keep bats waiting for ever.
lab() { "$SCENARIO_TOP/tests/lab/lab" "$@" 3>&-; }
on() { into_node "$@" 3>&-; }
n1() { on n1 "$@"; }
oracle() { on "${NODE:-n1}" "$SCENARIO_TOP/tests/lib/oracle" "$@"; }
guardedvm() { on "${NODE:-n1}" guardedvm "$@"; }
virsh() { on "${NODE:-n1}" timeout 20 virsh -q -c qemu:///system "$@"; }

fail() {
    echo "FAILED: $*" >&2
    return 1
}

# wait_for SECONDS WHAT CMD...: until CMD succeeds; fails naming WHAT. SECONDS are what it may take
# on a machine that has nothing else to do. Where the time is what matters the test measures it.
wait_for() {
    local end=$((SECONDS + $1 * ${GVM_PATIENCE:-4})) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        # return: where the caller tolerates failure, -e does not end the loop
        [ "$SECONDS" -lt "$end" ] || { fail "not in time: $what"; return 1; }
        # Asking takes a core from what is waited for.
        sleep 0.2
    done
}

not() { ! "$@"; }

# --- the lab, once per file ---

# scenario_up [lab up's options]: a lab of this run's own, the product and guests in it.
scenario_up() {
    local name=${BATS_TEST_FILENAME##*/}
    export LAB=${GVM_LAB_PREFIX:-t}-${name%.bats}
    if [ -z "${GVM_KEEP_LAB:-}" ]; then
        LAB=$LAB-${BATS_ROOT_PID:-$$}
    fi
    if [ -z "${GVM_KEEP_LAB:-}" ] || ! lab status >/dev/null 2>&1; then
        lab up "$@" >&2
    fi
    lab install "${GVM_BUILDDIR:-$SCENARIO_TOP/build/gcc}" >&2
    SHARED=$(lab shared)
    export SHARED
    guests_build
}

scenario_down() {
    if [ -n "${GVM_LAB_LOGS:-}" ]; then
        lab logs "$GVM_LAB_LOGS/$LAB" || true
    fi
    [ -n "${GVM_KEEP_LAB:-}" ] || lab down >&2
}

# Built once for all files; the nodes see them under /srv/shared/guest.
guests_build() {
    "$SCENARIO_TOP/tests/guest/build" "$GVM_GUESTS" >&2
    mkdir -p "$SHARED/guest/linux"
    cp --update "$GVM_GUESTS/tiny.elf" "$SHARED/guest/"
    cp --update "$GVM_GUESTS"/linux/{vmlinuz,initrd.img,agent.img} "$SHARED/guest/linux/"
}

# --- guests ---

# guest NAME KIND [tests/guest/domain's options]: writes /srv/shared/NAME.xml and makes it the
# guest that act() and the shorthands below mean. Without --disk it gets one raw virtio disk;
# IMAGE is the (last) disk.
guest() {
    GUEST=$1
    local kind=$2
    shift 2
    CONFIG=/srv/shared/$GUEST.xml
    IMAGE=/srv/shared/$GUEST.img
    PARAMS=("config=$CONFIG")
    case " $* " in
    *" --disk "*) IMAGE=$(sed -E 's/.*--disk [^:]*:[^:]*:([^: ]*).*/\1/' <<<" $* ") ;;
    *) disk_new "$IMAGE" && set -- --disk "virtio:raw:$IMAGE" "$@" ;;
    esac
    domain_xml --name "$GUEST" --guest "$kind" --nic lab0 "$@" >"$SHARED/$GUEST.xml"
}

domain_xml() {
    n1 "$SCENARIO_TOP/tests/guest/domain" --images /srv/shared/guest "$@"
}

# disk_new PATH [MIB]: an empty disk that libvirt's QEMU may open.
disk_new() {
    # shellcheck disable=SC2016
    n1 sh -c 'truncate -s 0 "$1" && truncate -s "$2M" "$1" && chmod 0666 "$1"' - "$1" "${2:-8}"
}

console() { on "${NODE:-n1}" "$SCENARIO_TOP/tests/guest/console" "$GUEST" "$@"; }
sequence() { on "${NODE:-n1}" "$SCENARIO_TOP/tests/guest/seqread" "${1:-$IMAGE}"; }
sequence_above() { [ "$(sequence "${@:2}" | sed -n 's/^last=//p')" -gt "$1" ]; }
virsh_says() { virsh domstate "$1" | grep -qx "$2"; }
guest_up() { on "${NODE:-n1}" "$SCENARIO_TOP/tests/guest/console" -t 90 --wait "$GUEST"; }

# guest_end: whatever a test left of its guest, gone. For teardown: never fails.
guest_end() {
    local pid
    # shellcheck disable=SC2016
    on "${NODE:-n1}" sh -c 'pid=$(cat /run/libvirtd.pid) && kill -CONT "$pid"' 2>/dev/null || true
    for pid in $(oracle pids "${GUEST:-none}" || true); do
        on "${NODE:-n1}" sh -c "kill -CONT $pid; kill -KILL $pid" || true
    done
    virsh undefine "${GUEST:-none}" 2>/dev/null || true
    GVM_PATIENCE=1 wait_for 10 "libvirt to notice" not virsh domid -- "${GUEST:-none}" || true
    on "${NODE:-n1}" find /run/guardedvm -name "${GUEST:-none}*" -delete 2>/dev/null || true
}

# --- the agent ---

# agent ACTION [tests/lib/agent's options]: sets RC, OUT and REASON.
agent() {
    RC=0
    OUT=$(on "${NODE:-n1}" "$SCENARIO_TOP/tests/lib/agent" "$1" --name "${RSC:-$GUEST}" \
        "${PARAMS[@]}" "${@:2}" 2>&1) || RC=$?
    REASON=$(sed -n 's/^ocf-exit-reason://p' <<<"$OUT" | tail -n 1)
}

# act CODE ACTION ...: the same, and the action must end with CODE.
act() {
    local want=$1
    shift
    agent "$@"
    [ "$RC" = "$want" ] || fail "$1 returned $RC, not $want; it said: $OUT"
}

# reason REGEX: the last action's one line for crm_mon.
reason() {
    grep -Eiq -- "$1" <<<"$REASON" || fail "the reason '$REASON' does not match '$1' (output: $OUT)"
}

one_reason() {
    [ "$(grep -c '^ocf-exit-reason:' <<<"$OUT")" = 1 ] || fail "not one reason: $OUT"
}

# --- what must hold ---

is_alive() { oracle pids "$GUEST" >/dev/null; }
is_dead() { ! oracle pids "$GUEST" >/dev/null; }
alive() { is_alive || fail "$GUEST has no QEMU"; }
dead() { is_dead || fail "$GUEST has a QEMU: $(oracle pids "$GUEST")"; }

# harmless FILE...: the guest's QEMU, if there is one, can write to nothing and send nothing.
harmless() {
    local held
    held=$(oracle holds "$GUEST" "${@:-$IMAGE}") && fail "QEMU still holds: $held"
    held=$(oracle writes "$GUEST") && fail "QEMU can still write to: $held"
    held=$(oracle taps "$GUEST" up) && fail "its taps are up: $held"
    return 0
}

# frozen_here FILE...: alive with its memory, and harmless.
frozen_here() {
    alive
    [ "$(oracle resident "$GUEST")" -gt 8192 ] || fail "its memory is gone"
    harmless "$@"
}

# frozen FILE...: the same, and nobody has taken the files over yet: another QEMU could.
frozen() {
    frozen_here "$@"
    oracle free "${1:-$IMAGE}" || fail "nobody else may open ${1:-$IMAGE}"
}

# stays_silent FILE...: resumed and reset behind our back, it changes no byte and sends nothing.
stays_silent() {
    local files=("${@:-$IMAGE}") before after pcap=$BATS_TEST_TMPDIR/silent.pcap
    before=$(oracle bytes "${files[@]}")
    lab capture start "$pcap"
    virsh resume "$GUEST" || true
    guest_has_had_time
    virsh reset "$GUEST" || true
    virsh resume "$GUEST" || true
    guest_has_had_time
    lab capture stop
    after=$(oracle bytes "${files[@]}")
    [ "$before" = "$after" ] || fail "the resumed guest wrote to ${files[*]}"
    packets_none "$pcap" "$(on "${NODE:-n1}" cat "$CONFIG" | mac_of)"
}

# The only wait for time in here: proving that nothing happens needs time to pass.
guest_has_had_time() { sleep 1.5; }

mac_of() { sed -n "s/.*<mac address=['\"]\([^'\"]*\).*/\1/p" | head -n 1; }

packets() { tcpdump -nn -r "$1" "ether src $2" 2>/dev/null | wc -l; }
packets_none() { [ "$(packets "$1" "$2")" = 0 ] || fail "$2 sent $(packets "$1" "$2") packets"; }
