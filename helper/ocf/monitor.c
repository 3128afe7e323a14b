/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor and status, recurring or as a probe: one look, one answer by the
 * tables. Changes nothing but what a policy asks of a recurring monitor: a guest
 * that stands on an I/O error is let run again, one that sleeps is woken; and a
 * guest that others started is taken over. A probe tells people again what is the
 * matter.
 */
#include "ocf/ocf.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "guard/announce.h"
#include "guard/ask.h"
#include "guard/ending.h"
#include "guard/incidents.h"
#include "ocf/health.h"
#include "ocf/saveconfig.h"

enum {
    ASK_PERCENT = 40, ASK_MOST_MS = 5000,
    ROLE_PERCENT = 50, ROLE_MOST_MS = 10 * 1000,
    SETTLE_PERCENT = 30, SETTLE_MOST_MS = 5000, SETTLE_PAUSE_MS = 100
};

static enum question question_of(const struct ocf_context *c)
{
    return c->call.interval_ms > 0 ? QUESTION_MONITOR : QUESTION_PROBE;
}

/*
 * Neither the config nor a record can be read, so the guest's name is not known.
 * No QEMU without a record: nothing of this resource can run here. Otherwise one
 * of them may be it. A probe may still say "not installed" where the config does
 * not exist and none of them has the name the config's file name suggests: that
 * is a node that never had this guest and runs others; a guest that ever was
 * seen here by a start or a monitor would have left a record.
 */
static int answer_nobody(struct ocf_context *c)
{
    const struct sighting *s = &c->sight;
    bool never_here = s->counted && !s->namesake && c->guest.config_errno == -ENOENT;

    if (s->condition == CONDITION_ABSENT ||
        (question_of(c) == QUESTION_PROBE && never_here)) {
        return ocf_answer(PCMK_OCF_NOT_INSTALLED, "%s", c->guest.config_error.text);
    }
    return ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "%s; %s, so the guest may be running",
                      c->guest.config_error.text, s->detail);
}

static bool ask(struct ocf_context *c, enum ask what, const char *note)
{
    struct err why = {0};
    struct deadline until = deadline_part(c->until, ASK_PERCENT, ASK_MOST_MS);

    if (guest_ask(c->guest.record, what, until, &why) < 0) {
        log_warning("%s: %s", note, why.text);
        return false;
    }
    log_notice("%s", note);
    return true;
}

/* A monitor that looks itself lets a guest try again each time; the watch, more sparingly. */
static void retry_storage(struct ocf_context *c)
{
    bool retry = c->params.on_io_error == ON_IO_ERROR_RETRY;

    guest_note_broken(&c->guest, &c->sight, retry ? STEP_MAY_RECOVER : STEP_REPORTED);
    if (retry &&
        incident_grace_left_us(&c->guest.record->incident, &c->params, clock_mono_us()) > 0 &&
        ask(c, ASK_RESUME, "the guest stands on an I/O error: letting it run again")) {
        guest_note_resumed(&c->guest);
    }
}

/*
 * Before Pacemaker hears that the guest is gone, so that it does not start it again. It may cancel
 * this monitor for it: then crm_mon has no failed action, and the watch's attribute the reason.
 * Who took the resource out of the cluster's hands decides about its role, too.
 */
static bool stays_off(struct ocf_context *c)
{
    struct deadline until = deadline_part(c->until, ROLE_PERCENT, ROLE_MOST_MS);
    struct err why = {0};
    bool managed = false;
    int rc;

    if (c->params.on_guest_shutdown != ON_GUEST_SHUTDOWN_STOP ||
        question_of(c) != QUESTION_MONITOR || c->guest.record->ending.by != ENDED_BY_GUEST) {
        return false;
    }
    rc = cluster_manages(c->call.resource, &managed, until, &why);
    if (rc == 0 && managed) {
        rc = cluster_stop_resource(c->call.resource, until, &why);
    }
    if (rc < 0) {
        log_warning("a guest that its user shut down will be started again: %s", why.text);
    } else if (!managed) {
        log_notice("the cluster does not manage the resource now: its role is left as it is");
    }
    return rc == 0 && managed;
}

/* Only a guest that ran here by our record has an end to be explained. */
static int answer_absent(struct ocf_context *c, const struct outcome *o)
{
    _cleanup_free_ char *ended = NULL;

    if (c->guest.record->phase == PHASE_KNOWN) {
        return o->ocf;
    }
    ended = guest_why_ended(&c->guest, &c->sight, c->until);
    if (stays_off(c)) {
        return ocf_answer(o->ocf, "guest '%s' is not running: %s; its resource is set to Stopped "
                          "(on_guest_shutdown=stop)", c->guest.record->name, ended);
    }
    return ocf_answer(o->ocf, "guest '%s' is not running: %s", c->guest.record->name, ended);
}

