#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A libvirt call never comes back, at each of an action's steps, alone or with all that follow:
# the action ends inside its own time all the same, with an answer that /proc agrees with.

load faults

setup_file() { faults_up; }
teardown_file() { scenario_down; }
teardown() { guest_end; }

@test "monitor, one call hangs" { walk hang monitor 3 5000; }
@test "start, one call hangs" { walk hang start 4 5000; }
@test "start, every call from there on hangs" { walk hang-from start 3 5000; }
@test "stop, one call hangs" { walk hang stop 3 5000; }
@test "stop, every call from there on hangs" { walk hang-from stop 2 5000; }
@test "save, one call hangs" { walk hang save 2 8000; }
@test "freeze, one call hangs" { walk hang freeze 5 5000; }
@test "freeze, every call from there on hangs" { walk hang-from freeze 3 5000; }
@test "start with discard, one call hangs" { walk hang discard 3 5000; }
