/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that a person asked for, by a path of the person's: written by root, perhaps into a
 * folder where others may write.
 */
#ifndef GVM_SYS_OUTFILE_H
#define GVM_SYS_OUTFILE_H

#include <stddef.h>
#include <sys/stat.h>

#include "base/err.h"

/*
 * The whole text, with mode 0600, or the path as it was. Replaces a regular file; -EEXIST where
 * something else is: a link is not followed, a device or a FIFO not written to.
 */
int outfile_write(const char *path, const char *text, size_t size, struct err *why);

/*
 * `name` in the folder `dir`, which nobody else can write to (sys/safepath.h), becomes this text
 * with the owner and the mode of `like`, on the disk, or stays as it was: where `may`, asked when
 * all is written and only the name is left to be given, returns an error, too. 0 or -errno.
 */
int outfile_replace(int dir, const char *name, const char *text, size_t size,
                    const struct stat *like, int (*may)(void *data), void *data);

/* outfile_write of what is in another file, which is ours. */
int outfile_copy(const char *from, const char *path, struct err *why);

#endif
