/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the watch learnt, into the guest's record: the incident, how the guest ended, how
 * often its watchdog fired. Only under the guest's lock, and never waiting for it: an action
 * that is at work has the word, and the note is made when it is done, if the guest is still
 * the same.
 */
#include "watch/watch.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "sys/statedir.h"

enum { AGAIN_MS = 200 };

void notes_carry_over(struct record *from, struct record *to)
{
    struct incident learnt = from->incident;

    /* A monitor that asked QEMU may know that it stands; the watch cannot ask. That it stood for an
     * earlier cause says nothing of this one. */
    learnt.halted = learnt.halted || (to->incident.halted &&
                                      learnt.seen_mono_us == to->incident.seen_mono_us &&
                                      learnt.cause == to->incident.cause);
    from->incident = to->incident;
    to->incident = learnt;
    to->watchdog_fired = from->watchdog_fired;
    to->ending = from->ending;
}

bool notes_are_of_one_life(const struct record *a, const struct record *b)
{
    return a->phase == PHASE_RUNNING && b->phase == PHASE_RUNNING &&
           process_same(&a->process, &b->process);
}

/* Merged into what is on disk: an action may have noted other things since. */
static int save_locked(struct watched *g, struct err *why)
{
    struct record *now = NULL;
    int rc = statedir_load(g->record->name, &now, why);

    if (rc < 0) {
        return rc;
    }
    if (notes_are_of_one_life(g->record, now)) {
        notes_carry_over(g->record, now);
        record_free(g->record);
        g->record = now;
        return statedir_save(now, why);
    }
    record_free(now); /* its news comes through the followed directory */
    return 0;
}

void notes_save(struct watched *g)
{
    _cleanup_close_ int lock = -1;
    struct err why = {0};
    int rc;

    timer_clear(&g->note);
    if (!guest_is_followed(g)) {
        g->unsaved = false;
        return;
    }
    /* A lock of the process is not taken twice: closing the second would give up both. */
    rc = mend_has_lock(g) ? 0
                          : statedir_lock(g->record->name, deadline_in_ms(0), &lock, &why);
    if (rc == 0) {
        rc = save_locked(g, &why);
    }
    g->unsaved = rc < 0;
    if (rc == -ETIMEDOUT) {
        timer_set(&g->note, AGAIN_MS);
    } else if (rc < 0) {
        log_warning("what happened to guest '%s' is not kept: %s", g->record->name, why.text);
    }
}

bool notes_are_locked_out(const struct watched *g)
{
    _cleanup_close_ int lock = -1;
    struct err ignored = {0};

    return !mend_has_lock(g) &&
           statedir_lock(g->record->name, deadline_in_ms(0), &lock, &ignored) == -ETIMEDOUT;
}

static void again(void *data)
{
    struct watched *g = data;

    if (g->unsaved) {
        notes_save(g);
    }
}

void notes_init(struct watched *g)
{
    timer_init(&g->note, g->watch->loop, again, g);
}

void notes_forget(struct watched *g)
{
    timer_clear(&g->note);
}
