# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += \
	tests/unit/ocf/actions_test \
	tests/unit/ocf/saving_test

# The whole program from outside, without root and daemons.
dist_check_SCRIPTS += \
	tests/agent/alert.sh \
	tests/agent/meta-data.sh \
	tests/agent/order.sh \
	tests/agent/parameters.sh \
	tests/agent/unit.sh \
	tests/agent/words.sh
EXTRA_DIST += tests/agent/lib.sh
