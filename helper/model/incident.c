/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of an incident's legal steps, and what an open incident makes of a guest that is
 * called running. Words and printing are incident_words.c's.
 */
#include "model/incident.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/incident_rows.h"
#include "model/record.h"

enum { US_PER_S = 1000 * 1000, MOMENTS_MOST = 64 };

#define ROW(FROM, STEP, TO, DEED)                                                  \
    {                                                                              \
        .from = INCIDENT_##FROM, .step = STEP_##STEP, .to = INCIDENT_##TO,         \
        .deed = DEED_##DEED                                                        \
    }

/*
 * A stop may freeze, and a monitor without a watch may report, what nobody noted before: so
 * both lead from everywhere. What is told twice (an event and the state that follows it) leads
 * where the incident is already.
 */
static const struct incident_row rows[] = {
    ROW(NONE, BROKE, SEEN, REPORT),
    ROW(NONE, MAY_RECOVER, RECOVERING, WAIT),
    ROW(NONE, REPORTED, REPORTED, ANNOUNCE),
    ROW(NONE, FROZEN, FROZEN, ANNOUNCE),

    ROW(SEEN, BROKE, SEEN, NOTHING),
    ROW(SEEN, MAY_RECOVER, RECOVERING, WAIT),
    ROW(SEEN, RECOVERED, RECOVERED, CLEAR),
    ROW(SEEN, REPORTED, REPORTED, NOTHING),
    ROW(SEEN, FROZEN, FROZEN, ANNOUNCE),
    ROW(SEEN, ENDED, RELEASED, NOTHING),

    ROW(RECOVERING, MAY_RECOVER, RECOVERING, NOTHING),
    ROW(RECOVERING, BROKE, SEEN, REPORT),
    ROW(RECOVERING, GRACE_OVER, SEEN, REPORT),
    ROW(RECOVERING, RECOVERED, RECOVERED, CLEAR),
    ROW(RECOVERING, REPORTED, REPORTED, ANNOUNCE),
    ROW(RECOVERING, FROZEN, FROZEN, ANNOUNCE),
    ROW(RECOVERING, ENDED, RELEASED, NOTHING),

    ROW(RECOVERED, BROKE, SEEN, REPORT),
    ROW(RECOVERED, MAY_RECOVER, RECOVERING, WAIT),
    ROW(RECOVERED, RECOVERED, RECOVERED, NOTHING),
    ROW(RECOVERED, REPORTED, REPORTED, ANNOUNCE),
    ROW(RECOVERED, FROZEN, FROZEN, ANNOUNCE),
    ROW(RECOVERED, ENDED, RELEASED, NOTHING),

    ROW(REPORTED, REPORTED, REPORTED, NOTHING),
    ROW(REPORTED, BROKE, REPORTED, NOTHING),
    ROW(REPORTED, MAY_RECOVER, REPORTED, NOTHING),
    ROW(REPORTED, RECOVERED, RECOVERED, CLEAR),
    ROW(REPORTED, FROZEN, FROZEN, ANNOUNCE),
    ROW(REPORTED, ENDED, RELEASED, NOTHING),

    ROW(FROZEN, FROZEN, FROZEN, NOTHING),
    ROW(FROZEN, DUMP_BEGUN, DUMPING, ANNOUNCE),
    ROW(FROZEN, ENDED, RELEASED, ANNOUNCE),
    ROW(DUMPING, DUMP_ENDED, KEPT, ANNOUNCE),
    ROW(DUMPING, FROZEN, FROZEN, ANNOUNCE),
    ROW(DUMPING, ENDED, RELEASED, ANNOUNCE),
    ROW(KEPT, DUMP_BEGUN, DUMPING, ANNOUNCE),
    ROW(KEPT, FROZEN, FROZEN, ANNOUNCE),
    ROW(KEPT, ENDED, RELEASED, ANNOUNCE),

    ROW(RELEASED, ENDED, RELEASED, NOTHING),
};

const struct incident_row *incident_rows(size_t *ret_count)
{
    *ret_count = sizeof rows / sizeof rows[0];
    return rows;
}

static const struct incident_row *find(enum incident_state from, enum incident_step step)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].from == from && rows[i].step == step) {
            return &rows[i];
        }
    }
    return NULL;
}

