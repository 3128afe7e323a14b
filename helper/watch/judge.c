/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest is by the watch's knowledge: the same two tables as every action, on what libvirt
 * told last. Where those would ask QEMU, want a proof or are not fresh, it is not sure, and the
 * monitor looks itself. Owns the steps of incidents, too; what makes them is events.c's.
 */
#include "watch/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <crm/common/results.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "model/incident.h"
#include "model/outcome.h"

enum { US_PER_MS = 1000, US_PER_S = 1000 * 1000, MS_PER_S = 1000 };

static struct incident *incident_of(const struct watched *g)
{
    return &g->record->incident;
}

static struct observation observe(const struct watched *g)
{
    bool fresh = g->ear && ear_is_fresh(g->ear);

    return (struct observation) {
        .libvirt = !fresh ? LIBVIRT_SILENT : g->known ? LIBVIRT_KNOWS : LIBVIRT_NOT_FOUND,
        .state = g->state,
        .reason = g->reason,
        .runstate = g->runstate,
        .process = g->pidfd >= 0 && !g->ended ? PROCESS_ALIVE : PROCESS_UNPROVABLE,
        .record = RECORD_KNOWN,
        .incident = incident_view_of(incident_of(g), &g->policy, clock_mono_us()),
    };
}

enum condition judge(const struct watched *g, bool *ret_sure)
{
    struct observation seen = observe(g);
    bool fresh = seen.libvirt != LIBVIRT_SILENT;

    /* A libvirt that is only late is not silent: a monitor asks it itself, and waits for it.
     * Whether somebody still goes on with a guest that was sent away, no event tells. */
    *ret_sure = guest_is_followed(g) && seen.process == PROCESS_ALIVE && (g->known || !fresh) &&
                !(g->ear && ear_is_late(g->ear)) && !verdict_sent_away(&seen) &&
                !(fresh && verdict_needs_runstate(g->state, g->reason) &&
                  g->runstate == RUNSTATE_UNKNOWN);
    return verdict_of(&seen);
}

void judge_answer(struct watched *g, struct answer *ret)
{
    const struct params *policy = &g->policy;
    bool sure;
    enum condition c;
    struct outcome o;

    *ret = (struct answer) {.kind = ANSWER_LOOK};
    if (!g->has_policy || ends_are_awaited(g)) {
        return;
    }
    c = judge(g, &sure);
    o = outcome_of_incident(c, QUESTION_MONITOR, policy, incident_of(g), clock_mono_us());
    if (!sure || o.ocf == PCMK_OCF_NOT_RUNNING) {
        return;
    }
    ret->kind = ANSWER_DONE;
    ret->code = o.ocf;
    ret->age_ms = g->ear ? ear_age_ms(g->ear) : 0;
    if (o.ocf != PCMK_OCF_OK) {
        outcome_say(&o, c, incident_of(g), policy, clock_mono_us(), ret->reason,
                    sizeof ret->reason);
    }
}

bool judge_looks_deeper(const struct watched *g)
{
    return g->has_policy && (g->policy.monitor_scripts || g->policy.agent_ping);
}

bool judge_needs_look(const struct watched *g, const struct answer *a)
{
    return a->kind == ANSWER_DONE && ((a->code == PCMK_OCF_OK && judge_looks_deeper(g)) ||
                                      incident_is_silence(incident_of(g)));
}

/* What has just been told needs no confirmation. */
bool judge_note_halt(struct watched *g)
{
    struct observation seen = observe(g);
    struct incident *i = incident_of(g);

    seen.libvirt = g->known ? LIBVIRT_KNOWS : LIBVIRT_NOT_FOUND;
    if (i->halted || !incident_is_open(i) || !verdict_halted(&seen)) {
        return false;
    }
    i->halted = true;
    return true;
}

void judge_set_grace(struct watched *g)
{
    const struct incident *i = incident_of(g);
    int64_t left_us;

    timer_clear(&g->grace);
    if (i->state != INCIDENT_RECOVERING && i->state != INCIDENT_SEEN &&
        i->state != INCIDENT_REPORTED) {
        return;
    }
    if (i->cause == CAUSE_IO_ERROR && i->resumed_mono_us) {
        left_us = i->resumed_mono_us + (int64_t) IO_SETTLE_S * US_PER_S - clock_mono_us();
    } else if (g->has_policy && i->state == INCIDENT_RECOVERING) {
        left_us = incident_grace_left_us(i, &g->policy, clock_mono_us());
    } else {
        return;
    }
    timer_set(&g->grace, left_us > 0 ? left_us / US_PER_MS + 1 : 0);
}

void judge_step(struct watched *g, enum incident_step step)
{
    struct err why = {0};
    int deed = incident_step(incident_of(g), step, clock_wall_ms(), clock_mono_us(), &why);

    if (deed < 0) {
        log_info("guest '%s': %s", g->record->name, why.text);
        return;
    }
    if (deed != DEED_NOTHING) {
        log_notice("guest '%s': %s: %s", g->record->name,
                   incident_state_name(incident_of(g)->state),
                   incident_of(g)->reason ? incident_of(g)->reason : "");
        tell_incident(g);
    }
    judge_set_grace(g);
    notes_save(g);
}

/* "Degraded" is the last word only where no grace runs; each later one says the same again. */
void judge_told(struct watched *g, int code)
{
    const struct incident *i = incident_of(g);

    if (code == PCMK_OCF_UNKNOWN_ERROR ||
        (code == PCMK_OCF_DEGRADED && i->state == INCIDENT_SEEN &&
         incident_grace_left_us(i, &g->policy, clock_mono_us()) == 0)) {
        judge_step(g, STEP_REPORTED);
    }
}

void judge_again(struct watched *g)
{
    judge_set_grace(g);
    mend_storage(g);
    desk_serve(g);
}

/* The timer `grace`. */
void judge_grace_over(void *data)
{
    struct watched *g = data;
    const struct incident *i = incident_of(g);

    if (i->cause == CAUSE_IO_ERROR && i->resumed_mono_us) {
        judge_step(g, STEP_RECOVERED);
    } else if (i->state == INCIDENT_RECOVERING) {
        judge_step(g, STEP_GRACE_OVER);
    }
    judge_again(g);
}
