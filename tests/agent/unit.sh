#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The watch's systemd unit, as configured, before systemd's own judges: nothing in it is unknown
# or wrong, and it gives away what the watch does not need. That it leaves the watch what it
# needs can only be seen where systemd runs it.
set -uo pipefail
. "${GVM_SRCDIR:?}/tests/agent/lib.sh"

UNIT=$GVM_BUILDDIR/helper/watch/guardedvm-watch.service
# What systemd calls the exposure, 0 (none) to 100, with room for another version's opinion.
EXPOSURE=28

if [ -z "$(command -v systemd-analyze)" ]; then
    echo "skipped: no systemd-analyze"
    exit 77
fi

# verified FILE [SED SCRIPT]: with the built helper, since the unit's is not installed yet.
verified() {
    sed "s|^ExecStart=.*/guardedvm |ExecStart=$HELPER |; ${2:-}" "$1" \
        >"$SCRATCH/guardedvm-watch.service"
    run systemd-analyze verify --man=no --recursive-errors=no "$SCRATCH/guardedvm-watch.service"
    [ "$RC$OUT$ERR" = 0 ]
}
not() { ! "$@"; }
has() { grep -Eq "^$1\$" "$UNIT"; }

that "every @word@ of it is filled in" not grep -q '@[A-Z_]*@' "$UNIT"
that "it runs the watch" has 'ExecStart=/.*/guardedvm watch'
that "systemd knows all of it" verified "$UNIT"
that "systemd would find a word that it does not know" \
    not verified "$UNIT" 's/^RestartSec=/RestartSeconds=/'
that "and a value that is wrong" not verified "$UNIT" 's/^KillMode=.*/KillMode=all/'

run systemd-analyze security --offline=yes --threshold="$EXPOSURE" "$UNIT"
that "it gives away what it does not need" [ "$RC" = 0 ]
grep 'Overall exposure' "$SCRATCH/out"

that "it is there before pacemaker, and until after it" has 'Before=.*pacemaker\.service.*'
that "it is always started again, without a hot loop" has 'RestartSec=[1-9][0-9]s'
for word in PrivateNetwork PrivateUsers PrivateTmp DynamicUser; do
    that "it sees what it watches: no $word" not has "$word=(yes|true)"
done
that "it sees every process" not has 'ProtectProc=(noaccess|invisible|ptraceable)'
that "it is root" not has 'User=.*'
finish