/* Of a long list the beginning and the end tell most. */
static void add_moment(struct incident *i, int64_t wall_ms, int64_t mono_us)
{
    struct moment_record *m;

    if (i->moment_count >= MOMENTS_MOST) {
        size_t middle = MOMENTS_MOST / 2;

        free(i->moment[middle].what);
        memmove(&i->moment[middle], &i->moment[middle + 1],
                (MOMENTS_MOST - middle - 1) * sizeof i->moment[0]);
        i->moment_count--;
    }
    m = array_add(&i->moment, &i->moment_count, sizeof *m);
    m->what = str_dup(incident_state_name(i->state));
    m->wall_ms = wall_ms;
    m->mono_us = mono_us;
}

int incident_step(struct incident *i, enum incident_step step, int64_t wall_ms, int64_t mono_us,
                  struct err *why)
{
    const struct incident_row *row = find(i->state, step);

    if (!row) {
        return err_set(why, -EPROTO, ERR_GENERIC, "an incident that is %s cannot take the step "
                       "'%s'", incident_state_name(i->state), incident_step_name(step));
    }
    if (row->to == i->state) {
        return DEED_NOTHING;
    }
    i->state = row->to;
    add_moment(i, wall_ms, mono_us);
    return (int) row->deed;
}

bool incident_is_open(const struct incident *i)
{
    return i->state != INCIDENT_NONE && i->state != INCIDENT_RECOVERED &&
           i->state != INCIDENT_RELEASED;
}

bool incident_ends_by_running(const struct incident *i)
{
    return incident_is_open(i) && (i->halted || i->cause == CAUSE_IO_ERROR);
}

bool incident_is_silence(const struct incident *i)
{
    return incident_is_open(i) && (i->cause == CAUSE_SILENT || i->cause == CAUSE_SILENT_NMI);
}

int64_t incident_grace_us(enum incident_cause cause, const struct params *policy)
{
    switch (cause) {
    case CAUSE_PANIC: return policy->panic_grace_s * US_PER_S;
    case CAUSE_CRASHLOAD: return policy->kdump_grace_s * US_PER_S;
    case CAUSE_WATCHDOG_RESET:
    case CAUSE_WATCHDOG_NMI:
    case CAUSE_SILENT_NMI: return (int64_t) WATCHDOG_GRACE_S * US_PER_S;
    case CAUSE_WATCHDOG_SHUTDOWN: return (int64_t) WATCHDOG_SHUTDOWN_GRACE_S * US_PER_S;
    case CAUSE_IO_ERROR:
        return policy->on_io_error == ON_IO_ERROR_RETRY ? policy->io_error_grace_s * US_PER_S : 0;
    case CAUSE_NONE:
    case CAUSE_WATCHDOG:
    case CAUSE_INTERNAL:
    case CAUSE_SILENT:
    case CAUSE_LAST: return 0;
    }
    return 0;
}

int64_t incident_grace_left_us(const struct incident *i, const struct params *policy,
                               int64_t mono_us)
{
    int64_t left = i->seen_mono_us + incident_grace_us(i->cause, policy) - mono_us;

    return left > 0 ? left : 0;
}

static bool settles(const struct incident *i, int64_t mono_us)
{
    return i->resumed_mono_us &&
           mono_us - i->resumed_mono_us < (int64_t) IO_SETTLE_S * US_PER_S;
}

enum incident_view incident_view_of(const struct incident *i, const struct params *policy,
                                    int64_t mono_us)
{
    bool in_time = incident_grace_left_us(i, policy, mono_us) > 0;

    if (i->state != INCIDENT_SEEN && i->state != INCIDENT_RECOVERING &&
        i->state != INCIDENT_REPORTED) {
        return VIEW_NONE;
    }
    if (i->halted && i->cause != CAUSE_IO_ERROR) {
        return VIEW_NONE;
    }
    switch (i->cause) {
    case CAUSE_PANIC:
    case CAUSE_CRASHLOAD: return in_time ? VIEW_RECOVERING : VIEW_CRASHED;
    case CAUSE_WATCHDOG:
    case CAUSE_SILENT: return VIEW_HUNG;
    case CAUSE_WATCHDOG_RESET:
    case CAUSE_WATCHDOG_NMI:
    case CAUSE_WATCHDOG_SHUTDOWN:
    case CAUSE_SILENT_NMI:
        /* Whoever ignores watchdogs is not told "degraded" of one either. */
        return in_time && policy->on_watchdog != ON_WATCHDOG_IGNORE ? VIEW_RECOVERING : VIEW_HUNG;
    case CAUSE_IO_ERROR: return settles(i, mono_us) ? VIEW_RECOVERING : VIEW_NONE;
    case CAUSE_NONE:
    case CAUSE_INTERNAL:
    case CAUSE_LAST: return VIEW_NONE;
    }
    return VIEW_NONE;
}
