/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking at image files, and QEMU's locks on them.
 */
#include "sys/imagefile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/fileio.h"
#include "sys/stage.h"

/* QEMU's block/file-posix.c: a byte for each permission that a user has, and for each that it
 * does not share. */
enum { LOCKS_BEGIN = 100, LOCKS_COUNT = 200 };

static int fail(struct err *why, int code, const char *path, const char *what)
{
    return err_set(why, code, ERR_GENERIC, "image '%s' %s: %s", path, what, strerror(-code));
}

int imagefile_look(const char *path, struct image *ret, struct err *why)
{
    *ret = (struct image) {.there = false};
    stage_at("looking at '%s'", path);
    if (lstat(path, &ret->st) < 0) {
        return errno == ENOENT ? 0 : fail(why, -errno, path, "cannot be looked at");
    }
    ret->there = true;
    ret->regular = S_ISREG(ret->st.st_mode);
    return 0;
}

int imagefile_head(const char *path, void *bytes, size_t most, size_t *ret_count,
                   struct err *why)
{
    _cleanup_close_ int fd = -1;
    int rc;

    stage_at("reading the head of '%s'", path);
    fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        return fail(why, -errno, path, "cannot be opened");
    }
    rc = file_read_most(fd, bytes, most, ret_count);
    return rc < 0 ? fail(why, rc, path, "cannot be read") : 0;
}

int imagefile_lock(const char *path, int *ret_fd, struct err *why)
{
    struct flock lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCKS_BEGIN, .l_len = LOCKS_COUNT
    };
    _cleanup_close_ int fd = -1;
    struct stat st;

    stage_at("locking '%s'", path);
    fd = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0) {
        return fail(why, -errno, path, "cannot be opened");
    }
    if (!S_ISREG(st.st_mode)) {
        return err_set(why, -EINVAL, ERR_GENERIC, "image '%s' is not a regular file", path);
    }
    if (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
        return errno == EAGAIN || errno == EACCES
                   ? err_set(why, -EBUSY, ERR_GENERIC, "image '%s' is in use: a QEMU, here or on "
                             "another node, or another program has it open", path)
                   : fail(why, -errno, path, "cannot be locked");
    }
    *ret_fd = fd;
    fd = -1;
    return 0;
}
