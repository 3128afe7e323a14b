/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of conditions, run states and libvirt's states, and back. Records
 * and scripts keep them: a word, once used, stays.
 */
#include <libvirt/libvirt.h>

#include "base/str.h"
#include "model/states.h"
#include "model/verdict.h"

static const char *const conditions[CONDITION_LAST] = {
    [CONDITION_UNKNOWN] = "unknown",
    [CONDITION_RUNNING] = "running",
    [CONDITION_BUSY] = "busy",
    [CONDITION_PAUSED] = "paused",
    [CONDITION_IO_ERROR] = "io-error",
    [CONDITION_HUNG] = "hung",
    [CONDITION_CRASHED] = "crashed",
    [CONDITION_SELF_RECOVERING] = "self-recovering",
    [CONDITION_SLEEPING] = "sleeping",
    [CONDITION_STOPPING] = "stopping",
    [CONDITION_FROZEN] = "frozen",
    [CONDITION_THAWED] = "thawed",
    [CONDITION_ABSENT] = "absent",
    [CONDITION_SILENT] = "silent",
};

const char *condition_name(enum condition c)
{
    return conditions[(unsigned) c < CONDITION_LAST ? c : CONDITION_UNKNOWN];
}

enum condition condition_from_name(const char *name)
{
    for (int c = 0; c < CONDITION_LAST; c++) {
        if (str_eq(name, conditions[c])) {
            return (enum condition) c;
        }
    }
    return CONDITION_UNKNOWN;
}

const char *runstate_name(enum runstate r)
{
    return runstate_row_of(r)->word;
}

enum runstate runstate_from_name(const char *qmp_word)
{
    for (int r = 0; r < RUNSTATE_LAST; r++) {
        if (str_eq(qmp_word, runstate_row_of((enum runstate) r)->word)) {
            return (enum runstate) r;
        }
    }
    return RUNSTATE_UNKNOWN;
}

static const char *const states[] = {
    [VIR_DOMAIN_NOSTATE] = "no state",
    [VIR_DOMAIN_RUNNING] = "running",
    [VIR_DOMAIN_BLOCKED] = "idle",
    [VIR_DOMAIN_PAUSED] = "paused",
    [VIR_DOMAIN_SHUTDOWN] = "in shutdown",
    [VIR_DOMAIN_SHUTOFF] = "shut off",
    [VIR_DOMAIN_CRASHED] = "crashed",
    [VIR_DOMAIN_PMSUSPENDED] = "pmsuspended",
};

const char *domain_state_name(int state)
{
    size_t count = sizeof(states) / sizeof(states[0]);

    return state >= 0 && (size_t) state < count ? states[state] : "no state";
}

const char *domain_reason_name(int state, int reason)
{
    const struct state_row *row = state_row_exact(state, reason);

    return row ? row->word : "unknown";
}
