/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stop: the table's plan first, the kill by pidfd where it fails, an error where
 * that fails too. Owns the order and the answer; "stopped" is said only with the
 * process proven dead, or frozen and verified in this very call.
 */
#include "ocf/stop.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "guard/ask.h"
#include "guard/kill.h"
#include "guard/release.h"
#include "ocf/saveconfig.h"
#include "ocf/saving.h"
#include "sys/proc.h"

enum {
    /* A daemon that is being restarted comes back; one that hangs does not. */
    RETURN_PERCENT = 30, RETURN_MOST_MS = 20 * 1000, RETURN_PAUSE_MS = 200,
    ASK_PERCENT = 20, ASK_MOST_MS = 10 * 1000,
    END_PERCENT = 50, END_MOST_MS = 30 * 1000,
    SETTLE_PERCENT = 50, SETTLE_MOST_MS = 5000, SETTLE_PAUSE_MS = 50,
    PLANS_MOST = 3 /* a guest may crash while it shuts down, and be cut while it crashes */
};

bool stop_is_broken(enum condition c)
{
    return c == CONDITION_CRASHED || c == CONDITION_HUNG || c == CONDITION_IO_ERROR ||
           c == CONDITION_THAWED || c == CONDITION_FROZEN;
}

int stop_wait_end(struct ocf_context *c, struct deadline until, struct err *why)
{
    _cleanup_close_ int pidfd = -1;
    int rc = proc_open(&c->guest.record->process, &pidfd, why);

    if (rc == -ESRCH) {
        return 0;
    }
    return rc < 0 ? rc : proc_wait_end(pidfd, until, why);
}

static int nothing(struct ocf_context *c, struct err *why)
{
    (void) c;
    (void) why;
    return 0;
}

/* A guest that was cut, whole or half, has nothing sound left to flush, and what it would
 * flush may be another node's by now; it ignores SIGTERM for long, too. */
static enum kill_manner manner_of(const struct record *r)
{
    return r->phase == PHASE_FREEZING || r->phase == PHASE_FROZEN ? KILL_AT_ONCE : KILL_FLUSHED;
}

static int kill_as(struct ocf_context *c, enum kill_manner manner, struct err *why)
{
    if (c->guest.record->process.pid == 0) {
        return err_set(why, -ESRCH, ERR_GENERIC, "its QEMU process cannot be found: %s",
                       c->sight.detail);
    }
    return stop_was_frozen(c) ? stop_kill_frozen(c, why)
                              : kill_proven(&c->guest.record->process, manner, c->until, why);
}

static int kill_now(struct ocf_context *c, struct err *why)
{
    return kill_as(c, manner_of(c->guest.record), why);
}

static int settle(struct ocf_context *c, struct err *why)
{
    /* Its saved memory is as good as it. */
    return saving_never_ran(c) ? kill_now(c, why) : stop_settle(c, why);
}

/* A guest that stands cannot hear a shutdown; whether it can be let run is only tried. */
static int ask_then_sequence(struct ocf_context *c, enum ask what, struct err *why)
{
    struct err also = {0};

    if (guest_ask(c->guest.record, what, deadline_part(c->until, ASK_PERCENT, ASK_MOST_MS),
                  &also) < 0) {
        log_warning("%s", also.text);
    }
    return stop_sequence(c, why);
}

/* A guest that was created and never let run has nothing to shut down. */
static int resume(struct ocf_context *c, struct err *why)
{
    if (c->guest.record->phase == PHASE_STARTING) {
        return kill_now(c, why);
    }
    /* It stays paused where its saved memory could not be taken away. */
    if (saving_begin_stop(c) < 0) {
        return stop_sequence(c, why);
    }
    return ask_then_sequence(c, ASK_RESUME, why);
}

static int wake(struct ocf_context *c, struct err *why)
{
    return ask_then_sequence(c, ASK_WAKEUP, why);
}

static int wait_end(struct ocf_context *c, struct err *why)
{
    return stop_wait_end(c, deadline_part(c->until, END_PERCENT, END_MOST_MS), why);
}

static const stop_way ways[STOP_PLAN_LAST] = {
    [STOP_KILL] = kill_now,
    [STOP_SEQUENCE] = stop_running,
    [STOP_SETTLE] = settle,
    [STOP_RESUME] = resume,
    [STOP_WAKE] = wake,
    [STOP_WAIT] = wait_end,
    [STOP_FREEZE] = stop_freeze,
    [STOP_NOTHING] = nothing,
};

/* libvirt is the only one who can shut down or freeze a guest: worth a bounded wait. */
static void wait_for_libvirt(struct ocf_context *c)
{
    struct deadline until = deadline_part(c->until, RETURN_PERCENT, RETURN_MOST_MS);

    while ((c->sight.condition == CONDITION_SILENT || c->sight.condition == CONDITION_UNKNOWN) &&
           c->sight.seen.libvirt == LIBVIRT_SILENT && !deadline_over(until)) {
        clock_pause_ms(RETURN_PAUSE_MS, until);
        ocf_look(c, c->until);
    }
}

