# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Counting: every test that really ran is one line "pass|fail|skip NAME" in its
# job's result file. Owns reading what cmocka, automake and bats say; which
# of them runs when is groups.sh's business.

# result VERDICT NAME: JOB, GROUP and RESULTS are the runner's.
result() {
    printf '%s %s\n' "$1" "$2" >>"$RESULTS/$JOB"
}

# check NAME CMD...: one test that passes when the command does.
check() {
    local name=$1
    shift
    echo "== $name: $*"
    if "$@"; then result pass "$name"; else result fail "$name"; fi
}

totals() { # file
    awk '{ n[$1]++ }
         END { printf "%d passed, %d failed", n["pass"], n["fail"]
               if (n["skip"]) printf ", %d skipped", n["skip"]
               print "" }' "$1"
}

show_failures() {
    local name
    while read -r _ name; do
        say "$GROUP" "FAILED: $name"
    done < <(grep '^fail ' "$RESULTS/$JOB")
    echo "------ the end of $LOGS/$JOB.log"
    tail -n 60 "$LOGS/$JOB.log" | cut -c1-300
    echo "------"
}

# count_automake DIR: what `make check` left there. A cmocka program counts by
# its cases, any other by itself; one that died half-way fails once more.
count_automake() {
    local trs log name verdict
    while read -r trs; do
        log=${trs%.trs}.log
        name=${trs#"$1"/}
        name=${name%.trs}
        verdict=$(sed -n 's/^:test-result: *\([A-Z]*\).*/\1/p' "$trs" | head -n 1)
        awk -v name="$name" -v verdict="${verdict:-ERROR}" '
            function say(word, what) { print word " " name what; n++; if (word == "fail") bad++ }
            /^\[       OK \] /  { say("pass", ": " substr($0, 14)) }
            /^\[  FAILED  \] [^0-9]/ && !($0 in seen) {
                what = substr($0, 14); sub(/ *\(.*/, "", what)
                if (!(what in seen)) { seen[what] = 1; say("fail", ": " what) }
            }
            /^\[  SKIPPED \] [^0-9]/ && !($0 in seen) { seen[$0] = 1; say("skip", ": " substr($0, 14)) }
            END {
                if (verdict == "PASS") { if (!n) say("pass", "") }
                else if (verdict == "SKIP") { if (!n) say("skip", "") }
                else if (!bad) say("fail", " (" verdict ")")
            }' "$log" >>"$RESULTS/$JOB"
    done < <(find "$1" -name '*.trs' ! -path '*/guardedvm-[0-9]*' | sort)
}

# run_bats FILE: with progress; what a dead bats did not run failed.
run_bats() {
    local name
    name=$(basename "$1" .bats)
    (
        cd "$TOP" || exit 1
        export BATS_TEST_TIMEOUT=${GVM_TEST_LIMIT_S:-300}
        timeout --signal=TERM --kill-after=60 "${GVM_BATS_LIMIT_S:-1200}" \
            bats --formatter tap --timing "$1" 2>&1 3>&-
    ) | count_tap "$name"
    # What goes wrong outside of a test, bats tells by its exit code only.
    [ "${PIPESTATUS[0]}" = 0 ] || grep -q "^fail $name: " "$RESULTS/$JOB" ||
        result fail "$name: bats ended with an error"
}

count_tap() { # file's name
    local line planned=0 seen=0 what
    while IFS= read -r line; do
        printf '%s\n' "$line"
        case $line in
        1..*) planned=${line#1..} ;;
        "ok "*"# skip"*) what="skip $1: ${line#ok * }" ;;
        "ok "*) what="pass $1: ${line#ok * }" ;;
        "not ok "*) what="fail $1: ${line#not ok * }" ;;
        esac
        if [ -n "${what:-}" ]; then
            seen=$((seen + 1))
            result "${what%% *}" "${what#* }"
            say "$GROUP" "${what%% *}  ${what#* }" >&3
            what=
        fi
    done
    [ "$seen" -gt 0 ] || { planned=1; echo "no test of $1 ran"; }
    while [ "$seen" -lt "$planned" ]; do
        seen=$((seen + 1))
        result fail "$1: test $seen did not run"
    done
}
