# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Rules about shell and about text of any kind. Like rules-c.sh: one offence a
# line about the tree in the working directory.

# By its first line, so that programs without a suffix are found too.
shell_files() { # interpreter's pattern
    files '.' | xargs -r awk -v pattern="$1" 'FNR == 1 && $0 ~ pattern { print FILENAME }
        { nextfile }'
}
SH='^#! ?/bin/sh'
ANY='^#! ?(/bin/sh|/usr/bin/env (bash|bats)|/bin/bash)|^# shellcheck shell='

source_files() {
    files '(\.(c|h|S|ld|awk|sh|bats|xsl|m4|mk|am|ac|in)|/local\.mk|^tests/.*/[a-z-]+)$' |
        grep -vE '\.(md|json|xml)$|/packages$|^tests/fuzz/seeds/'
}

rule_spdx() {
    { source_files; shell_files "$ANY"; } | sort -u | xargs -r awk '
        FNR == 1 { if (last != "" && !found) tell(); last = FILENAME; found = 0 }
        FNR <= 5 && /SPDX-License-Identifier: GPL-2.0-or-later/ { found = 1 }
        FNR >= 5 { nextfile }
        END { if (last != "" && !found) tell() }
        function tell() { print last ": no SPDX line in its head" }'
}

# SPDX, then what the file owns and leaves to others.
rule_file_head() {
    files '^helper/.*\.[ch]$' | xargs -r awk 'FNR == 2 {
        if ($0 !~ /^\/\*/) print FILENAME ":2: no comment that says what the file owns"
        nextfile }'
}

# A list of tests may be longer than a program: it is read one test at a time.
rule_size() {
    { source_files; shell_files "$ANY"; } | sort -u | xargs -r awk '
        FNR == 1 { tell(); last = FILENAME
            limit = last ~ /^tests\/unit\/.*_test\.c$|\.bats$/ ? 600 : last ~ /\.8\.in$/ ? 400 : 300 }
        { lines = FNR }
        END { tell() }
        function tell() {
            if (last != "" && lines >= limit)
                print last ": " lines " lines; under " limit " are wanted"
        }'
}

rule_whitespace() {
    files '.' | xargs -r grep -nIE '[[:space:]]+$' /dev/null | cut -c1-120
    files '\.[ch]$' | xargs -r grep -nIP '\t' /dev/null | cut -c1-120
    files '\.[ch]$' | xargs -r grep -nIE '^.{101,}' /dev/null | cut -c1-120
}

rule_shellcheck() {
    local found
    mapfile -t found < <(shell_files "$ANY")
    [ ${#found[@]} -eq 0 ] || (export SHELLCHECK_OPTS=--source-path=SCRIPTDIR; shellcheck --severity=warning --format=gcc --external-sources "${found[@]}")
}

# What ships in shell runs under any POSIX shell, and hides nothing from shellcheck.
rule_agents() {
    local file
    files '^agents/' | while read -r file; do
        head -n 1 "$file" | grep -qE "$SH" || { echo "$file:1: not '#!/bin/sh'"; continue; }
        dash -n "$file" 2>&1 | sed "s|^|$file: |"
        shellcheck --shell=sh --severity=style --format=gcc "$file"
        grep -nE 'shellcheck +disable' "$file" | sed "s|^|$file:|"
        [ "$(wc -l <"$file")" -le 80 ] || echo "$file: over 80 lines; the work belongs to the helper"
    done
}

# Only processes that a test started itself may be ended, so none by name.
rule_kill_by_name() {
    # A guest's own init may end what runs in that guest.
    files '^(tests|agents|\.ci)/' | grep -vE '^tests/(lint/|guest/linux/init$)' |
        xargs -r grep -nIE '\b(pkill|killall|skill)\b' /dev/null
}

# Waiting for time instead of a condition is a test that fails on another machine.
rule_long_sleep() {
    files '^tests/.*' | grep -v '^tests/lint/' |
        xargs -r grep -nIE '^([^#]*[^#"'"'"'])?\bsleep +([2-9]|[1-9][0-9])' /dev/null | grep -v 'sleep-ok:'
}

# A reader has this tree and nothing else.
rule_dangling() {
    files '.' | grep -v '^tests/lint/' |
        xargs -r grep -nIE '\bFACTS\b|\b(DESIGN|PEERS|LAB|STYLE|FACTS)\.md|/work/' /dev/null
}

# What a paper calls a file is one: `tests/run`, `guard/freeze.c`, `model/domxml*.c`.
rule_papers() {
    local paper path
    files '^[A-Z]+\.md$|^doc/.*\.md$' | while read -r paper; do
        grep -oE '`(helper|tests|doc|agents|heartbeat|base|model|sys|guard|ocf|ctl)/[A-Za-z0-9_./*-]+`' \
            "$paper" | tr -d '`' | sort -u | while read -r path; do
            # Words in capitals stand for what the reader fills in.
            [[ $path =~ [A-Z]{3} ]] && [[ ! -e $path ]] && [[ $path != *GuardedVM* ]] && continue
            compgen -G "$path" >/dev/null || compgen -G "helper/$path" >/dev/null ||
                echo "$paper: there is no $path"
        done
    done
}