/* The plan, again where the guest changed under it, and the kill as the last resort. */
static int end_guest(struct ocf_context *c, struct err *plan_failed)
{
    struct err why = {0};
    enum stop_plan plan = STOP_KILL;
    int rc = -EAGAIN;

    for (int i = 0; rc == -EAGAIN && i < PLANS_MOST; i++) {
        plan = stop_plan_of(c->sight.condition, &c->params);
        log_info("guest '%s' is %s (%s): %s", c->guest.record->name,
                 condition_name(c->sight.condition), c->sight.detail, stop_plan_name(plan));
        rc = ways[plan](c, plan_failed);
    }
    if (rc == 0 || plan == STOP_KILL) {
        return rc;
    }
    /* What could not be frozen has crashed or hangs: SIGTERM would only cost time. */
    rc = kill_as(c, plan == STOP_FREEZE ? KILL_AT_ONCE : manner_of(c->guest.record), &why);
    if (rc < 0) {
        err_set(plan_failed, rc, ERR_GENERIC, "%.350s%s%.350s", plan_failed->text,
                plan_failed->text[0] ? "; " : "", why.text);
    }
    return rc;
}

/*
 * The record's process is proven dead. libvirt is given a moment to see it too, so that a
 * start right after this finds no half-dead domain; and a guest that somebody has
 * started again meanwhile is not "stopped". `met`: this call has seen that process alive, or
 * that there is none. Else it may have died long ago and the guest live on in another one,
 * which a search has to rule out.
 */
static int finish_ended(struct ocf_context *c, bool met, const struct err *lost)
{
    struct deadline until = deadline_part(c->until, SETTLE_PERCENT, SETTLE_MOST_MS);
    enum phase was = c->guest.loaded_phase;
    struct err why = {0};

    saving_end_stop(c, false);
    guest_note_ended(&c->guest);
    ocf_look(c, until);
    while (c->sight.condition != CONDITION_ABSENT && c->sight.seen.process != PROCESS_ALIVE &&
           !deadline_over(until)) {
        clock_pause_ms(SETTLE_PAUSE_MS, until);
        ocf_look(c, until);
    }
    if (c->sight.seen.process == PROCESS_ALIVE) {
        return ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "guest '%s' was ended, and somebody has started "
                          "it again: %s", c->guest.record->name, c->sight.detail);
    }
    if (c->sight.seen.process == PROCESS_UNPROVABLE && !met) {
        return ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "guest '%s' may run in a process that is not "
                          "known here: %s", c->guest.record->name, c->sight.detail);
    }
    ocf_remember(c, &why);
    if (was == PHASE_FROZEN || was == PHASE_FREEZING) {
        release_announce(c->guest.record, c->until, &why);
    }
    return lost->text[0] ? ocf_succeed("%s", lost->text) : PCMK_OCF_OK;
}

/* What a broken guest's memory was lost for belongs where people look: crm_mon. */
static void tell_loss(const struct ocf_context *c, enum condition was, const struct err *failed,
                      struct err *ret)
{
    const char *name = c->guest.record->name;

    if (was == CONDITION_SILENT || was == CONDITION_UNKNOWN) {
        err_set(ret, 0, ERR_GENERIC, "guest '%s' was ended without libvirt, which did not answer: "
                "its QEMU is proven dead", name);
    } else if (stop_is_broken(was) && c->params.crash_policy == CRASH_DESTROY) {
        err_set(ret, 0, ERR_GENERIC, "guest '%s' was destroyed (crash_policy=destroy), its QEMU "
                "is proven dead: it was %s", name, condition_name(was));
    } else if (stop_is_broken(was)) {
        err_set(ret, 0, ERR_GENERIC, "guest '%s' was destroyed, its QEMU is proven dead; its "
                "memory is lost because it could not be frozen: %.500s", name, failed->text);
    }
}

/*
 * Neither the config nor a record tells who is meant. Nothing can run here where no
 * QEMU is without a record; else "stopped" would be a guess, and a wrong one starts
 * the guest twice.
 */
static int stop_nobody(struct ocf_context *c)
{
    if (c->sight.condition == CONDITION_ABSENT) {
        log_notice("%s; no QEMU without a record runs here, so the guest does not",
                   c->guest.config_error.text);
        return PCMK_OCF_OK;
    }
    return ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "%s; %s, so it cannot be said which guest to stop",
                      c->guest.config_error.text, c->sight.detail);
}

static int stop_guest(struct ocf_context *c)
{
    struct err failed = {0};
    struct err lost = {0};
    enum condition was;
    bool met;

    ocf_look(c, c->until);
    if (c->guest.source == IDENTITY_NONE) {
        return stop_nobody(c);
    }
    wait_for_libvirt(c);
    was = c->sight.condition;
    met = c->sight.seen.process != PROCESS_UNPROVABLE;
    if (was == CONDITION_FROZEN) {
        log_notice("guest '%s' is frozen, verified just now", c->guest.record->name);
        return PCMK_OCF_OK;
    }
    if (was == CONDITION_ABSENT) {
        return finish_ended(c, met, &lost);
    }
    saving_begin_stop(c);
    config_save(c, guest_remember);
    if (end_guest(c, &failed) < 0) {
        return ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "guest '%s' cannot be stopped: %s",
                          c->guest.record->name, failed.text);
    }
    if (c->guest.record->phase == PHASE_FROZEN &&
        proc_state(&c->guest.record->process) == PROCESS_ALIVE) {
        return PCMK_OCF_OK; /* stop_freeze has told; after one that failed, none is alive */
    }
    met = met || c->sight.seen.process != PROCESS_UNPROVABLE;
    tell_loss(c, was, &failed, &lost);
    return finish_ended(c, met, &lost);
}

int ocf_stop(struct ocf_context *c)
{
    struct err why = {0};
    int code = stop_guest(c);

    if (code == PCMK_OCF_OK && guest_named_is_harmless(&c->guest, c->until, &why) < 0) {
        return ocf_fail(&why);
    }
    return code;
}