/* A Pacemaker that was restarted has forgotten its node's attributes, and may not have heard what
 * happened meanwhile. It begins with probes. */
static void tell_again(const struct ocf_context *c)
{
    const struct record *r = c->guest.record;
    struct err why = {0};

    if (question_of(c) != QUESTION_PROBE ||
        !(r->phase == PHASE_FROZEN || incident_is_open(&r->incident))) {
        return;
    }
    _cleanup_free_ char *value = announce_incident(r);
    if (announce(c->call.resource, value, c->until, &why) < 0) {
        log_info("the cluster was not told: %s", why.text);
    }
}

/*
 * The source of a migration whose end nobody told, as after a libvirt client that was killed. It
 * would stand so for ever, and the cluster would hold it for well; a stop ends it.
 */
static bool is_left_behind(const struct ocf_context *c)
{
    struct virt_job job;
    struct err ignored = {0};

    return question_of(c) == QUESTION_MONITOR && c->sight.condition == CONDITION_BUSY &&
           verdict_sent_away(&c->sight.seen) &&
           guest_job(c->guest.record, deadline_part(c->until, ASK_PERCENT, ASK_MOST_MS), &job,
                     &ignored) == 0 && !job.runs;
}

static int answer_by_table(struct ocf_context *c)
{
    const struct incident *i = &c->guest.record->incident;
    enum condition condition = c->sight.condition;
    int64_t now_us = clock_mono_us();
    struct outcome o = outcome_of_incident(condition, question_of(c), &c->params, i, now_us);
    char text[ERR_TEXT_SIZE];
    struct err why = {0};

    if (o.ocf == PCMK_OCF_NOT_RUNNING &&
        guest_named_is_harmless(&c->guest, c->until, &why) < 0) {
        return ocf_fail(&why);
    }
    if (c->sight.condition == CONDITION_ABSENT) {
        return answer_absent(c, &o);
    }
    tell_again(c);
    if (is_left_behind(c)) {
        return ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "guest '%s' stands since it was sent to another "
                          "node, where it may run, and nobody goes on with that (%s)",
                          c->guest.record->name, c->sight.detail);
    }
    if (o.ocf == PCMK_OCF_OK) {
        return o.ocf;
    }
    outcome_say(&o, condition, i, &c->params, now_us, text, sizeof text);
    if (question_of(c) == QUESTION_MONITOR && (o.ocf == PCMK_OCF_UNKNOWN_ERROR ||
                                               condition == CONDITION_HUNG)) {
        guest_note_broken(&c->guest, &c->sight, STEP_REPORTED);
    }
    return ocf_answer(o.ocf, "%s (%s)", text, c->sight.detail);
}

/* The record follows what was seen: a guest that somebody started is this resource's now. */
static void note(struct ocf_context *c)
{
    if (c->sight.condition == CONDITION_RUNNING) {
        ocf_take_over(c);
        guest_note_running(&c->guest);
        guest_note_well(&c->guest);
    }
}

/* A guest that powered off is gone some milliseconds later: "stopped, because" is the
 * better answer than "failed while stopping". */
static void look_until_settled(struct ocf_context *c)
{
    struct deadline settled = deadline_part(c->until, SETTLE_PERCENT, SETTLE_MOST_MS);

    ocf_look(c, c->until);
    while (c->sight.condition == CONDITION_STOPPING && !deadline_over(settled)) {
        clock_pause_ms(SETTLE_PAUSE_MS, settled);
        ocf_look(c, c->until);
    }
}

int ocf_monitor(struct ocf_context *c)
{
    struct err why = {0};
    int code;

    look_until_settled(c);
    if (c->guest.source == IDENTITY_NONE) {
        return answer_nobody(c);
    }
    if (c->guest.source == IDENTITY_RECORD) {
        log_warning("%s; going by the record of guest '%s'", c->guest.config_error.text,
                    c->guest.record->name);
    }
    note(c);
    if (c->sight.condition == CONDITION_SLEEPING && question_of(c) == QUESTION_MONITOR &&
        c->params.on_pmsuspend == ON_PMSUSPEND_WAKEUP) {
        ask(c, ASK_WAKEUP, "the guest sleeps: waking it");
    }
    if (c->sight.condition == CONDITION_IO_ERROR && question_of(c) == QUESTION_MONITOR) {
        retry_storage(c);
    }
    if (c->sight.condition == CONDITION_RUNNING && question_of(c) == QUESTION_MONITOR) {
        config_save(c, guest_remember_if_idle);
    }
    health_take_pulse(c);
    code = answer_by_table(c);
    if (code == PCMK_OCF_OK) {
        code = health_answer(c);
    }
    if (question_of(c) == QUESTION_MONITOR) {
        ocf_tell_utilization(c, false);
    }
    if (guest_remember_if_idle(&c->guest, &why) < 0) {
        log_warning("what is known of the guest is not kept: %s", why.text);
    }
    return code;
}
