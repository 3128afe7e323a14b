/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An errand: a stage that an event loop waits for. The child, its promises and its dangers
 * are those of stage.h; only the waiting is the loop's, by one descriptor and one timer.
 */
#ifndef GVM_SYS_ERRAND_H
#define GVM_SYS_ERRAND_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/err.h"
#include "sys/stage.h"

struct errand;

/*
 * Starts fn in a forked child, to be done by `until`; never waits. `input` need only live
 * until this returns: the child has its own copy of all memory. `shared` is stage_memory,
 * and its caller's: to be read when the errand has succeeded, to be freed at any time after
 * it was finished or dropped. Not in a stage. Uses SIGCHLD's default action.
 */
int errand_start(const char *what, stage_fn fn, void *shared, const void *input,
                 struct deadline until, struct errand **ret, struct err *why);

/* Readable from when it is done, or its process has ended, until it is finished. */
int errand_fd(const struct errand *e);
/* When to finish it at the latest, so that a hanging child is ended. */
struct deadline errand_until(const struct errand *e);

/* For who has no loop: waits `ms` at most; true when there is something for errand_finish. */
bool errand_wait(const struct errand *e, int ms);
/* The same, and no longer than until there is something to read from `fd` (-1: none), too. */
bool errand_wait_or(const struct errand *e, int fd, int ms);

/*
 * fn's result, which counts even when it comes late; -ECHILD when it died; -ETIMEDOUT after
 * `until`, with the child killed. *e is freed and NULL then. While it goes on and has time:
 * -EAGAIN with *e as it was (fn itself may answer -EAGAIN, too: *e tells). Takes some
 * milliseconds at most; a child that does not end so fast is left behind for childproc_reap. It
 * may still hold its locks for the moment that its end takes.
 */
int errand_finish(struct errand **e, struct err *why);

/* Kills it; nobody wants the result. NULL-safe. */
void errand_drop(struct errand **e);

#endif
