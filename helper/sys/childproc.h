/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A child process of ours, told by its pidfd: has it ended, end it, reap it. Owns those
 * that would not end: they are left behind, remembered, and reaped when they have gone.
 * Who starts it and what it does is errand.c's (fork) and program.c's (exec).
 */
#ifndef GVM_SYS_CHILDPROC_H
#define GVM_SYS_CHILDPROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct childproc {
    pid_t pid;
    int pidfd;
};

/* What nobody has started yet: to be closed without harm. */
#define CHILDPROC_NONE ((struct childproc){.pid = -1, .pidfd = -1})

/* How long the end of a child is waited for; SIGKILL does not end a task in state D. */
struct childproc_patience {
    int end_ms;  /* for it to end by itself */
    int kill_ms; /* for SIGKILL to do its work, if it ever will */
};

/* For who has nothing else to do. */
extern const struct childproc_patience childproc_patient;
/* For an event loop: long enough for a task that can end, too short to be felt. */
extern const struct childproc_patience childproc_hasty;

/* Opens the child that fork or posix_spawn just made. Where that fails, it is ended. */
int childproc_open(pid_t pid, struct childproc *ret);

/* Never waits. */
bool childproc_ended(const struct childproc *c);

/*
 * Ends it with SIGKILL where it does not end by itself, reaps it, closes the pidfd. Its
 * status of wait(2), -1 where that cannot be known. False: it has not ended, and is left to
 * childproc_reap; the pid stays in `c` for reasons.
 */
bool childproc_end(struct childproc *c, const struct childproc_patience *patience, int *ret_status);

/*
 * Reaps whatever was left behind and has ended meanwhile; returns how many have not. Every
 * errand and program that starts does this, so a loop may do it, but need not. A growing
 * number means storage that hangs: time to start no more.
 */
size_t childproc_reap(void);

#endif
