/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One session of gdb at a frozen guest at a time, seen by those who would release the guest.
 */
#ifndef GVM_SYS_GDBLOCK_H
#define GVM_SYS_GDBLOCK_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/* *ret_fd keeps it (close it), and so does no process that was killed. -EBUSY: somebody has it. */
int gdblock_take(pid_t pid, int *ret_fd, struct err *why);

/* Somebody's session is open at that process, or it cannot be told. Not for who has one open. */
bool gdblock_is_taken(pid_t pid);

#endif
