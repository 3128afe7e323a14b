# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += \
	tests/unit/guard/announce_test \
	tests/unit/guard/announced_test \
	tests/unit/guard/checkup_test \
	tests/unit/guard/debug_test \
	tests/unit/guard/fence_drives_test \
	tests/unit/guard/fence_jobs_test \
	tests/unit/guard/fence_test \
	tests/unit/guard/identify_test \
	tests/unit/guard/incidents_test \
	tests/unit/guard/inquire_test \
	tests/unit/guard/kill_test \
	tests/unit/guard/leases_test \
	tests/unit/guard/look_inside_test \
	tests/unit/guard/overlay_test \
	tests/unit/guard/owners_test \
	tests/unit/guard/scan_test \
	tests/unit/guard/scripts_test \
	tests/unit/guard/verify_test
tests_unit_guard_debug_test_SOURCES = tests/unit/guard/debug_test.c tests/unit/guard/child.c \
	tests/unit/guard/child.h tests/unit/guard/script.c tests/unit/guard/script.h
tests_unit_guard_fence_drives_test_SOURCES = tests/unit/guard/fence_drives_test.c \
	tests/unit/guard/script.c tests/unit/guard/script.h
tests_unit_guard_fence_jobs_test_SOURCES = tests/unit/guard/fence_jobs_test.c \
	tests/unit/guard/script.c tests/unit/guard/script.h
tests_unit_guard_fence_test_SOURCES = tests/unit/guard/fence_test.c tests/unit/guard/script.c \
	tests/unit/guard/script.h
tests_unit_guard_kill_test_SOURCES = tests/unit/guard/kill_test.c tests/unit/guard/child.c \
	tests/unit/guard/child.h
tests_unit_guard_look_inside_test_SOURCES = tests/unit/guard/look_inside_test.c \
	tests/unit/guard/script.c tests/unit/guard/script.h
tests_unit_guard_verify_test_SOURCES = tests/unit/guard/verify_test.c tests/unit/guard/child.c \
	tests/unit/guard/child.h tests/unit/guard/hold.c tests/unit/guard/hold.h
