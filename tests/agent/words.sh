#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The words of the command line: usage, unknown actions and verbs, what is refused, and an
# agent whose helper is not there.
set -uo pipefail
. "${GVM_SRCDIR:?}/tests/agent/lib.sh"

run "$AGENT"
expect "the agent without an action" 2 'usage: GuardedVM'
run "$AGENT" start stop
expect "two actions" 2 'usage: GuardedVM'
run "$AGENT" usage
that "usage" printed 'validate-all'
run "$AGENT" promote
expect "an action that there is not" 3 'usage'
run "$AGENT" ''
expect "an empty action" 3 'usage'
for action in migrate_to migrate_from; do
    run timeout 5 "$AGENT" "$action"
    expect "$action without a config answers at once" 6 '^ocf-exit-reason:.*config'
done

sed "s|^helper=.*|helper=$SCRATCH/none|; s|^records=.*|records='$SCRATCH/the records'|" "$AGENT" \
    >"$SCRATCH/alone"
chmod +x "$SCRATCH/alone"
for action in start monitor; do
    run "$SCRATCH/alone" "$action"
    expect "$action without the helper" 5 '^ocf-exit-reason:.*not installed'
done
run "$SCRATCH/alone" stop
expect "stop without the helper is never a success" 1 '^ocf-exit-reason:'
mkdir "$SCRATCH/the records"
for action in monitor status; do
    run "$SCRATCH/alone" "$action"
    expect "$action without helper and records" 5 '^ocf-exit-reason:.*not installed'
    : >"$SCRATCH/the records/a guest.json"
    run "$SCRATCH/alone" "$action"
    expect "$action without the helper where a guest is on record" 1 '^ocf-exit-reason:'
    rm "$SCRATCH/the records/a guest.json"
done

run "$HELPER"
expect "the helper without a verb" 2 'usage: guardedvm'
run "$HELPER" --help
that "--help" printed 'release'
run "$HELPER" --version
that "--version" printed '^guardedvm [0-9]+\.'
for verb in list show verify release report policy watch listen ocf; do
    run "$HELPER" "$verb" --help
    that "$verb --help, whoever asks" printed "^usage: guardedvm $verb"
done
run "$HELPER" freeze
expect "a verb that there is not" 2 "no such verb 'freeze'"
run "$HELPER" show
expect "show whom" 2 'show'
run "$HELPER" show a b
expect "one name too many" 2 "'b'"
run "$HELPER" list --force
expect "an option of another verb" 2 "'--force'"
run "$HELPER" list --output-as=html
expect "a form that there is not" 2 'html'
run "$HELPER" policy
that "policy: where conditions come from" printed 'guest-panicked'
that "policy: what they mean" printed 'frozen .*7'

if [ "$(id -u)" != 0 ]; then
    for verb in list "show x" "verify x" "release x" "report x"; do
        # shellcheck disable=SC2086
        run "$HELPER" $verb
        expect "$verb as somebody else" 1 'root'
    done
    ENVIRONMENT=("OCF_RESKEY_config=/nowhere.xml")
    run "$AGENT" monitor
    expect "monitor as somebody else" 4 '^ocf-exit-reason:.*root'
fi
finish
