/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When start and stop look after saved memory, for how long, and what is told of it.
 */
#include "ocf/saving.h"

#include <errno.h>

#include "base/log.h"
#include "guard/ask.h"
#include "sys/stage.h"

enum {
    SPEND_PERCENT = 30, SPEND_MOST_MS = 15 * 1000,
    FORGET_PERCENT = 30, FORGET_MOST_MS = 5000,
    TIME_PERCENT = 30, TIME_MOST_MS = 10 * 1000,
    VOID_PERCENT = 15, VOID_MOST_MS = 10 * 1000,
    SETTLE_PERCENT = 70, SETTLE_MOST_MS = 60 * 1000
};

int saving_check(const struct ocf_context *c)
{
    const struct params *p = &c->params;

    if (p->snapshot && p->force_stop) {
        return ocf_answer(PCMK_OCF_NOT_CONFIGURED, "snapshot and force_stop cannot be used "
                          "together: a guest that is ended at once is not saved");
    }
    if (!p->snapshot && (params_saves(&p->stop_sequence) || params_saves(&p->host_stop_sequence))) {
        return ocf_answer(PCMK_OCF_NOT_CONFIGURED, "\"save\" in a stop's sequence needs the "
                          "parameter snapshot, a folder for the saved memory: libvirt itself "
                          "keeps none of a transient domain");
    }
    return PCMK_OCF_OK;
}

struct saved saving_of(const struct ocf_context *c)
{
    return (struct saved) {
        .record = c->guest.record, .folder = c->params.snapshot,
        .bypass_cache = c->params.save_bypass_cache
    };
}

static void tell(const struct ocf_context *c, enum saved_found found)
{
    const char *name = c->guest.record->name;
    const char *folder = c->params.snapshot;

    switch (found) {
    case SAVED_NOTHING:
    case SAVED_SPENT:
        break;
    case SAVED_KEPT:
        log_notice("the memory of guest '%s' is saved in '%s': its next start goes on from there",
                   name, folder);
        break;
    case SAVED_STALE:
        log_warning("saved memory of guest '%s' is older than its disks, so it was set aside: "
                    "'%s/%s.state.stale'", name, folder, name);
        break;
    case SAVED_LOST:
        log_warning("saving guest '%s' was interrupted: what was saved of it is removed", name);
        break;
    }
}

void saving_tell_restore(const struct ocf_context *c, enum saved_found found)
{
    if (found == SAVED_KEPT) {
        log_notice("guest '%s' is restored from its saved memory in '%s'", c->guest.record->name,
                   c->params.snapshot);
    } else {
        tell(c, found);
    }
}

void saving_tell_failed(const struct ocf_context *c, enum saved_found found)
{
    const char *name = c->guest.record->name;

    if (found == SAVED_KEPT) {
        log_warning("the memory of guest '%s' is in '%s': as '%s.state', which the next start "
                    "restores, or, if the guest may have run since, as '%s.state.restored'", name,
                    c->params.snapshot, name, name);
    }
}

void saving_tell_start(const struct ocf_context *c, enum saved_found found)
{
    const char *name = c->guest.record->name;

    if (found == SAVED_STALE) {
        ocf_succeed("guest '%s' was started anew: its saved memory is older than its disks, and "
                    "was set aside as '%s/%s.state.stale'", name, c->params.snapshot, name);
    }
}

bool saving_never_ran(const struct ocf_context *c)
{
    return c->guest.record->phase == PHASE_STARTING && verdict_came_in(&c->sight.seen);
}

bool saving_stands_paused(const struct ocf_context *c)
{
    enum condition now = c->sight.condition;

    return (now == CONDITION_PAUSED || now == CONDITION_BUSY) && !verdict_came_in(&c->sight.seen);
}

static int runstate_stage(void *shared, const void *input, struct err *why)
{
    const struct ocf_context *c = input;

    return guest_runstate_here(c->guest.record, c->until, shared, why);
}

bool saving_stands_restored(const struct ocf_context *c)
{
    enum runstate *seen = stage_memory(sizeof *seen);
    struct err why = {0};
    bool whole = false;

    if (c->params.snapshot && saving_never_ran(c)) {
        whole = stage_run("asking QEMU whether the guest is restored", runstate_stage, seen, c,
                          deadline_part(c->until, SPEND_PERCENT, SPEND_MOST_MS), &why) == 0 &&
                *seen == RUNSTATE_PAUSED;
    }
    stage_memory_free(seen, sizeof *seen);
    return whole;
}

int saving_spend(struct ocf_context *c, struct err *why)
{
    struct saved s = saving_of(c);
    enum saved_found found = SAVED_NOTHING;
    int rc = 0;

    if (s.folder) {
        rc = saved_void(&s, deadline_part(c->until, SPEND_PERCENT, SPEND_MOST_MS), &found, why);
        tell(c, found);
    }
    return rc;
}

void saving_done(struct ocf_context *c)
{
    struct saved s = saving_of(c);
    bool restored = false;
    struct err why = {0};

    if (s.folder && saved_forget(&s, deadline_part(c->until, FORGET_PERCENT, FORGET_MOST_MS),
                                 &restored, &why) < 0) {
        log_warning("%s", why.text);
    }
    if (restored && c->params.sync_time &&
        guest_ask(s.record, ASK_SYNC_TIME, deadline_part(c->until, TIME_PERCENT, TIME_MOST_MS),
                  &why) < 0) {
        log_warning("the clock of guest '%s' is not set: %s", s.record->name, why.text);
    }
}

/* One that was restored and has not run yet is as good as its file. */
static bool has_run(const struct ocf_context *c)
{
    return c->guest.record->phase != PHASE_STARTING || c->sight.condition == CONDITION_RUNNING;
}

/* When it was looked at last it was not dead here, nor sent to another node. */
static bool is_here(const struct ocf_context *c)
{
    return c->guest.record->process.pid != 0 && c->sight.seen.process != PROCESS_DEAD &&
           !verdict_came_in(&c->sight.seen);
}

int saving_begin_stop(struct ocf_context *c)
{
    struct saved s = saving_of(c);
    enum saved_found found = SAVED_NOTHING;
    struct err why = {0};
    int rc = 0;

    /* Else the memory is another node's business, which may be stopping the guest just now. */
    if (s.folder && has_run(c) && is_here(c)) {
        rc = saved_void(&s, deadline_part(c->until, VOID_PERCENT, VOID_MOST_MS), &found, &why);
        tell(c, found);
    }
    if (rc < 0) {
        log_warning("%s", why.text);
    }
    return rc;
}

void saving_end_stop(struct ocf_context *c, bool ours)
{
    struct saved s = saving_of(c);
    enum saved_by by = ours ? SAVED_BY_US : is_here(c) ? SAVED_BY_NOBODY_ELSE : SAVED_BY_ANYBODY;
    enum saved_found found = SAVED_NOTHING;
    struct err why = {0};

    /* Of a guest that this node knows no process of, another node may be at the saving. */
    if (!s.folder || (!ours && c->guest.loaded_process.pid == 0)) {
        return;
    }
    if (saved_settle(&s, by, deadline_part(c->until, SETTLE_PERCENT, SETTLE_MOST_MS), &found,
                     &why) < 0) {
        log_error("the memory of guest '%s' is saved, but not complete in '%s', where its next "
                  "start looks for it again: %s", s.record->name, s.folder, why.text);
    }
    tell(c, found);
}
