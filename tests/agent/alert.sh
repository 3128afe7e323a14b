#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The alert agent, called as Pacemaker calls it: which line it makes of which value, that each
# piece of news is told once, and that nothing in a value or at the recipient's path does harm.
# That Pacemaker really calls it is tests/scenario/alert.bats's business.
set -uo pipefail
. "${GVM_SRCDIR:?}/tests/agent/lib.sh"

MEMORY=$SCRATCH/crm
ALERT=$SCRATCH/guardedvm-alert
LOG=$SCRATCH/messages
SYSLOG=$SCRATCH/syslog
mkdir "$MEMORY" "$SCRATCH/bin" "$SYSLOG"
sed "s|@PACEMAKER_STATEDIR@|$MEMORY|" "$SRCDIR/agents/guardedvm-alert.in" >"$ALERT"
# A mock of logger: its arguments, one a line, since there is no syslog to be read here.
cat >"$SCRATCH/bin/logger" <<END
#!/bin/sh
printf '%s\n' "\$@" >"$SYSLOG/said"
[ ! -e "$SYSLOG/broken" ]
END
chmod +x "$ALERT" "$SCRATCH/bin/logger"

# alert ATTRIBUTE VALUE [NAME=VALUE...]: as Pacemaker 2.1.5 calls it, recipient $LOG.
alert() {
    ENVIRONMENT=("PATH=$SCRATCH/bin:/usr/bin:/bin" LC_ALL=C CRM_alert_version=2.1.5
        CRM_alert_kind=attribute CRM_alert_node=n1 CRM_alert_nodeid=1 CRM_alert_node_sequence=1
        "CRM_alert_timestamp=09:15:04.123456" CRM_alert_timestamp_epoch=1795519922
        CRM_alert_timestamp_usec=123456 "CRM_alert_recipient=$LOG"
        "CRM_alert_attribute_name=$1" "CRM_alert_attribute_value=$2" "${@:3}")
    rm -f "$SYSLOG/said"
    run timeout 20 "$ALERT"
}

forget() { rm -rf "$LOG" "${MEMORY:?}"/*; }
lines() { wc -l <"$LOG"; }
last() { tail -n 1 "$LOG"; }
quiet() { [ "$RC$OUT$ERR" = 0 ]; }
told() { quiet && [ "$(lines)" = "$1" ] && [ "$(last)" = "$2" ]; }
silent() { quiet && [ ! -e "$LOG" ] && [ ! -e "$SYSLOG/said" ]; }
syslog() { [ "$(cat "$SYSLOG/said")" = $'-t\nguardedvm-alert\n-p\n'"$1"$'\n--\n'"$2" ]; }

T=2026-11-24T11:02:03.123Z
run "$ALERT"
expect "by hand it says whose it is" 0 'run by Pacemaker'

for kind in node fencing resource '' 'attribute x'; do
    alert guardedvm-vm "crashed: guest panicked; $T" "CRM_alert_kind=$kind"
    that "another kind, '$kind'" silent
done
for name in shutdown '#feature-set' guardedvm guardedvm- xguardedvm-vm ''; do
    alert "$name" "crashed: guest panicked; $T"
    that "another attribute, '$name'" silent
done
alert guardedvm-vm ''
that "nothing told, nothing taken back" silent

while IFS='|' read -r value text; do
    forget
    alert guardedvm-vm "$value; $T"
    that "$value" told 1 "09:15:04.123456 $text ($T)"
done <<'END'
crashed: guest panicked|vm crashed on n1: guest panicked
hung: watchdog fired: pause|vm hangs on n1: watchdog fired: pause
self-recovering: watchdog fired: inject-nmi|vm may recover by itself on n1: watchdog fired: inject-nmi
io-error: disk vda: no space|vm stopped at an I/O error on n1: disk vda: no space
frozen: guest panicked|vm is frozen on n1, its memory kept: guest panicked
frozen: guest panicked: BUG: x (dump: complete)|vm is frozen on n1, its memory kept: guest panicked: BUG: x (dump: complete)
released: guest panicked, evidence in /x|vm was released on n1: guest panicked, evidence in /x
ended: guest shut down from inside|vm ended on n1: guest shut down from inside
migrating: not moved to n2: it stayed here (running): no route|vm on n1: not moved to n2: it stayed here (running): no route
running: recovered by itself: guest panicked|vm is well again on n1: recovered by itself: guest panicked
paused: by hand; twice|vm on n1: paused: by hand; twice
something|vm on n1: something
END

forget
alert guardedvm-vm "frozen: guest panicked (dump: 40 %); $T"
that "how far a dump is" silent

alert guardedvm-vm "migrating: to n2, 40 %; $T"
that "how far a migration is" silent
alert guardedvm-vm ''
that "nor that it is over" silent

forget
alert guardedvm-vm "frozen: it crashed; see above"
that "a value without a time" told 1 "09:15:04.123456 vm is frozen on n1, its memory kept: it crashed; see above"
alert guardedvm-vm "frozen: it crashed; see above"
that "it may be news again" [ "$(lines)" = 2 ]

forget
alert guardedvm-vm "crashed: guest panicked; $T"
alert guardedvm-vm "crashed: guest panicked; $T"
that "repeated by Pacemaker: told once" [ "$RC $(lines)" = "0 1" ]
alert guardedvm-vm "crashed: guest panicked; $T" CRM_alert_node=n2
that "on another node: told" [ "$(lines)" = 2 ]
alert guardedvm-other "crashed: guest panicked; $T"
that "another resource: told" [ "$(lines)" = 3 ]
alert guardedvm-vm "crashed: guest panicked; $T" "CRM_alert_recipient=$LOG.2"
that "another recipient: told" [ "$(wc -l <"$LOG.2")" = 1 ]
alert guardedvm-vm "crashed: guest panicked; ${T/:03./:09.}"
that "the same at another time: told" [ "$(lines)" = 4 ]
alert guardedvm-vm ''
that "all is well again" told 5 "09:15:04.123456 vm: all is well again on n1"
alert guardedvm-vm ''
that "all is well again, once" [ "$RC $(lines)" = "0 5" ]
ENVIRONMENT=("${ENVIRONMENT[@]/CRM_alert_attribute_value=*/X=}")
run "$ALERT"
that "no value at all" [ "$RC $(lines)" = "0 5" ]

