#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A libvirt call, a rename, an fsync or a signal fails, at each of an action's steps: the answer
# is true, and the action's repetition ends right.

load faults

setup_file() { faults_up; }
teardown_file() { scenario_down; }
teardown() { guest_end; }

@test "monitor" { walk fail monitor 5; }
@test "start" { walk fail start 6; }
@test "stop" { walk fail stop 4; }
@test "save" { walk fail save 2; }
@test "restore" { walk fail restore 3; }
@test "freeze" { walk fail freeze 9; }
@test "start with discard" { walk fail discard 5; }
