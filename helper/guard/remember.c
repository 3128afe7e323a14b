/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Saving what identify.c and observe.c learnt of a guest. Owns when a record may be
 * written: by an action under the guest's lock, by a mere look only where nobody else is.
 */
#include "guard/observe.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "sys/statedir.h"

int guest_remember(struct guest *g, struct err *why)
{
    int rc = 0;

    if (g->source == IDENTITY_NONE) {
        return 0;
    }
    if (g->changed) {
        rc = statedir_save(g->record, why);
    }
    if (rc == 0) {
        g->changed = false;
        g->recorded = true;
        g->loaded_phase = g->record->phase;
        g->loaded_process = g->record->process;
        g->loaded_mark = guest_mark(g->record);
    }
    /* Only now: until the new record is on disk the old one is all that is known. */
    if (rc == 0 && g->superseded) {
        rc = statedir_remove(g->superseded, why);
        free(g->superseded);
        g->superseded = NULL;
    }
    return rc;
}

struct incident_mark guest_mark(const struct record *r)
{
    return (struct incident_mark) {
        .state = r->incident.state, .moments = r->incident.moment_count,
        .halted = r->incident.halted, .resumed_mono_us = r->incident.resumed_mono_us,
        .watchdog_fired = r->watchdog_fired,
        .dump_begun_mono_us = r->incident.evidence.begun_mono_us,
    };
}

static bool same_mark(const struct incident_mark *a, const struct incident_mark *b)
{
    return a->state == b->state && a->moments == b->moments &&
           a->halted == b->halted && a->resumed_mono_us == b->resumed_mono_us &&
           a->watchdog_fired == b->watchdog_fired &&
           a->dump_begun_mono_us == b->dump_begun_mono_us;
}

/* True where the record on disk is still the one that this look began with. */
static bool still_ours(const struct guest *g)
{
    _cleanup_record_ struct record *now = NULL;
    struct incident_mark mark;
    int rc = statedir_load(g->record->name, &now, NULL);

    if (rc < 0) {
        return rc == -EBADMSG || (rc == -ENOENT && !g->recorded);
    }
    mark = guest_mark(now);
    return g->recorded && now->phase == g->loaded_phase &&
           process_same(&now->process, &g->loaded_process) && same_mark(&mark, &g->loaded_mark);
}

int guest_remember_if_idle(struct guest *g, struct err *why)
{
    _cleanup_close_ int lock = -1;
    int rc;

    if (g->source == IDENTITY_NONE || (!g->changed && !g->superseded)) {
        return 0;
    }
    rc = statedir_lock(g->record->name, deadline_in_ms(0), &lock, why);
    if (rc == -ETIMEDOUT || (rc == 0 && !still_ours(g))) {
        return err_set(why, -EBUSY, ERR_GENERIC, "an action or the watch is at work on guest '%s'",
                       g->record->name);
    }
    return rc < 0 ? rc : guest_remember(g, why);
}
