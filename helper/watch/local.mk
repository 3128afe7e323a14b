# SPDX-License-Identifier: GPL-2.0-or-later
libguardedvm_a_SOURCES += \
	helper/watch/care.c \
	helper/watch/desk.c \
	helper/watch/ears.c \
	helper/watch/ends.c \
	helper/watch/events.c \
	helper/watch/guests.c \
	helper/watch/judge.c \
	helper/watch/listen.c helper/watch/listen.h \
	helper/watch/mend.c \
	helper/watch/notes.c \
	helper/watch/tell.c \
	helper/watch/timer.c helper/watch/timer.h \
	helper/watch/watch.c helper/watch/watch.h
