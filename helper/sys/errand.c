/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parent's half of a stage: fork, see the result or the end, kill what is late, and
 * the words for each. What the child does with its life is stage_child.c's.
 *
 * The child's end is never waited for without a limit: SIGKILL does not end a task in
 * state D.
 */
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/pidfd.h"
#include "sys/proc.h"
#include "sys/stage_internal.h"

struct errand {
    char *what;
    struct stage_control *control;
    struct childproc child;
    int done_fd;
    int wait_fd; /* epoll of done_fd and the child's pidfd */
    struct deadline until;
};

static void errand_free(struct errand *e)
{
    cleanup_close(&e->child.pidfd);
    cleanup_close(&e->done_fd);
    cleanup_close(&e->wait_fd);
    stage_memory_free(e->control, sizeof *e->control);
    free(e->what);
    free(e);
}

static struct errand *errand_new(const char *what, struct deadline until)
{
    struct errand *e = mem_zero(1, sizeof *e);

    *e = (struct errand){
        .what = str_dup(what), .control = stage_memory(sizeof *e->control), .child = CHILDPROC_NONE,
        .done_fd = eventfd(0, EFD_CLOEXEC), .wait_fd = epoll_create1(EPOLL_CLOEXEC),
        .until = until,
    };
    return e;
}

static int listen_to(const struct errand *e, int fd)
{
    struct epoll_event event = {.events = EPOLLIN};

    return epoll_ctl(e->wait_fd, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

static int fork_child(struct errand *e, struct stage_work *work)
{
    int rc = e->done_fd < 0 || e->wait_fd < 0 ? -errno : listen_to(e, e->done_fd);
    pid_t pid;

    if (rc < 0) {
        return rc;
    }
    work->done_fd = e->done_fd;
    work->control = e->control;
    work->parent = getpid();
    pidfd_keep_children();
    pid = fork();
    if (pid == 0) {
        stage_child(work);
    }
    rc = pid < 0 ? -errno : childproc_open(pid, &e->child);
    return rc < 0 ? rc : listen_to(e, e->child.pidfd);
}

int errand_start(const char *what, stage_fn fn, void *shared, const void *input,
                 struct deadline until, struct errand **ret, struct err *why)
{
    struct stage_work work = {.fn = fn, .shared = shared, .input = input};
    struct errand *e;
    int rc;

    /* A child's own child would outlive the deadline that the first parent keeps. */
    assert(!stage_inside());
    childproc_reap();
    if (deadline_over(until)) {
        return err_set(why, -ETIMEDOUT, ERR_GENERIC, "%s: no time was left to begin it", what);
    }
    e = errand_new(what, until);
    rc = fork_child(e, &work);
    if (rc < 0) {
        errand_drop(&e);
        return err_set(why, rc, ERR_GENERIC, "%s: no process for it: %s", what, strerror(-rc));
    }
    *ret = e;
    return 0;
}

int errand_fd(const struct errand *e)
{
    return e->wait_fd;
}

struct deadline errand_until(const struct errand *e)
{
    return e->until;
}

static const char *last_place(const struct errand *e)
{
    return e->control->at[0] ? e->control->at : "its beginning";
}

static int why_died(const struct errand *e, int status, struct err *why)
{
    if (status >= 0 && WIFSIGNALED(status)) {
        return err_set(why, -ECHILD, ERR_GENERIC, "%s: the process that did it was ended by "
                       "signal %d (%s) at %s", e->what, WTERMSIG(status),
                       strsignal(WTERMSIG(status)), last_place(e));
    }
    if (status >= 0 && WEXITSTATUS(status) == STAGE_NO_STDIO) {
        return err_set(why, -ECHILD, ERR_GENERIC, "%s: /dev/null cannot be opened", e->what);
    }
    return err_set(why, -ECHILD, ERR_GENERIC, "%s: the process that did it ended without an "
                   "answer (status %d) at %s", e->what, status, last_place(e));
}

static int why_late(const struct errand *e, bool ended, struct err *why)
{
    _cleanup_free_ char *stuck = ended ? NULL : proc_describe_stuck(e->child.pid);

    if (ended) {
        return err_set(why, -ETIMEDOUT, ERR_GENERIC, "%s: no answer in time, given up at %s",
                       e->what, last_place(e));
    }
    return err_set(why, -ETIMEDOUT, ERR_GENERIC, "%s: no answer in time, given up at %s; "
                   "process %d does not even end: %s", e->what, last_place(e),
                   (int) e->child.pid, stuck);
}

/* The child is over, one way or the other. */
static int judge(const struct errand *e, bool ended_by_itself, bool ended, int status,
                 struct err *why)
{
    const struct stage_control *c = e->control;

    /* Asked last: a result that came while the child was being killed is still a result. */
    if (atomic_load(&c->done)) {
        if (why && c->result != 0) {
            *why = c->why;
        }
        return c->result;
    }
    return ended_by_itself ? why_died(e, status, why) : why_late(e, ended, why);
}

int errand_conclude(struct errand **errand, const struct childproc_patience *patience,
                    struct err *why)
{
    struct errand *e = *errand;
    struct childproc_patience p = *patience;
    bool ended_by_itself = childproc_ended(&e->child);
    bool over = ended_by_itself || atomic_load(&e->control->done);
    bool ended;
    int status, rc;

    if (!over && !deadline_over(e->until)) {
        return err_set(why, -EAGAIN, ERR_GENERIC, "%s: goes on, at %s", e->what, last_place(e));
    }
    if (!over) {
        p.end_ms = 0; /* it had its time */
    }
    ended = childproc_end(&e->child, &p, &status);
    rc = judge(e, ended_by_itself, ended, status, why);
    errand_free(e);
    *errand = NULL;
    return rc;
}

bool errand_wait(const struct errand *e, int ms)
{
    return errand_wait_or(e, -1, ms);
}

bool errand_wait_or(const struct errand *e, int fd, int ms)
{
    struct pollfd p[] = {
        {.fd = errand_fd(e), .events = POLLIN}, {.fd = fd, .events = POLLIN},
    };

    return poll(p, sizeof p / sizeof p[0], ms) < 0 || p[0].revents ||
           deadline_over(errand_until(e));
}

int errand_finish(struct errand **e, struct err *why)
{
    return errand_conclude(e, &childproc_hasty, why);
}

void errand_drop(struct errand **e)
{
    int status;

    if (!*e) {
        return;
    }
    if ((*e)->child.pidfd >= 0) {
        childproc_end(&(*e)->child, &childproc_hasty, &status);
    }
    errand_free(*e);
    *e = NULL;
}
