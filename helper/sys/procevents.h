/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's word about every process that ends, and how: the proc connector. A hint and
 * never a proof: what was lost never comes, and it is told a moment before the end.
 */
#ifndef GVM_SYS_PROCEVENTS_H
#define GVM_SYS_PROCEVENTS_H

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct procevents_exit {
    pid_t pid;  /* of the process; the ends of single threads are not told */
    int status; /* as wait(2) tells it */
};

/*
 * A non-blocking socket that becomes readable when a process ends; close it with
 * procevents_close. -EPERM: not to this user. -EOPNOTSUPP: not here: the kernel has none, or
 * speaks only in the first network namespace (nobody receives our question elsewhere), and
 * the first user and PID namespace (the question goes unanswered). Never waits: the kernel's
 * answer is there when the question has been sent.
 */
int procevents_open(int *ret_fd, struct err *why);

/*
 * From here on only the ends of these processes are told (none, with count 0), apart from
 * what is queued; the kernel sorts out the others. On an error all stays as it was; -ENOMEM:
 * too many, though some hundreds always fit.
 */
int procevents_only(int fd, const pid_t *pids, size_t count, struct err *why);

/*
 * One end. -EAGAIN: none; -ENOBUFS: some were lost, and reading goes on as before. The process
 * may not have ended yet (its pidfd and proc_state tell that). Of one whose first thread leaves
 * before the others, as QEMU's never does, that thread's end is told in place of its own.
 */
int procevents_read(int fd, struct procevents_exit *ret, struct err *why);

/* Says good-bye first: kernels before 6.6 go on making events for a socket that is gone. */
void procevents_close(int fd);

#endif
