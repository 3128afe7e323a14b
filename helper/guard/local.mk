# SPDX-License-Identifier: GPL-2.0-or-later
libguardedvm_a_SOURCES += \
	helper/guard/aftercare.c helper/guard/aftercare.h \
	helper/guard/announce.c helper/guard/announce.h \
	helper/guard/announced.c \
	helper/guard/ask.c helper/guard/ask.h \
	helper/guard/bothends.c helper/guard/bothends.h \
	helper/guard/checkup.c helper/guard/checkup.h \
	helper/guard/collect.c helper/guard/collect.h \
	helper/guard/coredump.c helper/guard/coredump.h \
	helper/guard/debug.c helper/guard/debug.h \
	helper/guard/defined.c helper/guard/defined.h \
	helper/guard/dumpwriter.c helper/guard/dumpwriter.h \
	helper/guard/ending.c helper/guard/ending.h \
	helper/guard/evidence.c helper/guard/evidence.h \
	helper/guard/fence.c helper/guard/fence.h \
	helper/guard/fence_drives.c \
	helper/guard/fence_jobs.c \
	helper/guard/fence_net.c \
	helper/guard/fence_nodes.c \
	helper/guard/freeze.c helper/guard/freeze.h \
	helper/guard/guestconfig.c helper/guard/guestconfig.h \
	helper/guard/holdings.c helper/guard/holdings.h \
	helper/guard/identify.c \
	helper/guard/incidents.c helper/guard/incidents.h \
	helper/guard/inquire.c helper/guard/inquire.h \
	helper/guard/kernellog.c helper/guard/kernellog.h \
	helper/guard/kill.c helper/guard/kill.h \
	helper/guard/leases.c helper/guard/leases.h \
	helper/guard/look.h \
	helper/guard/look_inside.c \
	helper/guard/look_outside.c \
	helper/guard/migrate.c helper/guard/migrate.h \
	helper/guard/observe.c helper/guard/observe.h \
	helper/guard/overhear.c helper/guard/overhear.h \
	helper/guard/overlay.c helper/guard/overlay.h \
	helper/guard/owners.c helper/guard/owners.h \
	helper/guard/release.c helper/guard/release.h \
	helper/guard/remember.c \
	helper/guard/resources.c helper/guard/resources.h \
	helper/guard/restored.c \
	helper/guard/room.c helper/guard/room.h \
	helper/guard/saveconfig.c helper/guard/saveconfig.h \
	helper/guard/saved.c helper/guard/saved.h \
	helper/guard/scan.c helper/guard/scan.h \
	helper/guard/scripts.c helper/guard/scripts.h \
	helper/guard/swapped.c helper/guard/swapped.h \
	helper/guard/target.c helper/guard/target.h \
	helper/guard/verify.c helper/guard/verify.h \
	helper/guard/vitals.c helper/guard/vitals.h
