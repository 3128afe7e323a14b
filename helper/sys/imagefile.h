/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk image as a file: its first bytes, and whether a QEMU has it open. Never written here.
 * May block on dead storage: in a stage only.
 */
#ifndef GVM_SYS_IMAGEFILE_H
#define GVM_SYS_IMAGEFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/err.h"

struct image {
    bool there;   /* something of this name */
    bool regular; /* a file, neither a link nor a device */
    struct stat st;
};

/* Looks, and follows no link. Fails only where that cannot be told. */
int imagefile_look(const char *path, struct image *ret, struct err *why);

/* At most `most` first bytes of what is at `path`, links followed, into `bytes`. */
int imagefile_head(const char *path, void *bytes, size_t most, size_t *ret_count,
                   struct err *why);

/*
 * Opens the regular file and takes the locks that QEMU takes on every image that it opens, so that
 * none can while *ret_fd is open (close it). -EBUSY: one has it open, on this node or on another
 * that shares the file system's locks.
 */
int imagefile_lock(const char *path, int *ret_fd, struct err *why);

#endif
