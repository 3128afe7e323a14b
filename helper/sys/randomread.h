/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that the model reads here and there through its callback (model/elfcore.h). May block on
 * dead storage: in a stage only.
 */
#ifndef GVM_SYS_RANDOMREAD_H
#define GVM_SYS_RANDOMREAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* A regular file, not through a link; close *ret_fd. */
int randomread_open(const char *path, int *ret_fd, struct err *why);
/* `fd` points to the descriptor. All of `size` bytes, or -errno; -ENODATA beyond the end. */
int randomread_at(void *fd, uint64_t offset, void *to, size_t size);

/* The whole of one that is no larger than `most`; caller frees. -EFBIG: it is. */
int wholefile_read(const char *path, size_t most, char **ret, size_t *ret_size, struct err *why);

#endif
