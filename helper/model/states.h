/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of libvirt's and QEMU's states, for the verdict only: who wants to
 * know a condition asks verdict.h.
 */
#ifndef GVM_MODEL_STATES_H
#define GVM_MODEL_STATES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/verdict.h"

/* What QEMU's run state is for, beside libvirt's state and reason. */
enum runstate_use {
    RUNSTATE_UNASKED = 0, /* libvirt's answer is enough */
    RUNSTATE_DECIDES,     /* `condition` holds only if QEMU does not tell */
    RUNSTATE_CLEARS       /* the same, but one that only says "stands still" changes nothing */
};

struct state_row {
    int state;
    int reason;
    const char *word; /* virsh domstate --reason's */
    enum condition condition;
    enum runstate_use use;
};

struct runstate_row {
    const char *word; /* QMP's */
    enum condition condition;
    bool over_crash;  /* true even under RUNSTATE_CLEARS */
};

const struct state_row *state_rows(size_t *ret_count);
/* The row of exactly this pair, or NULL. */
const struct state_row *state_row_exact(int state, int reason);
/* Never NULL: else the state's row for reason 0, else "no state". */
const struct state_row *state_row_of(int state, int reason);
const struct runstate_row *runstate_row_of(enum runstate r);
/* Both, as verdict_tell has them among its own. */
void states_tell(struct table_sink *sink);

#endif
