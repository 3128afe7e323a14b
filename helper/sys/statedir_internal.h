/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The directory and its files, below statedir.c's records and locks. Nobody else
 * includes this.
 */
#ifndef GVM_SYS_STATEDIR_INTERNAL_H
#define GVM_SYS_STATEDIR_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

const char *statedir_path(void);
/* Of all files in it, records are those whose name says so. */
bool statedir_is_record(const char *name);

/* Opens the directory and checks that it is ours and that nobody else could write to it; closes
 * it to others' looks. `create` makes it where it is missing. 0 with *ret_fd (close it), else
 * -ENOENT, -EPERM, ... */
int statedir_open(int create, int *ret_fd, struct err *why);

/* Opens `name` in it without following a link; checks that it is a regular file and, as with the
 * directory, ours alone. */
int statefile_open(int dir, const char *name, int flags, int *ret_fd, struct err *why);

/* The whole file; caller frees *ret. -ENOENT, -EPERM, -EBADMSG where it is absurdly large. */
int statefile_read(int dir, const char *name, char **ret, size_t *ret_size, struct err *why);

/* Replaces `name` by `text` as a whole, or leaves it as it was. */
int statefile_replace(int dir, const char *name, const char *text, struct err *why);

/* Gone for good; 0 also where it was not there. */
int statefile_remove(int dir, const char *name, struct err *why);

#endif
