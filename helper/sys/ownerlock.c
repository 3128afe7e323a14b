/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt (5.0 to 11: virSecurityManagerMetadataLock) write-locks one byte of each file before it
 * changes their owners, tries so 10000 times (some 20 s), and changes none of them where one cannot
 * be locked.
 */
#include "sys/ownerlock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/stage.h"

enum { LOCK_AT = 1, LOCK_BYTES = 1 };

static bool is_out_of_reach(int code)
{
    return code == ENOENT || code == ELOOP || code == EACCES || code == EPERM ||
           code == EROFS;
}

/* Where there are no locks libvirt has none either, and changes nothing. */
static int lock_it(int fd, const char *path, struct err *why)
{
    struct flock lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_AT, .l_len = LOCK_BYTES
    };

    if (fcntl(fd, F_OFD_SETLK, &lock) == 0) {
        return 1;
    }
    return errno == EAGAIN || errno == EACCES
               ? err_set(why, -EBUSY, ERR_GENERIC, "a libvirt, here or on another node, is at work "
                         "on the owner of '%s'", path)
               : 0;
}

int ownerlock_take(const char *path, const struct file_id *id, int *ret_fd, struct err *why)
{
    _cleanup_close_ int fd = -1;
    struct stat st;
    int rc;

    stage_at("keeping the owner of '%s'", path);
    /* To write, since libvirt's lock is a write lock; nothing is written. */
    fd = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0) {
        return is_out_of_reach(errno)
                   ? 0 : err_set(why, -errno, ERR_GENERIC, "the owner of '%s' cannot be kept: %s",
                                 path, strerror(errno));
    }
    if (!S_ISREG(st.st_mode) || st.st_uid == 0 || st.st_dev != id->dev || st.st_ino != id->ino) {
        return 0;
    }
    rc = lock_it(fd, path, why);
    if (rc == 1) {
        *ret_fd = fd;
        fd = -1;
    }
    return rc;
}
