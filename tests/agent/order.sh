#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The drop-in for Pacemaker's units, before systemd's own judge: nothing in it is unknown or wrong,
# and it names what a stop of a guest needs. That systemd keeps to it can only be seen where it runs.
set -uo pipefail
. "${GVM_SRCDIR:?}/tests/agent/lib.sh"

DROPIN=$SRCDIR/helper/watch/guardedvm.conf

if [ -z "$(command -v systemd-analyze)" ]; then
    echo "skipped: no systemd-analyze"
    exit 77
fi

# A unit of that name, and whatever else it is ordered after.
for unit in pacemaker.service libvirtd.service virtqemud.service; do
    printf '[Unit]\nDescription=%s\n[Service]\nExecStart=/bin/true\n' "$unit" >"$SCRATCH/$unit"
done
for unit in libvirtd.socket virtqemud.socket; do
    printf '[Unit]\nDescription=%s\n[Socket]\nListenStream=/run/%s\n' "$unit" "$unit" \
        >"$SCRATCH/$unit"
done
printf '[Unit]\nDescription=guests\n' >"$SCRATCH/virt-guest-shutdown.target"
mkdir "$SCRATCH/pacemaker.service.d"
ENVIRONMENT=("SYSTEMD_UNIT_PATH=$SCRATCH:")

# verified [SED SCRIPT]
verified() {
    sed "${1:-}" "$DROPIN" >"$SCRATCH/pacemaker.service.d/guardedvm.conf"
    run systemd-analyze verify --man=no --recursive-errors=no "$SCRATCH/pacemaker.service"
    [ "$RC$OUT$ERR" = 0 ]
}
not() { ! "$@"; }
after() { grep -Eq "^After=(.* )?$1( .*)?\$" "$DROPIN"; }

that "systemd knows all of it" verified
that "systemd would find a word that it does not know" not verified 's/^Wants=/Wishes=/'
that "and a section that is none" not verified 's/^.Unit./[Units]/'

for unit in libvirtd.service libvirtd.socket virtqemud.service virtqemud.socket \
    virt-guest-shutdown.target; do
    that "Pacemaker stops before $unit" after "$unit"
done
that "the target that guests' scopes go after is there" \
    grep -q '^Wants=virt-guest-shutdown\.target$' "$DROPIN"
# Requiring a daemon that is turned off would keep Pacemaker from starting.
that "nothing is required" not grep -Eq '^(Requires|BindsTo|Requisite)=' "$DROPIN"
finish
