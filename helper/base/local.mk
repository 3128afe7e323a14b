# SPDX-License-Identifier: GPL-2.0-or-later
libguardedvm_a_SOURCES += \
	helper/base/cleanup.h \
	helper/base/clock.c helper/base/clock.h \
	helper/base/err.c helper/base/err.h \
	helper/base/log.c helper/base/log.h \
	helper/base/str.c helper/base/str.h
