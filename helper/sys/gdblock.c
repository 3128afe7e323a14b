/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One file for all guests, a byte of it for each process.
 */
#include "sys/gdblock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "sys/statedir_internal.h"

static const char lock_name[] = ".gdb.lock";

static int open_file(int flags, int *ret_fd, struct err *why)
{
    _cleanup_close_ int dir = -1;
    int rc = statedir_open(0, &dir, why);

    return rc < 0 ? rc : statefile_open(dir, lock_name, flags, ret_fd, why);
}

static struct flock byte_of(pid_t pid)
{
    return (struct flock) {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = pid, .l_len = 1};
}

int gdblock_take(pid_t pid, int *ret_fd, struct err *why)
{
    struct flock lock = byte_of(pid);
    int rc = open_file(O_RDWR | O_CREAT, ret_fd, why);

    if (rc < 0) {
        return rc;
    }
    if (fcntl(*ret_fd, F_SETLK, &lock) < 0) {
        return err_set(why, errno == EAGAIN || errno == EACCES ? -EBUSY : -errno, ERR_GENERIC,
                       "somebody is at QEMU process %d with gdb already (%s/%s: %s)", (int) pid,
                       statedir_path(), lock_name, strerror(errno));
    }
    return 0;
}

bool gdblock_is_taken(pid_t pid)
{
    struct flock lock = byte_of(pid);
    _cleanup_close_ int fd = -1;
    struct err ignored = {0};
    int rc = open_file(O_RDWR, &fd, &ignored);

    if (rc < 0) {
        return rc != -ENOENT;
    }
    return fcntl(fd, F_GETLK, &lock) < 0 || lock.l_type != F_UNLCK;
}
