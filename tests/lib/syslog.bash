# shellcheck shell=bash disable=SC2016
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a node's programs tell the system's log: there is no syslogd in a node. Needs scenario.bash.

SYSLOG=/run/test-syslog

syslog_begin() { # NODE
    on "$1" sh -c 'rm -f /dev/log "$1"
        socat -u UNIX-RECV:/dev/log,mode=666 "CREATE:$1" </dev/null >/dev/null 2>&1 &
        echo $! >"$1.pid"' - "$SYSLOG" 3>&-
    wait_for 10 "syslog on $1" on "$1" test -S /dev/log
}

# syslog_says NODE REGEX: in one message.
syslog_says() { on "$1" cat "$SYSLOG" 2>/dev/null | tr '\0' '\n' | grep -Eq -- "$2"; }

# For teardown: never fails, also where there is none.
syslog_end() { # NODE
    on "$1" sh -c '[ ! -e "$1.pid" ] || kill "$(cat "$1.pid")"; rm -f "$1.pid" /dev/log' - "$SYSLOG" || true
}
