/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * start: what there is already decides the way: take it over, let it run, refuse,
 * give up a frozen guest, or create. Creating is create.c's. "Started" is said
 * only of a guest whose vCPUs run.
 */
#include "ocf/start.h"

#include <errno.h>

#include "base/log.h"
#include "guard/announce.h"
#include "guard/ask.h"
#include "guard/release.h"
#include "ocf/health.h"
#include "ocf/saveconfig.h"
#include "ocf/saving.h"

enum {
    SETTLE_PERCENT = 40, SETTLE_MOST_MS = 60 * 1000, SETTLE_PAUSE_MS = 200,
    ASK_PERCENT = 30, ASK_MOST_MS = 15 * 1000,
    RUN_PERCENT = 60, RUN_MOST_MS = 60 * 1000, RUN_PAUSE_MS = 20,
    DISCARD_PERCENT = 50, DISCARD_MOST_MS = 30 * 1000
};

static int refuse(struct ocf_context *c)
{
    struct outcome o = outcome_of(c->sight.condition, QUESTION_PROBE, &c->params, 1);

    return ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "guest '%s' cannot be started: %s (%s); it has to "
                      "be stopped first", c->guest.record->name, o.text, c->sight.detail);
}

/* A guest without a record could not be frozen or recognised later: no start without it. */
int start_complete(struct ocf_context *c)
{
    struct err why = {0};

    guest_note_running(&c->guest);
    if (ocf_remember(c, &why) < 0) {
        return ocf_fail(&why);
    }
    config_note(c);
    start_note_devices(c);
    ocf_tell_utilization(c, true);
    ocf_remember(c, &why); /* else it is told again */
    saving_done(c);
    return health_wait(c);
}

static int start_running(struct ocf_context *c)
{
    ocf_take_over(c);
    return start_complete(c);
}

int start_wait_running(struct ocf_context *c, struct err *why)
{
    struct deadline until = deadline_part(c->until, RUN_PERCENT, RUN_MOST_MS);

    for (;;) {
        ocf_look(c, until);
        switch (c->sight.condition) {
        case CONDITION_RUNNING:
        case CONDITION_SELF_RECOVERING:
            return 0;
        case CONDITION_CRASHED:
        case CONDITION_HUNG:
        case CONDITION_IO_ERROR:
        case CONDITION_ABSENT:
            return err_set(why, -ECANCELED, ERR_GENERIC, "guest '%s' did not come to run: %s",
                           c->guest.record->name, c->sight.detail);
        case CONDITION_UNKNOWN:
        case CONDITION_SILENT:
        case CONDITION_BUSY:
        case CONDITION_PAUSED:
        case CONDITION_SLEEPING:
        case CONDITION_STOPPING:
        case CONDITION_FROZEN:
        case CONDITION_THAWED:
        case CONDITION_LAST:
            break;
        }
        if (deadline_over(until)) {
            return err_set(why, -ETIMEDOUT, ERR_GENERIC, "guest '%s' does not run yet: %s",
                           c->guest.record->name, c->sight.detail);
        }
        clock_pause_ms(RUN_PAUSE_MS, until);
    }
}

static int let_run(struct ocf_context *c, enum ask what)
{
    struct err why = {0};
    struct deadline until = deadline_part(c->until, ASK_PERCENT, ASK_MOST_MS);

    if (saving_spend(c, &why) < 0 || guest_ask(c->guest.record, what, until, &why) < 0 ||
        start_wait_running(c, &why) < 0) {
        return ocf_fail(&why);
    }
    return start_complete(c);
}

static int start_paused(struct ocf_context *c)
{
    if (verdict_may_resume(&c->sight.seen)) {
        log_notice("guest '%s' exists and is paused: letting it run", c->guest.record->name);
        return let_run(c, ASK_RESUME);
    }
    return refuse(c);
}

static int start_sleeping(struct ocf_context *c)
{
    return let_run(c, ASK_WAKEUP);
}

static int start_frozen(struct ocf_context *c)
{
    struct record *r = c->guest.record;
    struct err why = {0};

    if (c->params.frozen_start == FROZEN_START_REFUSE) {
        return ocf_answer(PCMK_OCF_NOT_INSTALLED, "this node still holds guest '%s' frozen since "
                          "its crash; examine its memory, then run: guardedvm release %s "
                          "(frozen_start=discard would give it up at a start)", r->name, r->name);
    }
    if (release_alone(r, deadline_part(c->until, DISCARD_PERCENT, DISCARD_MOST_MS), &why) < 0) {
        err_prefix(&why, 0, "the frozen guest '%s' cannot be given up", r->name);
        return ocf_fail(&why);
    }
    log_notice("gave up the frozen guest '%s' (frozen_start=discard)", r->name);
    release_announce(r, c->until, &why);
    return start_again(c, CONDITION_FROZEN);
}

static int run_restored(struct ocf_context *c)
{
    log_notice("guest '%s' was restored, and not let run yet", c->guest.record->name);
    return let_run(c, ASK_RESUME);
}

static int start_moving(struct ocf_context *c)
{
    return saving_stands_restored(c) ? run_restored(c) : start_again(c, c->sight.condition);
}

typedef int (*way_fn)(struct ocf_context *c);

static const way_fn ways[CONDITION_LAST] = {
    [CONDITION_UNKNOWN] = refuse,
    [CONDITION_RUNNING] = start_running,
    [CONDITION_BUSY] = start_moving,
    [CONDITION_PAUSED] = start_paused,
    [CONDITION_IO_ERROR] = refuse,
    [CONDITION_HUNG] = refuse,
    [CONDITION_CRASHED] = refuse,
    [CONDITION_SELF_RECOVERING] = start_running,
    [CONDITION_SLEEPING] = start_sleeping,
    [CONDITION_STOPPING] = start_moving,
    [CONDITION_FROZEN] = start_frozen,
    [CONDITION_THAWED] = refuse,
    [CONDITION_ABSENT] = start_create,
    [CONDITION_SILENT] = refuse,
};

/* Once only: what does not move on within its share is refused. */
int start_again(struct ocf_context *c, enum condition leaving)
{
    struct deadline until = deadline_part(c->until, SETTLE_PERCENT, SETTLE_MOST_MS);
    enum condition now;

    do {
        clock_pause_ms(SETTLE_PAUSE_MS, until);
        ocf_look(c, c->until);
        now = c->sight.condition;
        if (saving_stands_restored(c)) {
            return run_restored(c);
        }
    } while (now == leaving && !deadline_over(until));
    return ways[now] == start_moving || now == leaving ? refuse(c) : ways[now](c);
}

int ocf_start(struct ocf_context *c)
{
    int code = ocf_check_single(c);

    if (code == PCMK_OCF_OK) {
        code = ocf_check_config(c);
    }
    if (code != PCMK_OCF_OK) {
        return code;
    }
    ocf_warn_of_conflicts(c);
    ocf_look(c, c->until);
    return ways[c->sight.condition](c);
}
