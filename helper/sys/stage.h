/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stage: work that may never return (libvirt calls have no time-outs, stat(2)
 * hangs on dead storage, /proc/PID/cmdline hangs on a stuck mm) runs in a child
 * process that can be abandoned. The parent lives on with a true answer.
 */
#ifndef GVM_SYS_STAGE_H
#define GVM_SYS_STAGE_H

#include <stddef.h>

#include "base/clock.h"
#include "base/err.h"

/* Runs in the child. Writes results only into `shared`; returns 0 or -errno. */
typedef int (*stage_fn)(void *shared, const void *input, struct err *why);

/*
 * Runs fn in a forked child until `until`. `shared` is from stage_memory and is
 * the only memory that travels back, so it must be plain data without pointers
 * into the heap. `input` is read only and inherited by fork.
 * Returns fn's result; -ETIMEDOUT when it did not end in time (the child was
 * sent SIGKILL and is not waited for beyond a moment: in state D it stays
 * behind, which `why` says, with the last stage_at); -ECHILD when it died.
 * The child dies with its parent (PR_SET_PDEATHSIG), has none of the caller's descriptors
 * (an abandoned child must not keep Pacemaker's pipes open, nor a lock), and must not be
 * trusted to have done or not done its last call.
 */
int stage_run(const char *what, stage_fn fn, void *shared, const void *input,
              struct deadline until, struct err *why);

/* Zeroed memory shared with children; aborts when there is none. */
void *stage_memory(size_t size);
void stage_memory_free(void *shared, size_t size);

/* In the child: names the call about to be made, for the time-out's reason. */
void stage_at(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
