/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The child's half of a stage: it parts with what is its parent's (descriptors, signal
 * handlers), does the work, and tells the result. Owns the memory that both halves see.
 *
 * The result travels ahead of the end, by that memory and an eventfd: even a finished
 * child can hang in closing a file on dead storage.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "sys/stage.h"
#include "sys/stage_internal.h"

enum { DONE_FD = STDERR_FILENO + 1 }; /* where it stands in the child; none is above it */

/* Set in the child only. */
static struct stage_control *here;

void *stage_memory(size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED) {
        abort();
    }
    return p;
}

void stage_memory_free(void *shared, size_t size)
{
    if (shared) {
        munmap(shared, size);
    }
}

bool stage_inside(void)
{
    return here;
}

void stage_at(const char *fmt, ...)
{
    va_list ap;

    if (!here) {
        return;
    }
    va_start(ap, fmt);
    vsnprintf(here->at, sizeof here->at - 1, fmt, ap);
    va_end(ap);
}

/* Pacemaker reads the action's output until every copy of the pipe is closed. */
static int leave_stdio(void)
{
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (fd < 0) {
        return -1;
    }
    for (int i = 0; i <= 2; i++) {
        /* dup2 onto itself would keep close-on-exec, which no child here minds. */
        if (dup2(fd, i) < 0) {
            return -1;
        }
    }
    return 0;
}

/*
 * A child that hangs for ever must not keep what its parent had open: a lock of flock(2), a
 * client that waits for the end of its connection, a socket that the next process binds.
 */
static int leave_descriptors(int done_fd)
{
    if (leave_stdio() < 0 || (done_fd != DONE_FD && dup2(done_fd, DONE_FD) < 0)) {
        return -1;
    }
    closefrom(DONE_FD + 1);
    return 0;
}

/* A loop's handler writes into the loop's descriptor, whose number is soon another file's. */
static void leave_handlers(void)
{
    static const int caught_by_loops[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};

    for (size_t i = 0; i < sizeof caught_by_loops / sizeof *caught_by_loops; i++) {
        struct sigaction was;

        if (sigaction(caught_by_loops[i], NULL, &was) == 0 && was.sa_handler != SIG_IGN &&
            was.sa_handler != SIG_DFL) {
            signal(caught_by_loops[i], SIG_DFL);
        }
    }
    /* A daemon that goes away in the middle of a request is an error, not our death. */
    signal(SIGPIPE, SIG_IGN);
}

_Noreturn void stage_child(const struct stage_work *work)
{
    static const uint64_t one = 1;
    struct stage_control *c = work->control;

    /* The order closes the race: a parent that died before prctl is seen by getppid. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != work->parent) {
        _exit(STAGE_ORPHAN);
    }
    leave_handlers();
    if (leave_descriptors(work->done_fd) < 0) {
        _exit(STAGE_NO_STDIO);
    }
    here = c;
    c->result = work->fn(work->shared, work->input, &c->why);
    atomic_store(&c->done, 1);
    if (write(DONE_FD, &one, sizeof one) < 0) {
        /* The parent sees the end itself a moment later. */
    }
    /* _exit: buffers and exit handlers are the parent's, and libraries may hang in theirs. */
    _exit(0);
}
