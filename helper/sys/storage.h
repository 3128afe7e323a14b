/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a path lies on: the type of its file system, or which disk it is. Opens nothing for
 * reading or writing; hangs on dead storage, so in a stage only.
 */
#ifndef GVM_SYS_STORAGE_H
#define GVM_SYS_STORAGE_H

#include "model/reach.h"

/* Always fills *ret. */
void storage_look(const char *path, struct storage *ret);

void storage_set_sysfs(const char *path); /* tests only; NULL: /sys */

/* Of the disk with that number; for storage_look, and for tests. */
void storage_look_at_block(unsigned major, unsigned minor, struct storage *ret);

#endif
