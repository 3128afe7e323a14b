/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user's files: the config, opened read-only and bounded (configwrite.c writes it); and
 * whether a disk is there. Can block on dead storage: in a stage only.
 */
#ifndef GVM_SYS_CONFIGFILE_H
#define GVM_SYS_CONFIGFILE_H

#include <stddef.h>

#include "base/err.h"

/*
 * Reads a regular file of at most `limit` bytes (caller frees *ret). Errors:
 * -ENOENT missing, -EACCES, -EFBIG, -EINVAL (not a regular file: opened with
 * O_NONBLOCK so that a FIFO cannot hold us); kind ERR_INSTALLED: it may be there on another node.
 */
int configfile_read(const char *path, size_t limit, char **ret, size_t *ret_size,
                    struct err *why);

/* 0: something is at that path. Else -errno; names the call to the stage. */
int configfile_stat(const char *path);
/* 0: a program that we may run is at that path. The same besides. */
int configfile_program(const char *path);

#endif
