/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From an action's process to one that outlives it: the start of the watch.
 */
#ifndef GVM_SYS_DETACH_H
#define GVM_SYS_DETACH_H

#include "base/err.h"

/*
 * Starts `helper watch` in a session of its own, without the action's standard descriptors and
 * OCF environment, and does not wait for it. Whether it becomes the node's watch, its lock decides.
 */
int detach_start_watch(const char *helper, struct err *why);

/* In the new process: closes all but the standard descriptors, which whoever started us may
 * have left open, and takes as many as the system allows. */
void detach_descriptors(void);

#endif
