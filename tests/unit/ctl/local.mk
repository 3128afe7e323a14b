# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/unit/ctl/render_test
tests_unit_ctl_render_test_SOURCES = tests/unit/ctl/render_test.c
tests_unit_ctl_render_test_LDADD = $(unit_libs)
