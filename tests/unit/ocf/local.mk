# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/unit/ocf/actions_test
tests_unit_ocf_actions_test_SOURCES = tests/unit/ocf/actions_test.c
tests_unit_ocf_actions_test_LDADD = $(unit_libs)
check_PROGRAMS += tests/unit/ocf/saving_test
tests_unit_ocf_saving_test_SOURCES = tests/unit/ocf/saving_test.c
tests_unit_ocf_saving_test_LDADD = $(unit_libs)

# The whole program from outside, without root and daemons.
dist_check_SCRIPTS += \
	tests/agent/alert.sh \
	tests/agent/meta-data.sh \
	tests/agent/order.sh \
	tests/agent/parameters.sh \
	tests/agent/unit.sh \
	tests/agent/words.sh
EXTRA_DIST += tests/agent/lib.sh
