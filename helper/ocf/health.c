/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's pulse and the monitor scripts within the actions. Owns the ladder of a guest that
 * hangs: its screen, an NMI if wanted, the incident; what follows is the tables'.
 */
#include "ocf/health.h"

#include "base/log.h"
#include "guard/ask.h"
#include "guard/incidents.h"
#include "guard/scripts.h"
#include "guard/vitals.h"

enum {
    CHECK_LEVEL_PULSE = 10, US_PER_S = 1000 * 1000,
    /* libvirt gives an agent that has lost step 5 s, and the question 3 more. */
    PULSE_PERCENT = 50, PULSE_MOST_MS = 12 * 1000,
    SCREEN_PERCENT = 40, SCREEN_MOST_MS = 5000,
    NMI_PERCENT = 40, NMI_MOST_MS = 3000, NMI_PAUSE_MS = 1000,
    CHECK_PERCENT = 30, CHECK_MOST_MS = 5000,
    /* A start tries again: a guest that boots fails its scripts for a while. */
    TRY_PERCENT = 50, TRY_MOST_MS = 60 * 1000, TRY_LEAST_MS = 2000, TRY_PAUSE_MS = 1000
};

static bool is_recurring(const struct ocf_context *c)
{
    return c->call.interval_ms > 0;
}

static int64_t silence_us(const struct ocf_context *c)
{
    return c->params.agent_silence_s * US_PER_S;
}

/* A guest that is paused, busy or broken for another reason has no pulse to be taken. */
static bool wants_pulse(const struct ocf_context *c)
{
    const struct incident *i = &c->guest.record->incident;
    enum condition now = c->sight.condition;

    if (!is_recurring(c)) {
        return false;
    }
    if (incident_is_silence(i)) {
        return now == CONDITION_RUNNING || now == CONDITION_HUNG ||
               now == CONDITION_SELF_RECOVERING;
    }
    return now == CONDITION_RUNNING &&
           (c->params.agent_ping || c->call.check_level >= CHECK_LEVEL_PULSE);
}

/* What the incident makes of the guest by now. */
static void judge_again(struct ocf_context *c)
{
    c->sight.seen.incident = incident_view_of(&c->guest.record->incident, &c->params,
                                              clock_mono_us());
    c->sight.condition = verdict_of(&c->sight.seen);
}

static void keep_screen(struct ocf_context *c)
{
    struct deadline until = deadline_part(c->until, SCREEN_PERCENT, SCREEN_MOST_MS);
    struct err why = {0};

    if (vitals_keep_screen(c->guest.record, &c->params, until, &why) < 0) {
        log_warning("no picture of the screen of guest '%s': %s", c->guest.record->name, why.text);
    }
}

/* The guest moves for the NMI's own sake: what counts is what it does after that. */
static bool send_nmi(struct ocf_context *c)
{
    struct record *r = c->guest.record;
    struct deadline until = deadline_part(c->until, NMI_PERCENT, NMI_MOST_MS);
    struct activity now = {0};
    struct err why = {0};

    if (guest_ask(r, ASK_NMI, until, &why) < 0) {
        log_warning("guest '%s' hangs and gets no NMI: %s", r->name, why.text);
        return false;
    }
    log_notice("guest '%s' hangs: NMI sent", r->name);
    clock_pause_ms(NMI_PAUSE_MS, c->until);
    vitals_count(r, deadline_part(c->until, PULSE_PERCENT, PULSE_MOST_MS), &now);
    if (now.counted) {
        pulse_begin_again(&r->pulse, &now, clock_mono_us());
    } else {
        r->pulse.still_us = 0; /* the next look begins */
    }
    return true;
}

static void climb(struct ocf_context *c)
{
    int64_t silent_s = (clock_mono_us() - c->guest.record->pulse.silent_us) / US_PER_S;

    guest_note_silent(&c->guest, STEP_BROKE, silent_s);
    keep_screen(c);
    if (c->params.hung_nmi && c->params.on_watchdog == ON_WATCHDOG_FREEZE && send_nmi(c)) {
        guest_note_silent(&c->guest, STEP_MAY_RECOVER, silent_s);
    }
}

