# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += \
	tests/unit/watch/desk_test \
	tests/unit/watch/guests_test \
	tests/unit/watch/notes_test
