/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file while others write it (evidence, saved memory, an overlay): made by us, for us alone,
 * under a name that says that it is not complete; checked to be still ours, and synced, before it
 * gets its own.
 */
#ifndef GVM_SYS_PARTFILE_H
#define GVM_SYS_PARTFILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/err.h"
#include "model/record.h"

/* A new, empty file (mode 0600) in the place of what an interrupted writer left; *ret_fd, which may
 * be NULL, is open for writing (close it). */
int partfile_begin(const char *path, struct file_id *ret, int *ret_fd, struct err *why);

/* Which file is there; false: none. */
bool partfile_identify(const char *path, struct file_id *ret);

/* How much was written; 0 where there is no such file. */
void partfile_size(const char *path, int64_t *ret_bytes);

/*
 * What was begun is complete: -EBADMSG where it is empty or another file is in its place. Gives it
 * owner and permissions of `like` (NULL: it is ours alone), syncs, renames to `name` in `folder`,
 * syncs that.
 */
int partfile_complete(const char *path, const struct file_id *begun, const struct stat *like,
                      const char *folder, const char *name, struct err *why);

/* Mends the header of an ELF core (model/elfcore.h); others are left as they are. */
int partfile_mend_core(const char *path, struct err *why);

void partfile_remove(const char *path);

#endif
