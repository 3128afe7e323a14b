/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs work that may never return in a forked child, and leaves it behind when it does
 * not. Owns fork, the control block and the waiting; what a stage does is its caller's.
 *
 * The parent never waits for the child's end without a limit: SIGKILL does not end a
 * task in state D, and even a finished child can hang in closing a file on dead storage.
 * That is why the result travels ahead of the end, by shared memory and an eventfd.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "sys/pidfd.h"
#include "sys/proc.h"
#include "sys/stage.h"

enum {
    AT_SIZE = 256,
    END_WAIT_MS = 200,   /* for a child that has its result to be gone and reaped */
    KILL_WAIT_MS = 50,   /* for SIGKILL to do its work, if it ever will */
    CHILD_NO_STDIO = 96, /* exit codes of a child that could not begin */
    CHILD_ORPHAN = 97
};

struct control {
    atomic_int done; /* set last: everything else is complete then */
    int result;
    struct err why;
    char at[AT_SIZE]; /* the last byte is never written: always terminated */
};

struct child {
    pid_t pid;
    int pidfd;
    int done_fd;
};

/* Set in the child only. */
static struct control *here;

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
    if (fd > 2) {
        close(fd);
    }
    return 0;
}

_Noreturn static void child_main(struct control *c, int done_fd, pid_t parent, stage_fn fn,
                                 void *shared, const void *input)
{
    static const uint64_t one = 1;

    /* The order closes the race: a parent that died before prctl is seen by getppid. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(CHILD_ORPHAN);
    }
    if (leave_stdio() < 0) {
        _exit(CHILD_NO_STDIO);
    }
    /* A daemon that goes away in the middle of a request is an error, not our death. */
    signal(SIGPIPE, SIG_IGN);
    here = c;
    c->result = fn(shared, input, &c->why);
    atomic_store(&c->done, 1);
    if (write(done_fd, &one, sizeof one) < 0) {
        /* The parent sees the end itself a moment later. */
    }
    /* _exit: buffers and exit handlers are the parent's, and libraries may hang in theirs. */
    _exit(0);
}

static void child_release(struct child *child)
{
    cleanup_close(&child->pidfd);
    cleanup_close(&child->done_fd);
}

static int child_start(struct child *child, struct control *c, stage_fn fn, void *shared,
                       const void *input)
{
    pid_t parent = getpid();
    int saved;

    child->done_fd = eventfd(0, EFD_CLOEXEC);
    if (child->done_fd < 0) {
        return -errno;
    }
    pidfd_keep_children();
    child->pid = fork();
    if (child->pid == 0) {
        child_main(c, child->done_fd, parent, fn, shared, input);
    }
    if (child->pid < 0) {
        return -errno;
    }
    child->pidfd = pidfd_of(child->pid);
    if (child->pidfd < 0) {
        /* Not reaped yet, so the PID is still that child's. */
        saved = errno;
        kill(child->pid, SIGKILL);
        waitpid(child->pid, NULL, WNOHANG);
        return -saved;
    }
    return 0;
}

/* True when the child has its result or has ended; false at the deadline. */
static bool child_wait(const struct child *child, struct deadline until)
{
    struct pollfd fds[2] = {
        {.fd = child->done_fd, .events = POLLIN},
        {.fd = child->pidfd, .events = POLLIN},
    };

    for (;;) {
        int left = deadline_left_ms(until);
        int n = poll(fds, 2, left);

        if (n > 0) {
            return true;
        }
        if (n == 0 && left == 0) {
            return false;
        }
        if (n < 0 && errno != EINTR) {
            return false;
        }
    }
}

/* Kills where needed, waits no longer than a moment. False: it stays behind. */
static bool child_end(const struct child *child, int wait_ms, int *ret_status)
{
    *ret_status = -1;
    if (proc_wait_end(child->pidfd, deadline_in_ms(wait_ms), NULL) < 0) {
        pidfd_signal(child->pidfd, SIGKILL);
        if (proc_wait_end(child->pidfd, deadline_in_ms(KILL_WAIT_MS), NULL) < 0) {
            return false;
        }
    }
    if (waitpid(child->pid, ret_status, WNOHANG) != child->pid) {
        *ret_status = -1;
    }
    return true;
}

static int why_died(const char *what, const struct control *c, int status, struct err *why)
{
    const char *at = c->at[0] ? c->at : "its beginning";

    if (status >= 0 && WIFSIGNALED(status)) {
        return err_set(why, -ECHILD, ERR_GENERIC, "%s: the process that did it was ended by "
                       "signal %d (%s) at %s", what, WTERMSIG(status),
                       strsignal(WTERMSIG(status)), at);
    }
    if (status >= 0 && WEXITSTATUS(status) == CHILD_NO_STDIO) {
        return err_set(why, -ECHILD, ERR_GENERIC, "%s: /dev/null cannot be opened", what);
    }
    return err_set(why, -ECHILD, ERR_GENERIC, "%s: the process that did it ended without an "
                   "answer (status %d) at %s", what, status, at);
}

static int why_late(const char *what, const struct control *c, const struct child *child,
                    bool ended, struct err *why)
{
    const char *at = c->at[0] ? c->at : "its beginning";
    _cleanup_free_ char *stuck = ended ? NULL : proc_describe_stuck(child->pid);

    if (ended) {
        return err_set(why, -ETIMEDOUT, ERR_GENERIC, "%s: no answer in time, given up at %s",
                       what, at);
    }
    return err_set(why, -ETIMEDOUT, ERR_GENERIC, "%s: no answer in time, given up at %s; "
                   "process %d does not even end: %s", what, at, (int) child->pid, stuck);
}

static int child_outcome(const char *what, const struct control *c, const struct child *child,
                         struct deadline until, struct err *why)
{
    bool woken = child_wait(child, until);
    int status;
    bool ended = child_end(child, woken ? END_WAIT_MS : 0, &status);

    /* Asked last: a result that came while the child was being killed is still a result. */
    if (atomic_load(&c->done)) {
        if (why && c->result != 0) {
            *why = c->why;
        }
        return c->result;
    }
    return woken && ended ? why_died(what, c, status, why) : why_late(what, c, child, ended, why);
}

int stage_run(const char *what, stage_fn fn, void *shared, const void *input,
              struct deadline until, struct err *why)
{
    struct child child = {.pid = -1, .pidfd = -1, .done_fd = -1};
    struct control *c;
    int rc;

    /* A child's own child would outlive the deadline that the first parent keeps. */
    assert(!here);
    if (deadline_over(until)) {
        return err_set(why, -ETIMEDOUT, ERR_GENERIC, "%s: no time was left to begin it", what);
    }
    c = stage_memory(sizeof *c);
    rc = child_start(&child, c, fn, shared, input);
    if (rc < 0) {
        err_set(why, rc, ERR_GENERIC, "%s: no process for it: %s", what, strerror(-rc));
    } else {
        rc = child_outcome(what, c, &child, until, why);
    }
    child_release(&child);
    stage_memory_free(c, sizeof *c);
    return rc;
}
