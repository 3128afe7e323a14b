# SPDX-License-Identifier: GPL-2.0-or-later
libguardedvm_a_SOURCES += \
	helper/ocf/actions.c \
	helper/ocf/answer.c \
	helper/ocf/check.c \
	helper/ocf/conflicts.c \
	helper/ocf/create.c \
	helper/ocf/dispatch.c \
	helper/ocf/health.c helper/ocf/health.h \
	helper/ocf/metadata.c \
	helper/ocf/migrate_from.c \
	helper/ocf/migrate_to.c \
	helper/ocf/monitor.c \
	helper/ocf/ocf.h \
	helper/ocf/prepare.c helper/ocf/prepare.h \
	helper/ocf/reload.c \
	helper/ocf/saveconfig.c helper/ocf/saveconfig.h \
	helper/ocf/saving.c helper/ocf/saving.h \
	helper/ocf/start.c helper/ocf/start.h \
	helper/ocf/stop.c helper/ocf/stop.h \
	helper/ocf/stop_freeze.c \
	helper/ocf/stop_save.c \
	helper/ocf/stop_sequence.c \
	helper/ocf/stop_settle.c \
	helper/ocf/takeover.c \
	helper/ocf/usage.c \
	helper/ocf/utilization.c \
	helper/ocf/validate.c
