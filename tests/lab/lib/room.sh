# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The machine room: one outer set of PID, mount and network namespaces that
# holds a whole lab: the switch, the power switch, every node. All mounts,
# interfaces and processes of a lab live in it, so ending its PID 1 ends the
# lab completely, whatever state it was in, and can touch nothing else.

room_running() { proc_of "$LAB_RUN/room.init" >/dev/null; }

# room_enter VERB ARGS...: run this verb again inside the room (never returns).
room_enter() {
    local pid
    pid=$(proc_of "$LAB_RUN/room.init") || die "is not up"
    exec nsenter -t "$pid" -m -n -p -i -u --wdns=/ -- \
        env LAB="$LAB" LAB_IN_ROOM=1 LAB_CALLER_PWD="$PWD" "$LAB_SELF" "$@"
}

# in_room VERB ARGS...: the same, and come back.
in_room() { (room_enter "$@"); }

room_start() {
    mkdir -p "$LAB_RUN/fs" "$LAB_RUN/power" "$LAB_DISK/shared"
    chmod 0777 "$LAB_DISK/shared"
    (
        close_fds
        # The record is written before there is anything to clean up.
        # shellcheck disable=SC2016
        exec setsid bash -c '. "$1/lib/base.sh"; proc_record "$2/room.owner" $$
            exec unshare -m -n -p -i -u -f --kill-child "$1/room-init"' \
            room "$LAB_HOME" "$LAB_RUN" </dev/null >>"$LAB_DISK/room.log" 2>&1
    ) &
    disown
    wait_until 30 room_ready || { cat "$LAB_DISK/room.log" >&2; die "the room did not start"; }
}

room_ready() { [ -e "$LAB_RUN/ready" ] && room_running; }

# The owner dies with its child; killing both covers a crash between the two.
room_stop() {
    proc_end "$LAB_RUN/room.init" KILL 20 || die "PID 1 of the room does not end"
    proc_end "$LAB_RUN/room.owner" KILL 20 || die "the room's owner does not end"
}

# room_clear [KEEP]: mounts were only ever made inside the room, so what is
# left are plain files.
room_clear() {
    rm -rf --one-file-system "$LAB_RUN"
    [ ! -d "$LAB_DISK" ] || find "$LAB_DISK" -xdev -mindepth 1 -maxdepth 1 \
        ! -path "${1:-}" -exec rm -rf --one-file-system {} +
    rmdir "$LAB_DISK" 2>/dev/null || true
}

lab_up() {
    local nodes=2 cluster=yes i names=()
    while [ $# -gt 0 ]; do
        case $1 in
        --nodes) nodes=${2:?}; shift ;;
        --no-cluster) cluster=no ;;
        *) die "up: what is '$1'?" ;;
        esac
        shift
    done
    [[ $nodes =~ ^[1-9]$ ]] || die "up: 1 to 9 nodes"
    ! room_running || die "is up already"
    room_stop
    room_clear "$LAB_DISK/staging"
    for ((i = 1; i <= nodes; i++)); do names+=("n$i"); done
    mkdir -p "$LAB_RUN" "$LAB_DISK"
    printf 'LAB_NODES="%s"\nLAB_CLUSTER=%s\n' "${names[*]}" "$cluster" >"$LAB_RUN/config"
    room_start
    in_room boot all
}

lab_down() {
    room_stop
    room_clear
    rmdir --ignore-fail-on-non-empty "${LAB_RUN%/*}" "${LAB_DISK%/*}" 2>/dev/null || true
}

lab_status() {
    if ! room_running; then
        echo "lab $LAB: down"
        return 3
    fi
    echo "lab $LAB: up (room: pid $(proc_of "$LAB_RUN/room.init"), shared: $LAB_DISK/shared)"
    in_room wait-node all state 0
}

lab_shared() { echo "$LAB_DISK/shared"; }

lab_logs() {
    local dir=${1:?DIR}
    mkdir -p "$dir"
    cp -r "$LAB_DISK/room.log" "$dir/"
    local node
    for node in "$LAB_DISK"/n[1-9]; do
        mkdir -p "$dir/${node##*/}" && cp -r "$node/log/." "$dir/${node##*/}/"
    done
}

# lab_config: LAB_NODES and LAB_CLUSTER as lab up was told.
lab_config() {
    # shellcheck source=/dev/null
    . "$LAB_RUN/config" || die "has no configuration"
}
