/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lock under which libvirt changes a file's owner and security label. May block on dead
 * storage: in a stage only.
 */
#ifndef GVM_SYS_OWNERLOCK_H
#define GVM_SYS_OWNERLOCK_H

#include "base/err.h"
#include "model/record.h"

/*
 * 1: while *ret_fd is open (close it) no libvirt that remembers owners (its default), here or on a
 * node that shares the file system's locks, gives the file at `path` to anybody else; one that
 * wants to gives up after 20 s. 0: there is nothing to keep: it is root's already, it is not that
 * file, or root may not open it, and so not give it away. -EBUSY: somebody has the lock.
 */
int ownerlock_take(const char *path, const struct file_id *id, int *ret_fd, struct err *why);

#endif
