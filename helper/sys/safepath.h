/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a folder that an administrator named can be believed: a path that is opened again by
 * name, perhaps by somebody else, has to lead to the same place then.
 */
#ifndef GVM_SYS_SAFEPATH_H
#define GVM_SYS_SAFEPATH_H

#include "base/err.h"

/*
 * Opens the folder (O_PATH) at the absolute `path`. 0: it and all folders on its way, also those
 * that links lead through, are root's (or ours) and cannot be written to by others, except that a
 * folder like /tmp, whose entries only their owners can rename, may be on the way, and so may
 * links that root made. -EPERM: somebody else could lead it elsewhere. -ENOENT, -ENOTDIR.
 */
int safepath_open(const char *path, int *ret_fd, struct err *why);

#endif
