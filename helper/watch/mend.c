/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one thing that the watch does to a guest, on behalf of a monitor that waits at its desk,
 * which is an action that Pacemaker ordered: a guest that stands on an I/O error is resumed, with
 * growing pauses, as long as the policy gives it time. In maintenance mode no monitor waits, so
 * nothing is touched. And the one question that it has to ask QEMU: whether a guest that libvirt
 * calls crashed runs, after a panic that did not stop it.
 */
#include "watch/watch.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "guard/ask.h"
#include "model/incident.h"
#include "sys/errand.h"
#include "sys/stage.h"
#include "sys/statedir.h"

/* The k-th try comes after the k-th pause, the last one again and again. */
static const int pauses_ms[] = {0, 1000, 2000, 4000, 8000, 15000};
enum { PAUSE_COUNT = sizeof pauses_ms / sizeof pauses_ms[0], REQUEST_MS = 3000 };

/* What the errand's child learns. */
struct answer_of_qemu {
    enum runstate runstate;
};

enum wish {
    WISH_RESUME,  /* it stands on an I/O error */
    WISH_RUNSTATE /* only ask QEMU */
};

struct mending {
    struct errand *errand;
    struct answer_of_qemu *learnt; /* shared with the child */
    enum wish wish;
    bool rebooted;
    bool outdated;                 /* something happened since it was asked: ask again */
    int lock;                      /* the guest's: no action works on it meanwhile; -1 */
    struct timer limit;
};

struct mending_input {
    const struct record *record;
    enum wish wish;
    struct deadline until;
};

static int mending_stage(void *shared, const void *input, struct err *why)
{
    const struct mending_input *in = input;
    struct answer_of_qemu *ret = shared;

    return in->wish == WISH_RESUME
               ? guest_ask_here(in->record, ASK_RESUME, in->until, why)
               : guest_runstate_here(in->record, in->until, &ret->runstate, why);
}

static void finished(struct watched *g, int rc)
{
    struct mending *m = g->mending;

    if (m->wish == WISH_RESUME || m->outdated || rc < 0) {
        return; /* libvirt's tidings tell whether a resume helped */
    }
    g->runstate = m->learnt->runstate;
    if (g->runstate == RUNSTATE_RUNNING && m->rebooted &&
        incident_is_open(&g->record->incident)) {
        judge_step(g, STEP_RECOVERED);
    }
}

static void take_down(struct watched *g)
{
    struct mending *m = g->mending;

    g->mending = NULL;
    timer_clear(&m->limit);
    cleanup_close(&m->lock);
    stage_memory_free(m->learnt, sizeof *m->learnt);
    free(m);
}

static void end(struct watched *g)
{
    bool again = g->mending->outdated && g->mending->wish == WISH_RUNSTATE;
    bool rebooted = g->mending->rebooted;
    struct err why = {0};
    int rc;

    qb_loop_poll_del(g->watch->loop, errand_fd(g->mending->errand));
    rc = errand_finish(&g->mending->errand, &why);
    if (rc < 0) {
        log_info("guest '%s': %s", g->record->name, why.text);
    }
    finished(g, rc);
    take_down(g);
    if (again) {
        mend_crashed(g, rebooted);
    }
    judge_again(g);
}

static int32_t ready(int32_t fd, int32_t events, void *data)
{
    (void) fd;
    (void) events;
    end(data);
    return 0;
}

static void late(void *data)
{
    end(data);
}

/* Under its lock, and as we know it: an action may just have frozen it. */
static bool may_be_touched(struct watched *g)
{
    _cleanup_record_ struct record *now = NULL;
    struct err ignored = {0};

    return statedir_lock(g->record->name, deadline_in_ms(0), &g->mending->lock, &ignored) == 0 &&
           statedir_load(g->record->name, &now, &ignored) == 0 &&
           notes_are_of_one_life(g->record, now);
}

static bool begin(struct watched *g, enum wish wish, bool rebooted)
{
    struct mending *m = mem_zero(1, sizeof *m);
    struct mending_input in = {
        .record = g->record, .wish = wish, .until = deadline_in_ms(REQUEST_MS)
    };
    struct err why = {0};

    *m = (struct mending) {.wish = wish, .rebooted = rebooted, .lock = -1};
    m->learnt = stage_memory(sizeof *m->learnt);
    timer_init(&m->limit, g->watch->loop, late, g);
    g->mending = m;
    if (wish == WISH_RESUME && !may_be_touched(g)) {
        take_down(g);
        return false;
    }
    if (errand_start("asking for the guest", mending_stage, m->learnt, &in, in.until, &m->errand,
                     &why) < 0) {
        take_down(g);
        return false;
    }
    timer_set(&m->limit, REQUEST_MS + 1);
    qb_loop_poll_add(g->watch->loop, QB_LOOP_MED, errand_fd(m->errand), POLLIN, g, ready);
    return true;
}

static bool wants_resume(const struct watched *g)
{
    const struct incident *i = &g->record->incident;

    return guest_is_followed(g) && g->known && state_lacks_storage(g->state, g->reason) &&
           i->cause == CAUSE_IO_ERROR &&
           i->state == INCIDENT_RECOVERING && g->has_policy &&
           g->policy.on_io_error == ON_IO_ERROR_RETRY &&
           incident_grace_left_us(i, &g->policy, clock_mono_us()) > 0;
}

static int pause_ms(int tries)
{
    return pauses_ms[tries < PAUSE_COUNT ? tries : PAUSE_COUNT - 1];
}

static void retry(void *data)
{
    struct watched *g = data;

    if (!wants_resume(g) || !desk_is_waiting(g) || g->mending) {
        return; /* thought of again when the monitor is back, or the request */
    }
    log_notice("guest '%s' stands on an I/O error (%s): letting it run again, try %d",
               g->record->name, g->record->incident.reason, g->tries + 1);
    if (begin(g, WISH_RESUME, false)) {
        g->tries++;
    }
}

void mend_storage(struct watched *g)
{
    if (!incident_is_open(&g->record->incident)) {
        g->tries = 0;
    }
    if (!wants_resume(g)) {
        timer_clear(&g->retry);
    } else if (!g->retry.handle && !g->mending && desk_is_waiting(g)) {
        timer_set(&g->retry, pause_ms(g->tries));
    }
}

void mend_crashed(struct watched *g, bool rebooted)
{
    if (!g->mending) {
        begin(g, WISH_RUNSTATE, rebooted);
        return;
    }
    /* Its answer would be about what was before. */
    g->mending->outdated = true;
    g->mending->rebooted = rebooted;
}

bool mend_has_lock(const struct watched *g)
{
    return g->mending && g->mending->lock >= 0;
}

void mend_init(struct watched *g)
{
    timer_init(&g->retry, g->watch->loop, retry, g);
}

void mend_forget(struct watched *g)
{
    timer_clear(&g->retry);
    g->tries = 0;
    if (g->mending) {
        qb_loop_poll_del(g->watch->loop, errand_fd(g->mending->errand));
        errand_drop(&g->mending->errand);
        take_down(g);
    }
}
