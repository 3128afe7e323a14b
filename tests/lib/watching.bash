# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What scenarios of the watch need beside scenario.bash: a recurring monitor that goes on in the
# background, what it answered, and the watch's process.

# GUEST, PARAMS: scenario.bash's. MONITOR_LOG is in the node.
MONITOR_LOG=/run/monitor.log

# monitoring [INTERVAL_MS] [TIMEOUT_MS]: begins; the first two answers are waited for, so that the
# next one may be held.
monitoring() {
    monitoring_end
    n1 rm -f "$MONITOR_LOG"
    n1 setsid "$SCENARIO_TOP/tests/lib/recurring" "$MONITOR_LOG" "${1:-1000}" "${2:-40000}" \
        "${RSC:-$GUEST}" "${PARAMS[@]}" >/dev/null 2>&1 3>&- &
    wait_for 20 "the first monitor's answer" answers_are 1
    wait_for 20 "a monitor that is held" is_held
}

# As the executor does: the whole process group, at once.
monitoring_end() {
    local pid
    # The bracket: grep must not find itself.
    for pid in $(n1 sh -c 'grep -las "tests/lib/recurrin[g]" /proc/[0-9]*/cmdline | cut -d/ -f3'); do
        n1 kill -KILL -- "-$pid" 2>/dev/null || true
    done
    # The agent's own session, which it starts as Pacemaker would.
    for pid in $(held_pids || true); do n1 kill -KILL "$pid" 2>/dev/null || true; done
}

answers() { n1 cat "$MONITOR_LOG" 2>/dev/null; }
answers_are() { [ "$(answers | wc -l)" -ge "$1" ]; }
# answered CODE [REGEX]: some answer so far had this code and reason.
answered() { answers | awk -v c="$1" '$3 == c' | grep -Eiq -- "${2:-.*}"; }
last_code() { [ "$(answers | tail -n 1 | cut -d' ' -f3)" = "$1" ]; }
# answered_at CODE [REGEX]: when the first of these ended, ms.
answered_at() {
    answers | awk -v c="$1" '$3 == c' | grep -Ei -- "${2:-.*}" | head -n 1 | cut -d' ' -f2
}
# at_once CODE REGEX CMD...: upon CMD the monitor that is held answers so, long before its wait is
# over: that lasts 20 s where nobody said otherwise. How fast it really is, the benches say.
at_once() {
    local began took
    began=$(now_ms)
    "${@:3}"
    wait_for 5 "the answer" answered "$1" "$2"
    took=$(($(answered_at "$1" "$2") - began))
    [ "$took" -lt 8000 ] || fail "it took $took ms: $(answers)"
}
never_answered() { ! answered "$@" || fail "a monitor answered: $(answers)"; }

held_pids() {
    n1 sh -c 'grep -lsx guardedvm-wait /proc/[0-9]*/comm | cut -d/ -f3' | grep .
}
# A monitor that has just come is not held yet: this one has been asleep in poll for a while.
is_held() {
    local pid age
    pid=$(held_pids) || return 1
    # shellcheck disable=SC2086  # one, in these tests
    age=$(n1 ps -o etimes= -p ${pid%%$'\n'*}) || return 1
    [ "$age" -ge 1 ]
}

watch_pid() {
    n1 sh -c 'for c in $(grep -lsx guardedvm /proc/[0-9]*/comm); do
        [ "$(tr "\0" " " <"${c%comm}cmdline")" != "/usr/sbin/guardedvm watch " ] ||
            echo "$c" | cut -d/ -f3; done' | grep .
}
watch_runs() { watch_pid >/dev/null; }
record() { n1 cat "/run/guardedvm/$GUEST.json"; }
record_says() { record | jq -e "$1" >/dev/null; } # jq's filter
now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo "${t%???}"; }
