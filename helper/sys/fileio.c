/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing until all is written. Which file, and under which name, is the callers' business.
 */
#include "sys/fileio.h"

#include <errno.h>
#include <unistd.h>

int file_write_all(int fd, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, text, size);

        if (n < 0 && errno != EINTR) {
            return -errno;
        }
        text += n > 0 ? n : 0;
        size -= n > 0 ? (size_t) n : 0;
    }
    return 0;
}

int file_write_synced(int fd, const char *text, size_t size)
{
    int rc = file_write_all(fd, text, size);

    return rc == 0 && fsync(fd) < 0 ? -errno : rc;
}
