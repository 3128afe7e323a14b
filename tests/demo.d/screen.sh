# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the demo shows: headings, lines with the time that passed, commands with what they said,
# promises kept or broken. Knows nothing of clusters; LOG is where long commands write.

STARTED_MS=0
# The main script's: where we are, and whether somebody has said what is not as promised.
# shellcheck disable=SC2034
STEP="starting" BROKEN=

if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ] && [ -z "${NO_COLOR:-}" ]; then
    BOLD=$'\e[1m' HEAD=$'\e[1;36m' GOOD=$'\e[32m' BAD=$'\e[1;31m' PLAIN=$'\e[0m' CLEAR=$'\r\e[K'
    WIDTH=$(($(tput cols 2>/dev/null || echo 80) - 15))
    [ "$WIDTH" -gt 10 ] || WIDTH=10
else
    BOLD='' HEAD='' GOOD='' BAD='' PLAIN='' CLEAR='' WIDTH=80
fi

now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo "${t%???}"; }

passed() {
    local ms=$(($(now_ms) - STARTED_MS))
    printf '[%3d.%d s]' $((ms / 1000)) $((ms % 1000 / 100))
}

heading() {
    # shellcheck disable=SC2034
    STEP=$1
    printf '\n%s== %s%s\n' "$HEAD" "$1" "$PLAIN"
}

say() { printf '%s %s\n' "$(passed)" "$*"; }

# The last word of the demo; whoever cleans up knows from BROKEN that it was said.
last_word() {
    printf '%s %s%s%s\n' "$(passed)" "$BAD" "$*" "$PLAIN" >&2
    # shellcheck disable=SC2034
    BROKEN=said
    exit 1
}
fail() { last_word "NOT AS PROMISED: $*"; }

# promise TEXT CMD...: TEXT is printed only if CMD succeeds now; else that was the last word.
promise() {
    local text=$1
    shift
    "$@" || fail "$text"
    printf '%s %sok%s  %s\n' "$(passed)" "$GOOD" "$PLAIN" "$text"
}

# Words as a person would type them.
typed() {
    local word text=''
    for word; do
        case $word in
        *[!A-Za-z0-9_./:=@%+,-]* | '') text+=" '$word'" ;;
        *) text+=" $word" ;;
        esac
    done
    printf '%s' "${text# }"
}

# run NODE CMD...: an administrator's command on a node, with its answer (of which SHOW says what
# is shown: a filter). Sets ANSWER and RC.
run() {
    local node=$1
    shift
    printf '%s %s%s# %s%s\n' "$(passed)" "$BOLD" "$node" "$(typed "$@")" "$PLAIN"
    RC=0
    # Without the terminal: nothing may ask there.
    ANSWER=$(on "$node" setsid -w "$@" 2>&1 </dev/null) || RC=$?
    [ -z "$ANSWER" ] || ${SHOW:-cat} <<<"$ANSWER" | sed '/./s/^/           /'
    [ "$RC" = 0 ] || printf '           (exit code %s)\n' "$RC"
}

first_lines() { awk 'NR <= 6 { print } NR == 7 { print "  ..." }'; }

# long TEXT CMD...: runs CMD into the log; meanwhile its last line is on the screen. What does not
# end well shows its end. In a process group of its own, so that end_long ends all of it.
LONG_PID=
long() {
    local text=$1 begin shown=0 rc=0
    shift
    begin=$(now_ms)
    say "$text ..."
    echo "== $text: $*" >>"$LOG"
    set -m
    "$@" >>"$LOG" 2>&1 </dev/null &
    LONG_PID=$!
    set +m
    while kill -0 "$LONG_PID" 2>/dev/null; do
        sleep 0.1
        still "$(($(now_ms) - begin))"
    done
    printf '%s' "$CLEAR"
    wait "$LONG_PID" || rc=$?
    LONG_PID=
    [ "$rc" != 0 ] || return 0
    tail -n 20 "$LOG" >&2
    last_word "FAILED: $text (exit code $rc, log: $LOG)"
}

end_long() {
    [ -n "$LONG_PID" ] || return 0
    kill -TERM -- "-$LONG_PID" 2>/dev/null
    wait "$LONG_PID" 2>/dev/null
}

last_line() { tail -n 1 "$LOG" | tr -cd '[:print:]' | cut -c "1-$WIDTH"; }

# On a terminal one line that changes, else one line every 10 s.
still() { # ms since it began
    if [ -n "$CLEAR" ]; then
        printf '%s%s   %s' "$CLEAR" "$(passed)" "$(last_line)"
    elif [ $(($1 / 10000)) -gt "$shown" ]; then
        shown=$(($1 / 10000))
        say "  still at it: $(last_line)"
    fi
}
