# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The power switch: what a fence agent in a node talks to. One request a
# connection, "VERB NODE"; the answer's first word is "ok" or "failed".

power_serve() {
    local verb node answer
    read -r -t 10 verb node || return 1
    answer=$(power_do "$verb" "$node" 2>&1 9>&-) && answer="ok $answer" || answer="failed $answer"
    echo "$answer"
}

power_do() {
    lab_config
    case $1 in
    list) echo "$LAB_NODES"; return ;;
    esac
    node_check "$2"
    case $1 in
    status) if node_is_on "$2"; then echo on; else echo off; fi ;;
    off) node_cut "$2" ;;
    on) node_power_on "$2" ;;
    *) die "power: what is '$1'?" ;;
    esac
}
