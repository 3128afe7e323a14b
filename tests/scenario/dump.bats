#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is kept of a frozen guest: its evidence and its dump, made by the node's watch after the
# freeze, without anybody's asking, and never half there.

# Each test is a subshell, and some text is for a shell in the node.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034
load ../lib/scenario

setup_file() { scenario_up --nodes 1 --no-cluster; }
teardown_file() { scenario_down; }
teardown() {
    guest_end
    n1 sh -c 'rm -rf /var/lib/guardedvm/*' || true
}

# A guest that panics and is frozen, with these parameters.
frozen_guest() { # NAME KIND PARAMETER...
    guest "$1" "$2"
    PARAMS+=("${@:3}")
    act 0 start
    guest_up
    console panic
    wait_for 20 "the panic" virsh_says "$GUEST" crashed
    act 0 stop
    frozen
}

fact() { guardedvm show "$GUEST" --output-as=json | jq -r ".guest[\"$1\"] // empty"; }
incident_is() { [ "$(fact incident)" = "$1" ]; }
in_folder() { n1 ls "$(fact evidence)"; }

@test "evidence without a dump" {
    frozen_guest evid tiny
    wait_for 30 "the evidence" incident_is kept
    in_folder
    [ -z "$(fact dump-file)" ]
    frozen
}

@test "an ELF dump, and the guest stays frozen" {
    frozen_guest elf linux dump_format=elf after_dump=keep
    wait_for 60 "the dump" incident_is kept
    in_folder
    n1 head -c 20 "$(fact dump-file)" | grep -q ELF
    guardedvm show "$GUEST"
    frozen
}

