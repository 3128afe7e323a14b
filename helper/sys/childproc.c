/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of child processes: how it is seen, brought about and waited for, always
 * within a limit. A child that does not end stays ours, so its PID is nobody else's.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/str.h"
#include "sys/childproc.h"
#include "sys/pidfd.h"
#include "sys/proc.h"

const struct childproc_patience childproc_patient = {.end_ms = 200, .kill_ms = 50};
const struct childproc_patience childproc_hasty = {.end_ms = 0, .kill_ms = 2};

static pid_t *left;
static size_t left_count;

int childproc_open(pid_t pid, struct childproc *ret)
{
    int pidfd = pidfd_of(pid);
    int saved = errno;

    if (pidfd < 0) {
        /* Not reaped yet, so the PID is still that child's. */
        kill(pid, SIGKILL);
        *(pid_t *) array_add(&left, &left_count, sizeof *left) = pid;
        childproc_reap();
        return -saved;
    }
    *ret = (struct childproc){.pid = pid, .pidfd = pidfd};
    return 0;
}

static bool ends_within(const struct childproc *c, int ms)
{
    return proc_wait_end(c->pidfd, deadline_in_ms(ms), NULL) == 0;
}

bool childproc_ended(const struct childproc *c)
{
    return ends_within(c, 0);
}

bool childproc_end(struct childproc *c, const struct childproc_patience *patience, int *ret_status)
{
    bool ended = ends_within(c, patience->end_ms);

    *ret_status = -1;
    if (!ended) {
        pidfd_signal(c->pidfd, SIGKILL);
        ended = ends_within(c, patience->kill_ms);
    }
    if (!ended) {
        *(pid_t *) array_add(&left, &left_count, sizeof *left) = c->pid;
    } else if (waitpid(c->pid, ret_status, WNOHANG) != c->pid) {
        *ret_status = -1;
    }
    cleanup_close(&c->pidfd);
    c->pidfd = -1;
    return ended;
}

size_t childproc_reap(void)
{
    size_t kept = 0;

    for (size_t i = 0; i < left_count; i++) {
        /* An error means that it is no child of this process: a fork inherited the list. */
        if (waitpid(left[i], NULL, WNOHANG) == 0) {
            left[kept++] = left[i];
        }
    }
    left_count = kept;
    return kept;
}
