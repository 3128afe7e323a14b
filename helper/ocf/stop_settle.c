/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stopping a guest that libvirt is at work on. Owns how long its job is waited for, and what
 * becomes of a guest that stands: it is never let run from here, since another node may run it.
 */
#include "ocf/stop.h"

#include <errno.h>

#include "base/log.h"
#include "guard/ask.h"

enum {
    JOB_PERCENT = 30, JOB_MOST_MS = 60 * 1000, JOB_PAUSE_MS = 200,
    ABORT_PERCENT = 30, ABORT_MOST_MS = 10 * 1000,
    LOOK_PERCENT = 20, LOOK_MOST_MS = 4000
};

static int ask_job(const struct ocf_context *c, struct virt_job *ret)
{
    struct err ignored = {0};

    return guest_job(c->guest.record, deadline_part(c->until, LOOK_PERCENT, LOOK_MOST_MS), ret,
                     &ignored);
}

/* Of a guest that comes in libvirt does not tell: it is at it then, for all that is known. */
static bool job_runs(const struct ocf_context *c)
{
    struct virt_job job;

    return ask_job(c, &job) < 0 || job.runs;
}

static void wait_for_job(struct ocf_context *c, struct deadline until)
{
    while (c->sight.condition == CONDITION_BUSY && job_runs(c) && !deadline_over(until)) {
        clock_pause_ms(JOB_PAUSE_MS, until);
        ocf_look(c, c->until);
    }
}

static void cancel_job(struct ocf_context *c)
{
    struct deadline until = deadline_part(c->until, ABORT_PERCENT, ABORT_MOST_MS);
    struct err why = {0};

    log_notice("cancelling libvirt's job on guest '%s'", c->guest.record->name);
    if (guest_ask(c->guest.record, ASK_ABORT_JOB, until, &why) < 0) {
        log_info("%s", why.text);
        until = deadline_in_ms(0);
    }
    ocf_look(c, c->until);
    wait_for_job(c, until);
}

/*
 * What still stands then is the source of a migration whose end nobody has told, or what has come
 * in and was never let run: no power button is heard there.
 */
int stop_settle(struct ocf_context *c, struct err *why)
{
    wait_for_job(c, deadline_part(c->until, JOB_PERCENT, JOB_MOST_MS));
    if (c->sight.condition == CONDITION_BUSY && job_runs(c)) {
        cancel_job(c);
    }
    if (c->sight.condition != CONDITION_BUSY) {
        return -EAGAIN;
    }
    if (verdict_stands(&c->sight.seen)) {
        return err_set(why, -EBUSY, ERR_GENERIC, "it stands, and cannot hear a shutdown: %s",
                       c->sight.detail);
    }
    return stop_sequence(c, why);
}

int stop_running(struct ocf_context *c, struct err *why)
{
    struct virt_job job;

    if (ask_job(c, &job) == 0 && job.moves) {
        cancel_job(c);
        if (c->sight.condition != CONDITION_RUNNING) {
            return -EAGAIN;
        }
    }
    return stop_sequence(c, why);
}