static bool same_pulse(const struct pulse *a, const struct pulse *b)
{
    return a->agent_seen == b->agent_seen && a->silent_us == b->silent_us &&
           a->still_us == b->still_us;
}

void health_take_pulse(struct ocf_context *c)
{
    struct record *r = c->guest.record;
    struct pulse before = r->pulse;
    struct pulse_look look;
    enum pulse_verdict verdict;
    struct err why = {0};

    if (!wants_pulse(c)) {
        return;
    }
    vitals_look(r, deadline_part(c->until, PULSE_PERCENT, PULSE_MOST_MS), &look, &why);
    verdict = pulse_take(&r->pulse, &look, silence_us(c), clock_mono_us());
    c->guest.changed = c->guest.changed || !same_pulse(&before, &r->pulse);
    if (verdict == PULSE_UNKNOWN) {
        log_info("the pulse of guest '%s' cannot be taken: %s", r->name, why.text);
    }
    if (before.silent_us == 0 && r->pulse.silent_us != 0) {
        log_warning("the agent of guest '%s' has fallen silent: %s", r->name, why.text);
    }
    if (incident_is_silence(&r->incident)) {
        if (verdict == PULSE_FINE) {
            log_notice("guest '%s' works again", r->name);
            guest_note_alive(&c->guest);
        }
    } else if (verdict == PULSE_STILL) {
        climb(c);
    }
    judge_again(c);
}

static int run_scripts(const struct ocf_context *c, struct deadline until, struct err *why)
{
    return c->params.monitor_scripts
               ? scripts_run(c->params.monitor_scripts, c->guest.record->name, until, why) : 0;
}

int health_answer(struct ocf_context *c)
{
    const struct pulse *p = &c->guest.record->pulse;
    int64_t now_us = clock_mono_us();
    struct err why = {0};

    if (!is_recurring(c) || c->sight.condition != CONDITION_RUNNING) {
        return PCMK_OCF_OK;
    }
    if (run_scripts(c, c->until, &why) < 0) {
        return ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "guest '%s' runs, but %s", c->guest.record->name,
                          why.text);
    }
    if (wants_pulse(c) && pulse_is_mute(p, silence_us(c), now_us)) {
        return ocf_answer(PCMK_OCF_DEGRADED, "guest '%s' works, but its agent has been silent for "
                          "%lld s", c->guest.record->name,
                          (long long) ((now_us - p->silent_us) / US_PER_S));
    }
    return PCMK_OCF_OK;
}

static bool goes_on(const struct ocf_context *c)
{
    return c->sight.condition == CONDITION_RUNNING ||
           c->sight.condition == CONDITION_SELF_RECOVERING;
}

int health_wait(struct ocf_context *c)
{
    struct err why = {0};
    int rc = run_scripts(c, deadline_part(c->until, TRY_PERCENT, TRY_MOST_MS), &why);

    while (rc < 0 && goes_on(c) && deadline_left_ms(c->until) > TRY_LEAST_MS) {
        log_info("guest '%s' has started, and is not ready: %s", c->guest.record->name, why.text);
        clock_pause_ms(TRY_PAUSE_MS, c->until);
        ocf_look(c, c->until);
        if (goes_on(c)) {
            rc = run_scripts(c, deadline_part(c->until, TRY_PERCENT, TRY_MOST_MS), &why);
        }
    }
    if (rc < 0 && !goes_on(c)) {
        return ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "guest '%s' started, and is %s now (%s); before "
                          "that, %s", c->guest.record->name, condition_name(c->sight.condition),
                          c->sight.detail, why.text);
    }
    return rc == 0 ? PCMK_OCF_OK
                   : ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "guest '%s' runs, but did not get ready in "
                                "time: %s", c->guest.record->name, why.text);
}

int health_check(struct ocf_context *c)
{
    struct deadline until = deadline_part(c->until, CHECK_PERCENT, CHECK_MOST_MS);
    struct err why = {0};

    if (c->params.monitor_scripts &&
        scripts_check(c->params.monitor_scripts, until, &why) < 0) {
        return ocf_fail(&why);
    }
    return PCMK_OCF_OK;
}
