/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the watch makes of tidings: the same two tables as every action, on what libvirt told
 * last. Where those would ask QEMU, want a proof or are not fresh, it is not sure, and the
 * monitor looks itself.
 */
#include "watch/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <crm/common/results.h>
#include <libvirt/libvirt.h>

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

static enum condition judge(const struct watched *g, const struct params *policy, bool *ret_sure)
{
    bool fresh = g->ear && ear_is_fresh(g->ear);
    struct observation seen = {
        .libvirt = !fresh ? LIBVIRT_SILENT : g->known ? LIBVIRT_KNOWS : LIBVIRT_NOT_FOUND,
        .state = g->state,
        .reason = g->reason,
        .runstate = g->runstate,
        .process = g->pidfd >= 0 && !g->ended ? PROCESS_ALIVE : PROCESS_UNPROVABLE,
        .record = RECORD_KNOWN,
        .incident = incident_view_of(incident_of(g), policy, clock_mono_us()),
    };

    *ret_sure = guest_is_followed(g) && seen.process == PROCESS_ALIVE && (g->known || !fresh) &&
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
    if (!g->has_policy) {
        return;
    }
    c = judge(g, policy, &sure);
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

static void set_grace(struct watched *g)
{
    const struct incident *i = incident_of(g);
    int64_t left_us;

    timer_clear(&g->grace);
    if (i->state != INCIDENT_RECOVERING && i->state != INCIDENT_SEEN) {
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
    if (deed == DEED_NOTHING && step != STEP_REPORTED) {
        return;
    }
    if (deed != DEED_NOTHING) {
        log_notice("guest '%s': %s: %s", g->record->name,
                   incident_state_name(incident_of(g)->state),
                   incident_of(g)->reason ? incident_of(g)->reason : "");
        tell_incident(g);
    }
    set_grace(g);
    notes_save(g);
}

static bool has_grace(const struct watched *g, enum incident_cause cause)
{
    return g->has_policy && incident_grace_us(cause, &g->policy) > 0;
}

static void broke(struct watched *g, enum incident_cause cause, enum condition c,
                  const char *reason)
{
    record_note_incident(g->record, cause, c, reason, clock_wall_ms(), clock_mono_us());
    judge_step(g, has_grace(g, cause) ? STEP_MAY_RECOVER : STEP_BROKE);
}

static const struct watchdog_row {
    const char *action;
    enum incident_cause cause;
} watchdogs[] = {
    {"pause", CAUSE_WATCHDOG},
    {"none", CAUSE_WATCHDOG},
    {"debug", CAUSE_WATCHDOG},
    {"dump", CAUSE_WATCHDOG},
    {"reset", CAUSE_WATCHDOG_RESET},
    {"inject-nmi", CAUSE_WATCHDOG_NMI},
    {"shutdown", CAUSE_WATCHDOG_SHUTDOWN},
};

static void on_watchdog(struct watched *g, const char *action)
{
    char reason[64];

    g->record->watchdog_fired++;
    if (str_eq(action, "poweroff")) {
        g->signs.watchdog_poweroff = true; /* told with its end */
        notes_save(g);
        return;
    }
    snprintf(reason, sizeof reason, "watchdog fired: %s", action);
    for (size_t i = 0; i < sizeof watchdogs / sizeof watchdogs[0]; i++) {
        if (str_eq(watchdogs[i].action, action)) {
            broke(g, watchdogs[i].cause, CONDITION_HUNG, reason);
            return;
        }
    }
    broke(g, CAUSE_WATCHDOG, CONDITION_HUNG, reason);
}

static void on_panic(struct watched *g)
{
    bool lets_run = g->has_policy && g->policy.panic_grace_s > 0;

    /* libvirt sets it on the same event. Without a grace QEMU has stopped the vCPUs by now; with
     * one only QEMU knows. */
    g->state = VIR_DOMAIN_CRASHED;
    g->reason = VIR_DOMAIN_CRASHED_PANICKED;
    g->runstate = g->has_policy && !lets_run ? RUNSTATE_GUEST_PANICKED : RUNSTATE_UNKNOWN;
    broke(g, CAUSE_PANIC, CONDITION_CRASHED, "guest panicked");
    if (lets_run) {
        mend_crashed(g, false);
    }
}

static void on_reboot(struct watched *g)
{
    struct incident *i = incident_of(g);

    g->runstate = RUNSTATE_UNKNOWN;
    if (g->known && g->state == VIR_DOMAIN_CRASHED) {
        mend_crashed(g, true); /* only QEMU knows whether it runs again */
    } else if (incident_is_open(i) && i->cause != CAUSE_IO_ERROR) {
        judge_step(g, STEP_RECOVERED);
    }
}

static void on_event(struct watched *g, const struct tiding *t)
{
    char reason[TIDING_TEXT_SIZE + 16];

    switch (t->event) {
    case EVENT_PANICKED:
        on_panic(g);
        break;
    case EVENT_CRASHLOADED:
        broke(g, CAUSE_CRASHLOAD, CONDITION_SELF_RECOVERING,
              "guest panicked and dumps its memory itself");
        break;
    case EVENT_REBOOTED:
        on_reboot(g);
        break;
    case EVENT_WATCHDOG:
        on_watchdog(g, t->word);
        break;
    case EVENT_IO_ERROR:
        if (str_eq(t->word, "stop")) {
            snprintf(reason, sizeof reason, "%s", t->text[0] ? t->text : "a disk failed");
            broke(g, CAUSE_IO_ERROR, CONDITION_IO_ERROR, reason);
        }
        break;
    case EVENT_POWERDOWN:
    case EVENT_SHUTDOWN:
    case EVENT_STOPPED:
        ends_tiding(g, t);
        break;
    case EVENT_NONE:
    case EVENT_LAST:
        break;
    }
}

/* States that nobody told an event of: the watch came late, or the event was lost. */
static void on_unexplained(struct watched *g)
{
    const struct incident *i = incident_of(g);
    enum condition c;
    bool sure;

    if (incident_is_open(i)) {
        return;
    }
    if (g->state == VIR_DOMAIN_CRASHED) {
        broke(g, CAUSE_PANIC, CONDITION_CRASHED, "guest panicked");
        return;
    }
    c = judge(g, &g->policy, &sure);
    if (sure && c == CONDITION_HUNG) {
        broke(g, CAUSE_WATCHDOG, c, "watchdog fired: pause");
    } else if (sure && c == CONDITION_IO_ERROR) {
        broke(g, CAUSE_IO_ERROR, c, "QEMU stopped it at a disk error");
    }
}

static void on_state(struct watched *g, const struct tiding *t)
{
    struct incident *i = incident_of(g);
    bool runs = t->state == VIR_DOMAIN_RUNNING;

    if (runs || !g->known || t->state != g->state) {
        /* What an event said of the state before does not hold for this one, but the panic's
         * event comes ahead of its state. */
        if (t->state != VIR_DOMAIN_CRASHED) {
            g->runstate = RUNSTATE_UNKNOWN;
        }
    }
    g->known = true;
    g->state = t->state;
    g->reason = t->reason;
    if (t->state == VIR_DOMAIN_SHUTDOWN || t->state == VIR_DOMAIN_SHUTOFF) {
        ends_are_near(g);
    } else if (!runs) {
        on_unexplained(g);
    } else if (i->cause == CAUSE_IO_ERROR && incident_is_open(i) && !i->resumed_mono_us) {
        i->resumed_mono_us = clock_mono_us();
        set_grace(g);
        notes_save(g);
    } else if (incident_is_open(i) && i->state != INCIDENT_RECOVERING &&
               i->condition == CONDITION_CRASHED && i->cause == CAUSE_PANIC) {
        judge_step(g, STEP_RECOVERED); /* somebody let it run again, or cleared it */
    }
}

void judge_tiding(struct watched *g, const struct tiding *t)
{
    if (!guest_is_followed(g)) {
        return;
    }
    switch (t->kind) {
    case TIDING_STATE:
        on_state(g, t);
        break;
    case TIDING_GONE:
        g->known = false;
        ends_are_near(g);
        break;
    case TIDING_EVENT:
        on_event(g, t);
        break;
    case TIDING_NONE:
    case TIDING_OPENED:
    case TIDING_CONFIRMED:
    case TIDING_CLOSED:
    case TIDING_LAST:
        return;
    }
    judge_again(g);
}

void judge_again(struct watched *g)
{
    set_grace(g);
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
