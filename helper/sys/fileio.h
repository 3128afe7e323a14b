/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every writer of whole files does with its descriptor.
 */
#ifndef GVM_SYS_FILEIO_H
#define GVM_SYS_FILEIO_H

#include <stddef.h>

/* All of it. 0 or a negative errno. */
int file_write_all(int fd, const char *text, size_t size);
/* All of it, and on the disk when this returns. 0 or a negative errno. */
int file_write_synced(int fd, const char *text, size_t size);

#endif
