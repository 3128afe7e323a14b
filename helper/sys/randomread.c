/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading at any place of a file.
 */
#include "sys/randomread.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"

int randomread_open(const char *path, int *ret_fd, struct err *why)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        int code = fd < 0 ? -errno : -EINVAL;

        cleanup_close(&fd);
        return err_set(why, code, ERR_GENERIC, "'%s' cannot be read: %s", path, strerror(-code));
    }
    *ret_fd = fd;
    return 0;
}

int randomread_at(void *fd, uint64_t offset, void *to, size_t size)
{
    char *next = to;

    if (offset > INT64_MAX - size) {
        return -EINVAL;
    }
    while (size > 0) {
        ssize_t n = pread(*(int *) fd, next, size, (off_t) offset);

        if (n == 0) {
            return -ENODATA;
        }
        if (n < 0 && errno != EINTR) {
            return -errno;
        }
        n = n > 0 ? n : 0;
        next += n;
        offset += (uint64_t) n;
        size -= (size_t) n;
    }
    return 0;
}

int wholefile_read(const char *path, size_t most, char **ret, size_t *ret_size, struct err *why)
{
    _cleanup_close_ int fd = -1;
    _cleanup_free_ char *bytes = NULL;
    struct stat st = {0};
    int rc = randomread_open(path, &fd, why);

    if (rc == 0) {
        rc = fstat(fd, &st) < 0 ? -errno : (uintmax_t) st.st_size > most ? -EFBIG : 0;
    }
    if (rc == 0) {
        bytes = mem_zero((size_t) st.st_size + 1, 1);
        rc = randomread_at(&fd, 0, bytes, (size_t) st.st_size);
    }
    if (rc < 0) {
        return err_set(why, rc, ERR_GENERIC, "'%s' cannot be read: %s", path, strerror(-rc));
    }
    *ret = bytes;
    *ret_size = (size_t) st.st_size;
    bytes = NULL;
    return 0;
}
