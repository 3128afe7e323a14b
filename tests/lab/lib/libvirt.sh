# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each node's libvirtd: wait for it, stop, kill, freeze it. Always the one of
# that node, by the PID in that node's own PID file.

libvirt_ready() {
    in_node "$1" timeout 5 virsh -q -c qemu:///system version >/dev/null 2>&1
}

libvirt_wait() {
    wait_until "$2" libvirt_ready "$1" || die "$1: libvirtd does not answer"
}

libvirt_pid() {
    # shellcheck disable=SC2016
    in_node "$1" sh -c 'pid=$(cat /run/libvirtd.pid) && kill -0 "$pid" && echo "$pid"' 2>/dev/null
}

libvirt_gone() { ! libvirt_pid "$1" >/dev/null; }

libvirt_signal() {
    local pid
    pid=$(libvirt_pid "$1") || die "$1: no libvirtd"
    in_node "$1" kill "-$2" "$pid"
}

libvirt_end() {
    libvirt_gone "$1" && return 0
    libvirt_signal "$1" "$2"
    wait_until 30 libvirt_gone "$1" || die "$1: libvirtd does not end"
}

libvirt_begin() {
    libvirt_gone "$1" || return 0
    in_node "$1" "$LAB_HOME/node-stack" libvirt start
    libvirt_wait "$1" 30
}

libvirtd_do() {
    node_check "${1:-}"
    case ${2:-} in
    stop) libvirt_end "$1" TERM ;;
    start) libvirt_begin "$1" ;;
    restart) libvirt_end "$1" TERM; libvirt_begin "$1" ;;
    kill) libvirt_end "$1" KILL ;;
    pause) libvirt_signal "$1" STOP ;;
    resume) libvirt_signal "$1" CONT ;;
    *) die "libvirtd: NODE stop|start|restart|kill|pause|resume" ;;
    esac
}
