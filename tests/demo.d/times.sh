# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# When what happened, as libvirt's events, Pacemaker's log and the product's record tell it. All
# nodes of the lab share one clock, so their times can be compared. Times are ms since 1970.

# pacemaker_ms NODE TEXT FROM_MS: when Pacemaker on NODE wrote the first line with TEXT (a regex).
pacemaker_ms() {
    on "$1" sed -n "/$2/s/^\([A-Z][a-z]* *[0-9]* [0-9:.]*\) .*/\1/p" \
        /var/log/pacemaker/pacemaker.log | first_from "$1" "$3"
}

# Rows of the timeline: "MS|NODE|TEXT"; T0 is the crash.
ROWS=()
row() { ROWS+=("$1|$2|$3"); }

# row_of NODE TEXT CMD...: the same of a time that CMD prints.
row_of() {
    local ms
    ms=$("${@:3}") || fail "a time of: $2"
    row "$ms" "$1" "$2"
}

print_rows() {
    local ms node text
    printf '           %s%8s  %-4s %s%s\n' "$BOLD" "ms" "node" "what" "$PLAIN"
    printf '%s\n' "${ROWS[@]}" | sort -s -n | while IFS='|' read -r ms node text; do
        printf '           %8d  %-4s %s\n' $((ms - T0)) "$node" "$text"
    done
}

# record FILTER: of the record that `guardedvm show` printed into $TMP/record.json.
record() { jq -r "$1" "$TMP/record.json"; }

# step_end_ms NAME: when this step of the freeze had been done: the record holds how long each
# took, and when the last one ended.
step_end_ms() {
    local after_us
    after_us=$(record ".guest.steps as \$s | (\$s | map(.name) | index(\"$1\")) as \$i
        | if \$i == null then error(\"no step $1\")
          else [\$s[\$i + 1:][].microseconds] | add // 0 end") ||
        return
    echo $((PROVEN_MS - (after_us + 500) / 1000))
}
