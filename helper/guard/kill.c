/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ends one process and proves it, by a descriptor of that very process: no signal
 * can reach another one that got its PID, and poll on the descriptor tells the end
 * after its files were closed and its requests finished.
 */
#include "guard/kill.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "sys/proc.h"

enum {
    /* SIGTERM's share: QEMU flushes and closes; on storage that hangs it never ends. */
    FLUSH_PERCENT = 50,
    FLUSH_MOST_MS = 15 * 1000,
    /* Even with no time left, a process that dies at once should not be called alive. */
    LEAST_WAIT_MS = 100
};

static int describe_survivor(const struct process_id *id, struct err *why)
{
    _cleanup_free_ char *stuck = proc_describe_stuck(id->pid);

    return err_set(why, -ETIMEDOUT, ERR_GENERIC, "QEMU process %d is alive in spite of SIGKILL: %s",
                   (int) id->pid, stuck);
}

/* 0: has ended. */
static int signal_and_wait(int pidfd, int sig, struct deadline until, struct err *why)
{
    int rc = proc_signal(pidfd, sig, why);

    if (rc == -ESRCH) {
        return 0;
    }
    return rc < 0 ? rc : proc_wait_end(pidfd, until, why);
}

int kill_proven(const struct process_id *id, enum kill_manner manner, struct deadline until,
                struct err *why)
{
    _cleanup_close_ int pidfd = -1;
    struct err ours = {0};
    int rc = proc_open(id, &pidfd, &ours);

    if (rc == -ESRCH) {
        return 0;
    }
    if (rc < 0) {
        *why = ours;
        return rc;
    }
    if (manner == KILL_FLUSHED) {
        rc = signal_and_wait(pidfd, PROC_SIGTERM,
                             deadline_part(until, FLUSH_PERCENT, FLUSH_MOST_MS), &ours);
        if (rc == 0) {
            return 0;
        }
    }
    struct deadline least = deadline_in_ms(LEAST_WAIT_MS);
    rc = signal_and_wait(pidfd, PROC_SIGKILL,
                         deadline_left_ms(until) < LEAST_WAIT_MS ? least : until, &ours);
    if (rc == -ETIMEDOUT) {
        return describe_survivor(id, why);
    }
    if (rc < 0) {
        *why = ours;
    }
    return rc;
}
