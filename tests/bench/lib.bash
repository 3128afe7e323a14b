# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the benches have in common: notes while they run, medians, and the two ways to judge. A
# figure that is not as expected is told and fails nothing, since a busy machine spoils figures;
# what must be true fails the bench.

FAILED=0

note() { echo "bench: $*" >&2; }
now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo "${t%???}"; }

# floor-agent as ocf:lab:Floor on both nodes. HERE: this directory.
floor_install() {
    local node
    for node in n1 n2; do
        on "$node" mkdir -p /usr/lib/ocf/resource.d/lab
        on "$node" cp "$HERE/floor-agent" /usr/lib/ocf/resource.d/lab/Floor
    done
}

# Numbers, one a line, on standard input.
median() { sort -n | awk '{ v[NR] = $1 } END { if (NR) print v[int((NR + 1) / 2)]; else print "-" }'; }
worst() { sort -n | tail -n 1; }

must() { # text, awk expression
    if awk "BEGIN { exit !($2) }"; then echo "holds: $1"; else echo "DOES NOT HOLD: $1"; FAILED=1; fi
}

expect() { # text, awk expression
    if awk "BEGIN { exit !($2) }"; then echo "as expected: $1"; else echo "NOT AS EXPECTED: $1"; fi
}
