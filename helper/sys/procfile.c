/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading files of /proc, which tell no size and may vanish between two calls.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/proc.h"
#include "sys/procfile.h"

enum { STEP_BYTES = 4096, PATH_BYTES = 512 };

static const char *proc_root = "/proc";

void proc_set_root(const char *root)
{
    proc_root = root ? root : "/proc";
}

char *procfile_path(const char *fmt, ...)
{
    char tail[PATH_BYTES];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(tail, sizeof tail, fmt, ap);
    va_end(ap);
    return str_printf("%s/%s", proc_root, tail);
}

static char *grown(char *text, size_t size)
{
    char *p = realloc(text, size);

    if (!p) {
        abort();
    }
    return p;
}

int procfile_read(const char *path, char **ret, size_t *ret_size)
{
    _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    _cleanup_free_ char *text = NULL;
    size_t room = 0;
    size_t size = 0;
    ssize_t n;

    if (fd < 0) {
        return -errno;
    }
    do {
        if (room - size < STEP_BYTES) {
            room = room * 2 + STEP_BYTES;
            text = grown(text, room + 1);
        }
        n = read(fd, text + size, room - size);
        if (n < 0 && errno != EINTR) {
            return -errno;
        }
        size += n > 0 ? (size_t) n : 0;
    } while (n != 0);
    text[size] = '\0';
    *ret = text;
    text = NULL;
    if (ret_size) {
        *ret_size = size;
    }
    return 0;
}

long procfile_number(const char *name)
{
    int64_t value;

    return str_to_int64(name, 0, INT32_MAX, &value) ? (long) value : -1;
}

int procfile_stat(const char *path, struct proc_stat *ret)
{
    _cleanup_free_ char *text = NULL;
    const char *after_name;
    unsigned long long start;
    int rc = procfile_read(path, &text, NULL);

    if (rc < 0) {
        return rc == -ENOENT ? -ESRCH : rc;
    }
    /* The name may hold blanks and brackets: the last ')' ends it. */
    after_name = strrchr(text, ')');
    /* Fields 3 state, 9 flags, 20 num_threads, 22 starttime: proc(5). */
    if (!after_name ||
        sscanf(after_name + 1, " %c %*d %*d %*d %*d %*d %u %*u %*u %*u %*u %*u %*u %*d %*d %*d "
               "%*d %ld %*d %llu", &ret->state, &ret->flags, &ret->threads, &start) != 4) {
        return -EBADMSG;
    }
    ret->start_ticks = start;
    return 0;
}

int proc_stat_ended(const struct proc_stat *s)
{
    /* num_threads is 0 once the last one has been unlinked. */
    return strchr("ZXx", s->state) && s->threads <= 1;
}
