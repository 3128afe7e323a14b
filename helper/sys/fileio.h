/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What everybody who reads or writes whole files does with the descriptor.
 */
#ifndef GVM_SYS_FILEIO_H
#define GVM_SYS_FILEIO_H

#include <stddef.h>

/* Up to `most` bytes from where `fd` is; fewer only where the file ends. 0 or a negative errno. */
int file_read_most(int fd, void *to, size_t most, size_t *ret_count);
/* All of it. 0 or a negative errno. */
int file_write_all(int fd, const char *text, size_t size);
/* All of it, and on the disk when this returns. 0 or a negative errno. */
int file_write_synced(int fd, const char *text, size_t size);

#endif
