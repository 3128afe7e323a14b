/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keeper: a child that holds the duplicates and one end of a pipe, and ends when the other
 * end is gone, however that came about.
 */
#include "sys/fdkeep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/pidfd.h"

#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438 /* Linux 5.6, the same number on every architecture */
#endif
#ifndef SYS_close_range
#define SYS_close_range 436 /* Linux 5.9 */
#endif

/* /dev/net/tun (Documentation/admin-guide/devices.txt) */
enum { TUN_MAJOR = 10, TUN_MINOR = 200 };

static int compare(const void *a, const void *b)
{
    return *(const int *) a - *(const int *) b;
}

static bool close_from_to(unsigned from, unsigned to)
{
    return from > to || syscall(SYS_close_range, from, to, 0) == 0;
}

/*
 * All but the sorted `held`: a stage's descriptors must not live as long as the keeper, and least
 * of all its copy of the pipe's other end, whose close it waits for.
 */
static bool close_others(const int *held, size_t count)
{
    unsigned from = 0;

    for (size_t i = 0; i < count; i++) {
        if (held[i] > 0 && !close_from_to(from, (unsigned) held[i] - 1)) {
            return false;
        }
        from = (unsigned) held[i] + 1;
    }
    return close_from_to(from, ~0U);
}

/* `held`: the duplicates and, somewhere among them, the pipe. */
_Noreturn static void keep(int *held, size_t count, int pipe_end)
{
    char byte;

    setsid(); /* a signal to the action's group is not for us */
    qsort(held, count, sizeof *held, compare);
    if (!close_others(held, count)) {
        _exit(1);
    }
    while (read(pipe_end, &byte, 1) < 0 && errno == EINTR) {
    }
    _exit(0);
}

/* The number may be another descriptor's by now, and a disk must not stay open for our sake. */
static bool is_tap(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) &&
           st.st_rdev == makedev(TUN_MAJOR, TUN_MINOR);
}

static size_t duplicate(pid_t pid, const int *fds, size_t count, int *ret)
{
    _cleanup_close_ int pidfd = pidfd_of(pid);
    size_t n = 0;

    for (size_t i = 0; pidfd >= 0 && i < count; i++) {
        ret[n] = (int) syscall(SYS_pidfd_getfd, pidfd, fds[i], 0U);
        if (ret[n] >= 0 && is_tap(ret[n])) {
            n++;
        } else {
            cleanup_close(&ret[n]);
        }
    }
    return n;
}

void fdkeep_start(pid_t pid, const int *fds, size_t count, struct fdkeep *ret)
{
    _cleanup_free_ int *held = mem_zero(count + 1, sizeof *held);
    size_t n = duplicate(pid, fds, count, held);
    int ends[2];

    *ret = FDKEEP_NONE;
    if (n > 0 && pipe2(ends, O_CLOEXEC) == 0) {
        pid_t keeper;

        held[n] = ends[0];
        pidfd_keep_children();
        keeper = fork();
        if (keeper == 0) {
            keep(held, n + 1, ends[0]);
        }
        close(ends[0]);
        if (keeper > 0) {
            ret->go = ends[1];
        } else {
            close(ends[1]);
        }
    }
    /* Not the last close, where there is a keeper. */
    for (size_t i = 0; i < n; i++) {
        close(held[i]);
    }
}

void fdkeep_end(struct fdkeep *k)
{
    cleanup_close(&k->go);
    k->go = -1;
}
