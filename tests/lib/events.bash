# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# When what happened on a node, as libvirt's own events tell it. All nodes of the lab share one
# clock, so their times can be compared. Times are ms since 1970. TMP: a directory of the caller's.

# listen NODE: libvirt's events of a node, with the time at which they came, until unlisten.
listen() {
    # shellcheck disable=SC2016
    on "$1" sh -c 'echo $$ >/run/demo-events.pid
        exec stdbuf -oL virsh -q event --all --loop --timestamp' </dev/null >"$TMP/events.$1" 2>&1 &
    disown
    wait_for 10 "a listener for events on $1" is_heard "$1"
}
# A guest is defined and forgotten, which whoever listens already is told of.
is_heard() {
    on "$1" sh -c 'echo "<domain type=\"qemu\"><name>heard</name><memory>8192</memory>
        <os><type>hvm</type></os></domain>" >/run/heard.xml
        virsh -q define /run/heard.xml && virsh -q undefine heard' && [ -s "$TMP/events.$1" ]
}

unlisten() {
    # shellcheck disable=SC2016
    on "$1" sh -c 'kill "$(cat /run/demo-events.pid)"' 2>/dev/null || true
}

# The first of the times on standard input that is not before MS.
first_from() { # NODE MS
    on "$1" date -f - +%s%3N |
        awk -v from="$2" '$1 >= from { print; found = 1; exit } END { exit !found }'
}

# event_ms NODE TEXT FROM_MS: when the first event came that ends in TEXT.
event_ms() {
    sed -n "s/^\(.*\): event .*: $2\$/\1/p" "$TMP/events.$1" | first_from "$1" "$3"
}
