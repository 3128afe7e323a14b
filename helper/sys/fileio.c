/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading until there is no more, writing until all is written. Which file, and under which
 * name, is the callers' business.
 */
#include "sys/fileio.h"

#include <errno.h>
#include <unistd.h>

int file_read_most(int fd, void *to, size_t most, size_t *ret_count)
{
    size_t count = 0;
    ssize_t n;

    while (count < most && (n = read(fd, (char *) to + count, most - count)) != 0) {
        if (n < 0 && errno != EINTR) {
            return -errno;
        }
        count += n > 0 ? (size_t) n : 0;
    }
    *ret_count = count;
    return 0;
}

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
