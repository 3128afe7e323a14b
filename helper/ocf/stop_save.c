/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The word save: what is saved, and what becomes of a guest that could not be. "Ended" is said with
 * its process proven dead; where the save failed it runs again, for the next word.
 */
#include "ocf/stop.h"

#include <errno.h>

#include "base/log.h"
#include "guard/ask.h"
#include "guard/kill.h"
#include "ocf/saving.h"
#include "sys/proc.h"

enum {
    /* The rest of the word is for QEMU's end after it. */
    SAVE_PERCENT = 90,
    END_PERCENT = 30, END_MOST_MS = 10 * 1000,
    KILL_PERCENT = 40,
    BACK_PERCENT = 20, BACK_MOST_MS = 15 * 1000, SETTLE_PAUSE_MS = 100
};

/* libvirt's word is no proof. QEMU has written all that it had, and lets go of its disks. */
static int prove_end(struct ocf_context *c, struct err *why)
{
    int rc = stop_wait_end(c, deadline_part(c->until, END_PERCENT, END_MOST_MS), why);

    if (rc == -ETIMEDOUT) {
        rc = kill_proven(&c->guest.record->process, KILL_AT_ONCE,
                         deadline_part(c->until, KILL_PERCENT, c->call.timeout_ms), why);
    }
    return rc;
}

/* A libvirt that comes back takes a moment to say how the guest is. */
static void look_settled(struct ocf_context *c, struct deadline until)
{
    ocf_look(c, until);
    while (c->sight.condition == CONDITION_SILENT && !deadline_over(until)) {
        clock_pause_ms(SETTLE_PAUSE_MS, until);
        ocf_look(c, until);
    }
}

/* The next word finds it as it was: running, and without a file that says otherwise. Where that
 * cannot be had it stays paused: a file that might be complete is not risked. */
static void let_go_on(struct ocf_context *c)
{
    struct saved s = saving_of(c);
    struct deadline until = deadline_part(c->until, BACK_PERCENT, BACK_MOST_MS);
    enum saved_found found = SAVED_NOTHING;
    struct err why = {0};
    int rc = saved_void(&s, until, &found, &why);

    look_settled(c, until);
    if (rc == 0 && saving_stands_paused(c)) {
        rc = guest_ask(s.record, ASK_RESUME,
                       deadline_part(c->until, BACK_PERCENT, BACK_MOST_MS), &why);
        ocf_look(c, c->until);
    }
    if (rc < 0) {
        log_warning("guest '%s' may stay paused: %s", s.record->name, why.text);
    }
}

/* -EAGAIN: it is broken, which is not a word's business. */
static int must_run(struct ocf_context *c, struct deadline until, struct err *why)
{
    ocf_look(c, until);
    if (saving_stands_paused(c)) {
        let_go_on(c); /* an earlier stop's save was interrupted */
    }
    if (stop_is_broken(c->sight.condition)) {
        return -EAGAIN;
    }
    return c->sight.condition == CONDITION_RUNNING
               ? 0 : err_set(why, -EINVAL, ERR_GENERIC, "only a guest that runs is saved: %s",
                             c->sight.detail);
}

int stop_save(struct ocf_context *c, struct deadline until, struct err *why)
{
    struct saved s = saving_of(c);
    int rc;

    if (!s.folder) {
        return err_set(why, -ENOENT, ERR_GENERIC, "there is no snapshot folder to save to");
    }
    rc = must_run(c, until, why);
    if (rc < 0) {
        return rc;
    }
    rc = saved_save(&s, deadline_part(until, SAVE_PERCENT, c->call.timeout_ms), why);
    if (rc < 0 && proc_state(&s.record->process) != PROCESS_DEAD) {
        let_go_on(c);
        return stop_is_broken(c->sight.condition) ? -EAGAIN : rc == -EAGAIN ? -EBUSY : rc;
    }
    if (prove_end(c, why) < 0) {
        return -ETIMEDOUT;
    }
    saving_end_stop(c, true);
    return 0;
}
