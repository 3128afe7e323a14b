/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Real processes for tests of what is proven about processes: a forked child that
 * prepares itself (opens files, ignores signals) and then only sleeps. It ends with
 * the test. What the child does is the test's own.
 */
#ifndef GVM_TESTS_GUARD_CHILD_H
#define GVM_TESTS_GUARD_CHILD_H

#include "model/record.h"

/* Runs in the child. Returns 0, or an errno where this machine does not permit it. */
typedef int (*child_prepare)(void *data);

struct child {
    struct process_id id;
    int refused; /* the errno of the preparation: the test is to be skipped */
};

/* Returns when the child is prepared. Aborts the test where there is no child at all.
 * The child has no descriptors but /dev/null and what `prepare` opened. */
void child_start(struct child *c, child_prepare prepare, void *data);

/* SIGKILL, and reaps it. */
void child_end(struct child *c);

#endif
