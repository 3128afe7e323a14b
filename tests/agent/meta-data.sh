#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The meta-data: valid under resource-agents' DTD (which ocf-tester uses) and OCF 1.1's schema
# as pcs has it, the same for everybody and in any environment.
set -uo pipefail
. "${GVM_SRCDIR:?}/tests/agent/lib.sh"

DTD=/usr/share/resource-agents/ra-api-1.dtd
RNG=/usr/share/pcs/data/ocf-1.1.rng

run "$AGENT" meta-data
expect "meta-data needs no environment" 0 '^$'
cp "$SCRATCH/out" "$SCRATCH/meta.xml"
# From the DTD's directory, since the document names it without a path, as ocf-tester does.
if [ -e "$DTD" ]; then
    ERR=$(cd "${DTD%/*}" && xmllint --nonet --noout --valid - <"$SCRATCH/meta.xml" 2>&1)
    RC=$?
    that "valid under ra-api-1.dtd" [ "$RC$ERR" = 0 ]
else
    echo "skipped: no $DTD"
fi
if [ -e "$RNG" ]; then
    ERR=$(xmllint --nonet --noout --relaxng "$RNG" "$SCRATCH/meta.xml" 2>&1)
    RC=$?
    that "valid under OCF 1.1 (pcs)" [ "$RC" = 0 ]
else
    echo "skipped: no $RNG"
fi

before=$OUT
ENVIRONMENT=(OCF_RESKEY_config=relative OCF_RESKEY_crash_policy=frezze OCF_RESKEY_CRM_meta_timeout=x
    OCF_TESTER_FAIL_HAVE_BINARY=1 LC_ALL=tr_TR.UTF-8 LIBVIRT_DEFAULT_URI=test:///default)
run "$AGENT" meta-data
that "nor does a wrong one matter" [ "$RC $OUT" = "0 $before" ]

if [ "$(id -u)" = 0 ] && [ -r /etc/passwd ]; then
    chmod 0755 "$SCRATCH"
    RC=0
    OUT=$(cd / && setpriv --reuid=65534 --regid=65534 --clear-groups "$AGENT" meta-data) || RC=$?
    if [ "$RC" = 126 ]; then
        echo "skipped: nobody cannot reach the build directory"
    else
        that "nor root" [ "$RC $OUT" = "0 $before" ]
    fi
fi

run sh -c "'$AGENT' meta-data >/dev/full"
that "output that cannot be written is an error" [ "$RC" != 0 ]
finish
