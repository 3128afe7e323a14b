# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += \
	tests/unit/base/clock_test \
	tests/unit/base/err_test \
	tests/unit/base/log_test \
	tests/unit/base/str_test
