# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += \
	tests/unit/watch/desk_test \
	tests/unit/watch/guests_test \
	tests/unit/watch/notes_test

# What these tests share.
EXTRA_DIST += tests/unit/watch/scratch_watch.h

tests_unit_watch_desk_test_SOURCES = tests/unit/watch/desk_test.c
tests_unit_watch_desk_test_LDADD = $(unit_libs)

tests_unit_watch_guests_test_SOURCES = tests/unit/watch/guests_test.c
tests_unit_watch_guests_test_LDADD = $(unit_libs)

tests_unit_watch_notes_test_SOURCES = tests/unit/watch/notes_test.c
tests_unit_watch_notes_test_LDADD = $(unit_libs)
