/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A directory of records of a test's own, in its scratch directory: not there until one is saved.
 */
#ifndef GVM_TESTS_SYS_SCRATCH_STATE_H
#define GVM_TESTS_SYS_SCRATCH_STATE_H

#include "scratch_dir.h"

#include "sys/statedir.h"

static char directory[SCRATCH_BYTES + 16];

static inline int scratch_state_setup(void **state)
{
    if (scratch_setup(state) < 0) {
        return -1;
    }
    snprintf(directory, sizeof directory, "%s/state", scratch);
    statedir_set_path(directory);
    return 0;
}

static inline int scratch_state_teardown(void **state)
{
    statedir_set_path(NULL);
    return scratch_teardown(state);
}

#endif
