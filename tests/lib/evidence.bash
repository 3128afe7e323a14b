# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Guests that are frozen, and what is kept of them. Needs scenario.bash.

# frozen_guest NAME KIND [domain's options] -- [PARAMETER...]: it panics, and a stop freezes it.
frozen_guest() {
    local options=()
    while [ "${1:---}" != -- ]; do
        options+=("$1")
        shift
    done
    shift || true
    guest "${options[@]}"
    PARAMS+=("$@")
    act 0 start
    guest_up
    console panic
    wait_for 20 "the panic" virsh_says "$GUEST" crashed
    act 0 stop
    frozen
}

ELSEWHERE=/var/lib/elsewhere

guardedvm_code() { # what it ends with
    local code=0
    guardedvm "$@" >/dev/null 2>&1 || code=$?
    echo "$code"
}
fact() { guardedvm show "$GUEST" --output-as=json | jq -r ".guest[\"$1\"] // empty"; }
incident_is() { [ "$(fact incident)" = "$1" ]; }
kept() { on "${NODE:-n1}" cat "$(fact evidence)/$1"; } # FILE
in_folder() { on "${NODE:-n1}" ls "$(fact evidence)" | grep -e "${1:-}"; }
modes() { n1 find "$(fact evidence)" -type f -printf '%m\n' | sort -u; }

# Something of it is there, and it is not complete.
dump_is_written() { n1 sh -c 'test -n "$(find /var/lib/guardedvm -name core.partial -size +64k)"'; }

aftercare_pids() {
    n1 sh -c 'for c in $(grep -lsx guardedvm /proc/[0-9]*/comm); do
        [ "$(tr "\0" " " <"${c%comm}cmdline")" != "/usr/sbin/guardedvm aftercare " ] ||
            echo "$c" | cut -d/ -f3; done'
}

screen_xml() { echo "<video><model type='vga'/></video>"; }

watch_start() { n1 setsid guardedvm watch >/dev/null 2>&1 3>&- & disown; }

# For teardown: never fails.
evidence_end() { n1 sh -c 'rm -rf /var/lib/guardedvm/* "$1"' - "$ELSEWHERE" || true; }
