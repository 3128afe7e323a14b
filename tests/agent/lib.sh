# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For the tests that run the built program and agent from outside, as part of make check:
# without root, without daemons, in a directory of their own.

HELPER=${GVM_BUILDDIR:?the build directory}/guardedvm
SRCDIR=${GVM_SRCDIR:?the source directory}
SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/guardedvm-agent.XXXXXX")
trap 'rm -rf -- "$SCRATCH"' EXIT
FAILED=0
COUNT=0

# The agent as it would be installed, with the built helper instead of the installed one.
AGENT=$SCRATCH/GuardedVM
sed "s|@GUARDEDVM_HELPER@|$HELPER|" "$SRCDIR/agents/GuardedVM.in" >"$AGENT"
chmod +x "$AGENT"

bad() {
    FAILED=1
    echo "not ok: $*"
    printf '%s\n' "$OUT" "$ERR" | sed 's/^/    /'
}

good() {
    COUNT=$((COUNT + 1))
    echo "ok: $*"
}

# run COMMAND...: sets RC, OUT, ERR. The environment is empty but for ENVIRONMENT.
ENVIRONMENT=()
run() {
    RC=0
    env -i PATH=/usr/bin:/bin "${ENVIRONMENT[@]}" "$@" \
        >"$SCRATCH/out" 2>"$SCRATCH/err" </dev/null || RC=$?
    OUT=$(<"$SCRATCH/out")
    ERR=$(<"$SCRATCH/err")
}

reasons() { grep -c '^ocf-exit-reason:' <<<"$ERR"; }

# expect WHAT CODE REGEX: of the last run; REGEX on standard error, one exit reason where the
# code is one of OCF's errors and the command was an action.
expect() {
    if [ "$RC" != "$2" ]; then
        bad "$1: code $RC, not $2"
    elif ! grep -Eiq -- "$3" <<<"$ERR"; then
        bad "$1: no '$3' in what it says"
    else
        good "$1"
    fi
}

# that WHAT COMMAND...: good if the command succeeds
that() {
    if "${@:2}"; then good "$1"; else bad "$1"; fi
}

# printed REGEX: the last run succeeded and printed that
printed() { [ "$RC" = 0 ] && grep -Eq -- "$1" <<<"$OUT"; }

finish() {
    [ "$COUNT" -gt 0 ] || { echo "not ok: nothing was tested"; exit 1; }
    exit "$FAILED"
}
