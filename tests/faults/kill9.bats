#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The helper is killed (SIGKILL, whole action) before or after each of its steps; then the same
# action again must end right: record whole, guest on no two sides, never a second QEMU.

# Each test is a subshell.
# shellcheck disable=SC2030,SC2031
load faults

setup_file() { faults_up; }
teardown_file() { scenario_down; }
teardown() { guest_end; }

@test "start killed before a step" { walk kill-before start 5; }
@test "start killed after a step" { walk kill-after start 4; }
@test "stop killed before a step" { walk kill-before stop 4; }
@test "stop killed after a step" { walk kill-after stop 3; }
@test "save killed before a step" { walk kill-before save 3; }
@test "restore killed before a step" { walk kill-before restore 4; }
@test "restore killed after a step" { walk kill-after restore 2; }
@test "freeze killed before a step" { walk kill-before freeze 9; }
@test "freeze killed after a step" { walk kill-after freeze 5; }
@test "start with discard killed before a step" { walk kill-before discard 4; }
@test "start with discard killed after a step" { walk kill-after discard 3; }
