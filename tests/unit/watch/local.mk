# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/unit/watch/desk_test
tests_unit_watch_desk_test_SOURCES = tests/unit/watch/desk_test.c
tests_unit_watch_desk_test_LDADD = $(unit_libs)
