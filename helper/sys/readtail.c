/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the end of a file.
 */
#include "sys/readtail.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/str.h"

static int fail(struct err *why, int code, const char *path)
{
    return err_set(why, code, ERR_GENERIC, "'%s': %s", path, strerror(-code));
}

static int read_all(int fd, off_t from, char *to, size_t size)
{
    size_t used = 0;

    while (used < size) {
        ssize_t n = pread(fd, to + used, size - used, from + (off_t) used);

        if (n < 0 && errno != EINTR) {
            return -errno;
        }
        if (n == 0) {
            break; /* it became shorter meanwhile */
        }
        used += n > 0 ? (size_t) n : 0;
    }
    for (size_t i = 0; i < used; i++) {
        to[i] = to[i] ? to[i] : ' ';
    }
    return 0;
}

int readtail(const char *path, size_t most, char **ret, struct err *why)
{
    _cleanup_close_ int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    _cleanup_free_ char *text = NULL;
    struct stat st;
    size_t size;
    int rc;

    if (fd < 0 || fstat(fd, &st) < 0) {
        return fail(why, -errno, path);
    }
    if (!S_ISREG(st.st_mode)) {
        return fail(why, -EINVAL, path);
    }
    size = (uintmax_t) st.st_size < most ? (size_t) st.st_size : most;
    text = mem_zero(size + 1, 1);
    rc = read_all(fd, st.st_size - (off_t) size, text, size);
    if (rc < 0) {
        return fail(why, rc, path);
    }
    *ret = text;
    text = NULL;
    return 0;
}