that "the file is its user's alone" [ "$(stat -c %a "$LOG")" = 600 ]
chmod 644 "$LOG"
alert guardedvm-vm "crashed: guest panicked; $T"
that "one that was there keeps its mode and its lines" [ "$(stat -c %a "$LOG") $(lines)" = "644 6" ]

forget
alert guardedvm-vm "crashed: guest panicked; $T" CRM_alert_recipient=
that "no recipient: syslog" syslog daemon.warning "vm crashed on n1: guest panicked ($T)"
alert guardedvm-vm '' CRM_alert_recipient=
that "all is well: a notice" syslog daemon.notice "vm: all is well again on n1"
touch "$SYSLOG/broken"
alert guardedvm-vm "crashed: guest panicked; $T" CRM_alert_recipient=
that "syslog cannot be told: an error" [ "$RC" = 1 ]
rm "$SYSLOG/broken"
alert guardedvm-vm "crashed: guest panicked; $T" CRM_alert_recipient=
that "and not told yet" syslog daemon.warning "vm crashed on n1: guest panicked ($T)"

# astray WHAT RECIPIENT: no file to write to; the line is in syslog instead, with an error.
astray() {
    alert guardedvm-vm "crashed: guest panicked; $T" "CRM_alert_recipient=$2"
    expect "$1" 1 'syslog is told'
    that "$1: told by syslog" syslog daemon.warning "vm crashed on n1: guest panicked ($T)"
}
echo mine >"$SCRATCH/victim"
ln -s "$SCRATCH/victim" "$SCRATCH/link"
ln -s "$SCRATCH/nothing" "$SCRATCH/dangling"
mkfifo "$SCRATCH/pipe"
astray "a link" "$SCRATCH/link"
that "a link is not followed" [ "$(<"$SCRATCH/victim")" = mine ]
astray "a dangling link" "$SCRATCH/dangling"
that "nothing is made through it" [ ! -e "$SCRATCH/nothing" ]
astray "a pipe that nobody reads" "$SCRATCH/pipe"
astray "a directory" "$SCRATCH"
astray "a device" /dev/null
astray "no such directory" "$SCRATCH/none/messages"
astray "a relative path" messages
astray "a mail address" root@example.com
astray "an option" --help
that "no file came of them" [ ! -e messages ]

# What a value holds is text.
hostile=$'$(touch BAD) `touch BAD`; touch BAD & "\' \\n %s%n%d -n --help \t|\r|\e[31m|\x7f|\xc2\x9b|größe-日本\nforged line'
forget
(cd "$SCRATCH" && alert "guardedvm-\$(touch BAD)" "crashed: $hostile; $T" CRM_alert_node=-n \
    'CRM_alert_timestamp=%s $(touch BAD)' && echo "$RC$OUT$ERR" >code)
that "a hostile value" [ "$(<"$SCRATCH/code")" = 0 ]
that "one line" [ "$(lines)" = 1 ]
that "to the letter, without control characters" [ "$(last)" = "%s \$(touch BAD) \$(touch BAD) \
crashed on -n: \$(touch BAD) \`touch BAD\`; touch BAD & \"' \\n %s%n%d -n --help \
?|?|?[31m|?|?|größe-日本?forged line ($T)" ]
that "and never run" [ ! -e "$SCRATCH/BAD" ]
(cd "$SCRATCH" && alert guardedvm--x "-e %s $hostile" CRM_alert_recipient=)
that "no option of logger's" grep -qx -- '-x on n1: -e %s .*' "$SYSLOG/said"
alert ../../guardedvm-x x
that "no attribute of ours" [ "$RC $(lines)" = "0 1" ]
alert guardedvm-../../x "crashed: x; $T" CRM_alert_node=../../y
that "names are no paths" [ "$RC $(lines) $(find "$MEMORY" -type f ! -name 'guardedvm-alert.[0-9]*')" = "0 2 " ]
forget
long=$(printf 'x%.0s' {1..60000})
alert guardedvm-vm "crashed: $long; $T"
that "a long value is one line" [ "$(lines) $(wc -c <"$LOG")" = "1 $((60000 + 62))" ]

forget
rmdir "$MEMORY"
alert guardedvm-vm "crashed: guest panicked; $T"
that "nothing to remember by: told all the same" told 1 "09:15:04.123456 vm crashed on n1: guest panicked ($T)"
finish
