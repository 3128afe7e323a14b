/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records as they change, by inotify. They are replaced by rename, so a change is one
 * event; which files are records is statedir.c's.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/statedir.h"
#include "sys/statedir_internal.h"

int statedir_follow(int *ret_fd, struct err *why)
{
    _cleanup_close_ int dir = -1;
    _cleanup_close_ int fd = -1;
    int rc = statedir_open(1, &dir, why);

    if (rc < 0) {
        return rc;
    }
    fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0 || inotify_add_watch(fd, statedir_path(), IN_MOVED_TO | IN_DELETE | IN_ONLYDIR |
                                                             IN_DONT_FOLLOW) < 0) {
        return err_set(why, -errno, ERR_GENERIC, "%s cannot be followed: %s", statedir_path(),
                       strerror(errno));
    }
    *ret_fd = fd;
    fd = -1;
    return 0;
}

/* What one read brings, handed out piece by piece. One watch a process: one buffer. */
static struct {
    _Alignas(struct inotify_event) char bytes[16 * (sizeof(struct inotify_event) + 256)];
    size_t size;
    size_t at;
} queue;

static int fill(int fd)
{
    ssize_t n = read(fd, queue.bytes, sizeof queue.bytes);

    queue.size = n > 0 ? (size_t) n : 0;
    queue.at = 0;
    return n > 0 ? 0 : n < 0 ? -errno : -EAGAIN;
}

int statedir_changed(int fd, char ret[STATEDIR_NAME_SIZE])
{
    for (;;) {
        const struct inotify_event *e;
        int rc = queue.at < queue.size ? 0 : fill(fd);

        if (rc < 0) {
            return rc == -EINTR ? -EAGAIN : rc;
        }
        e = (const struct inotify_event *) (const void *) (queue.bytes + queue.at);
        queue.at += sizeof *e + e->len;
        if (e->mask & (IN_Q_OVERFLOW | IN_IGNORED)) {
            return -EOVERFLOW;
        }
        if (e->len && statedir_is_record(e->name)) {
            snprintf(ret, STATEDIR_NAME_SIZE, "%s", e->name);
            return 0;
        }
    }
}
