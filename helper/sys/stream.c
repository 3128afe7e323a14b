/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pipe from a child that is ours. The child's end of it must block, as programs expect; ours
 * must not.
 */
#include "sys/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/childproc.h"
#include "sys/program_internal.h"

struct stream {
    struct childproc child;
    int fd;
};

static int begin(struct stream *s, char *const words[])
{
    _cleanup_close_ int its_end = -1;
    int ends[2];
    pid_t pid;
    int rc = pipe2(ends, O_CLOEXEC) < 0 ? -errno : 0;

    if (rc < 0) {
        return rc;
    }
    s->fd = ends[0];
    its_end = ends[1];
    rc = fcntl(s->fd, F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
    if (rc == 0) {
        rc = program_spawn(words, &(struct program_way) {.out_fd = its_end}, &pid);
    }
    return rc < 0 ? rc : childproc_open(pid, &s->child);
}

int stream_start(char *const words[], struct stream **ret, struct err *why)
{
    struct stream *s = mem_zero(1, sizeof *s);
    int rc;

    *s = (struct stream) {.child = CHILDPROC_NONE, .fd = -1};
    rc = begin(s, words);
    if (rc < 0) {
        stream_end(&s);
        return err_set(why, rc, ERR_GENERIC, "%s cannot be run: %s", words[0], strerror(-rc));
    }
    *ret = s;
    return 0;
}

int stream_fd(const struct stream *s)
{
    return s->fd;
}

int stream_read(struct stream *s, char *to, size_t size)
{
    ssize_t n = read(s->fd, to, size);

    if (n >= 0) {
        return (int) n;
    }
    return errno == EINTR ? -EAGAIN : -errno;
}

void stream_end(struct stream **s)
{
    static const struct childproc_patience none = {.end_ms = 0, .kill_ms = 20};
    int status;

    if (!*s) {
        return;
    }
    if ((*s)->child.pid > 0) {
        childproc_end(&(*s)->child, &none, &status);
    }
    cleanup_close(&(*s)->fd);
    free(*s);
    *s = NULL;
}
