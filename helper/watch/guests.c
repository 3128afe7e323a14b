/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guests that the watch follows: one for each record of this node, read again whenever an
 * action replaces it. What is to be known of a guest's life is the record's; what the watch
 * itself learnt and has not saved yet survives a reading.
 */
#include "watch/watch.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "model/incident.h"
#include "sys/statedir.h"

bool guest_is_followed(const struct watched *g)
{
    return g->record->phase == PHASE_RUNNING && g->record->process.pid > 0 && g->record->uuid;
}

struct watched *guest_by_resource(struct watch *w, const char *resource)
{
    for (size_t i = 0; resource && i < w->guest_count; i++) {
        if (str_eq(w->guest[i]->record->resource, resource)) {
            return w->guest[i];
        }
    }
    return NULL;
}

struct watched *guest_by_uuid(struct watch *w, const struct ear *ear, const char *uuid)
{
    for (size_t i = 0; i < w->guest_count; i++) {
        if (w->guest[i]->ear == ear && str_eq(w->guest[i]->record->uuid, uuid)) {
            return w->guest[i];
        }
    }
    return NULL;
}

static struct watched *find_file(struct watch *w, const char *file)
{
    for (size_t i = 0; i < w->guest_count; i++) {
        char *name = record_file_name(w->guest[i]->record->name);
        bool same = str_eq(name, file);

        free(name);
        if (same) {
            return w->guest[i];
        }
    }
    return NULL;
}

static struct watched *add(struct watch *w, struct record *r)
{
    struct watched *g = mem_zero(1, sizeof *g);

    *g = (struct watched) {.watch = w, .record = r, .pidfd = -1, .told = TOLD_NOTHING};
    timer_init(&g->grace, w->loop, judge_grace_over, g);
    notes_init(g);
    ends_init(g);
    mend_init(g);
    tell_init(g);
    *(struct watched **) array_add(&w->guest, &w->guest_count, sizeof g) = g;
    return g;
}

static void drop(struct watched *g)
{
    struct watch *w = g->watch;

    for (size_t i = 0; i < w->guest_count; i++) {
        if (w->guest[i] == g) {
            w->guest[i] = w->guest[--w->guest_count];
            break;
        }
    }
    desk_forget(g);
    timer_clear(&g->grace);
    notes_forget(g);
    ends_forget(g);
    mend_forget(g);
    tell_forget(g);
    if (g->has_policy) {
        params_free(&g->policy);
    }
    record_free(g->record);
    free(g);
}

/* Another process, or none: what was known of the old one is over. */
static void begin_life(struct watched *g)
{
    g->runstate = RUNSTATE_UNKNOWN;
    g->told = TOLD_NOTHING;
    g->unsaved = false;
    timer_clear(&g->grace);
    mend_forget(g);
    ends_follow(g);
    g->known = g->ear && ear_knows(g->ear, g->record->uuid, &g->state, &g->reason);
}

/* An action that freezes or releases tells people by itself; a watch that runs sees to it that
 * the last word stands. */
static void tell_phase(struct watched *g, enum phase before)
{
    const struct incident *i = &g->record->incident;

    if (g->record->phase == PHASE_FROZEN ||
        (i->state == INCIDENT_RELEASED && i->evidence.folder)) {
        tell_incident(g); /* the same words are told once; those of its dump change */
    } else if (before == PHASE_FROZEN && g->record->phase != PHASE_FROZEN) {
        tell_nothing(g);
    } else if (before == PHASE_STARTING && guest_is_followed(g) && i->state == INCIDENT_NONE) {
        tell_nothing(g); /* of its last life here */
    }
}

static void take(struct watch *w, struct watched *g, struct record *r)
{
    enum phase before = PHASE_KNOWN;
    bool same_life = false;

    if (!g) {
        g = add(w, r);
    } else {
        before = g->record->phase;
        same_life = guest_is_followed(g) && r->phase == PHASE_RUNNING &&
                    process_same(&r->process, &g->followed);
        if (same_life && g->unsaved) {
            notes_carry_over(g->record, r);
        }
        record_free(g->record);
        g->record = r;
    }
    g->ear = r->uri ? ear_of(w, r->uri) : NULL;
    if (!same_life) {
        begin_life(g);
    }
    tell_phase(g, before);
    judge_again(g);
    if (g->record->phase == PHASE_FROZEN && before != PHASE_FROZEN) {
        care_anew(w);
    } else {
        care_think(w);
    }
}

static void reread(struct watch *w, const char *file)
{
    struct watched *g = find_file(w, file);
    struct record *r = NULL;
    struct err why = {0};
    int rc = statedir_load_file(file, &r, &why);

    if (rc == 0) {
        take(w, g, r);
    } else if (g) {
        /* Gone, or not to be believed: then nothing is known of the guest. */
        drop(g);
    }
    if (rc < 0 && rc != -ENOENT) {
        log_warning("%s", why.text);
    }
}

static bool is_among(char *const *file, size_t count, const struct watched *g)
{
    _cleanup_free_ char *name = record_file_name(g->record->name);

    for (size_t i = 0; i < count; i++) {
        if (str_eq(file[i], name)) {
            return true;
        }
    }
    return false;
}

/* Those whose record went away unheard; all of them where the records cannot be listed. */
static void drop_gone(struct watch *w, char *const *file, size_t count)
{
    for (size_t i = w->guest_count; i > 0; i--) {
        if (!is_among(file, count, w->guest[i - 1])) {
            drop(w->guest[i - 1]);
        }
    }
}

/* One by one: a record that cannot be read is one guest less. */
static int reread_all(struct watch *w, struct err *why)
{
    char **file = NULL;
    size_t count = 0;
    int rc = statedir_files(&file, &count, why);

    drop_gone(w, file, count);
    for (size_t i = 0; i < count; i++) {
        reread(w, file[i]);
    }
    str_list_free(file, count);
    return rc;
}

void guests_catch_up(struct watch *w)
{
    char file[STATEDIR_NAME_SIZE];
    struct err why = {0};
    int rc;

    while ((rc = statedir_changed(w->changes, file)) == 0) {
        reread(w, file);
    }
    if (rc == -EOVERFLOW && reread_all(w, &why) < 0) {
        log_warning("%s", why.text);
    }
}

static int32_t changed(int32_t fd, int32_t events, void *data)
{
    (void) fd;
    (void) events;
    guests_catch_up(data);
    return 0;
}

/* Followed first, then read: nothing falls between. */
int guests_follow(struct watch *w, struct err *why)
{
    int rc = statedir_follow(&w->changes, why);

    if (rc == 0) {
        rc = qb_loop_poll_add(w->loop, QB_LOOP_MED, w->changes, POLLIN, w, changed);
    }
    return rc < 0 ? rc : reread_all(w, why);
}
