# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The guides' own commands, so that what is tested is what a reader types.

# guide FILE WORDS: the commands of doc/FILE (its indented blocks) that hold WORDS, in order.
guide() {
    local found
    found=$(awk -v words="$2" '
        /^    / { block = block substr($0, 5) "\n"; next }
        { flush() }
        END { flush() }
        function flush() { if (index(block, words)) printf "%s", block; block = "" }' \
        "$SCENARIO_TOP/doc/$1")
    [ -n "$found" ] || fail "doc/$1 has no command with '$2'"
    printf '%s\n' "$found"
}

# as_guided FILE WORDS: these commands, typed on n1.
as_guided() { guide "$@" | n1 sh -eux; }
