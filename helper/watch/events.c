/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each tiding means for its guest: the cause and the step of an incident, a sign of its end,
 * a state. What follows from that for who waits is judge.c's.
 */
#include "watch/watch.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/str.h"
#include "model/incident.h"

static bool has_grace(const struct watched *g, enum incident_cause cause)
{
    return g->has_policy && incident_grace_us(cause, &g->policy) > 0;
}

static void broke(struct watched *g, enum incident_cause cause, enum condition c,
                  const char *reason)
{
    record_note_incident(g->record, cause, c, reason, clock_wall_ms(), clock_mono_us());
    judge_note_halt(g);
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
    state_set_panicked(&g->state, &g->reason);
    g->runstate = g->has_policy && !lets_run ? RUNSTATE_GUEST_PANICKED : RUNSTATE_UNKNOWN;
    broke(g, CAUSE_PANIC, CONDITION_CRASHED, "guest panicked");
    if (lets_run || g->mending) {
        mend_crashed(g, false);
    }
}

static void on_reboot(struct watched *g)
{
    struct incident *i = &g->record->incident;

    ends_not(g);
    g->runstate = RUNSTATE_UNKNOWN;
    if (g->known && state_crashed(g->state)) {
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
    const struct incident *i = &g->record->incident;
    enum condition c;
    bool sure;

    if (incident_is_open(i)) {
        return;
    }
    if (state_crashed(g->state)) {
        broke(g, CAUSE_PANIC, CONDITION_CRASHED, "guest panicked");
        return;
    }
    c = judge(g, &sure);
    if (sure && c == CONDITION_HUNG) {
        broke(g, CAUSE_WATCHDOG, c, "watchdog fired: pause");
    } else if (sure && c == CONDITION_IO_ERROR) {
        broke(g, CAUSE_IO_ERROR, c, "QEMU stopped it at a disk error");
    }
}

static void on_state(struct watched *g, const struct tiding *t)
{
    struct incident *i = &g->record->incident;
    bool runs = state_runs(t->state);

    if (runs || !g->known || t->state != g->state) {
        /* What an event said of the state before does not hold for this one, but the panic's
         * event comes ahead of its state. */
        if (!state_crashed(t->state)) {
            g->runstate = RUNSTATE_UNKNOWN;
        }
    }
    g->known = true;
    g->state = t->state;
    g->reason = t->reason;
    if (runs) {
        ends_not(g);
    }
    if (state_ends(t->state)) {
        ends_are_near(g);
    } else if (!runs) {
        on_unexplained(g);
        if (judge_note_halt(g)) {
            notes_save(g);
        }
    } else if (i->cause == CAUSE_IO_ERROR && incident_is_open(i) && !i->resumed_mono_us) {
        i->resumed_mono_us = clock_mono_us();
        judge_set_grace(g);
        notes_save(g);
    } else if (i->cause != CAUSE_IO_ERROR && incident_ends_by_running(i)) {
        judge_step(g, STEP_RECOVERED);
    }
}

void events_tiding(struct watched *g, const struct tiding *t)
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
