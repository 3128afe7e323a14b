/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of stop_sequence, each with its share of the time. Owns the shares; a
 * guest that breaks while it is asked to shut down is handed back to the table.
 */
#include "ocf/stop.h"

#include <errno.h>

#include "base/log.h"
#include "guard/ask.h"

enum {
    /* What a word without a limit of its own gets of what is left. The rest has to be enough
     * for a destroy that takes its 15 seconds and a kill after it. */
    SHUTDOWN_PERCENT = 70, DESTROY_PERCENT = 60, WORD_MOST_MS = 24 * 3600 * 1000,
    /* Of a word with a limit that exceeds the stop's time-out: a kill must fit in after it. */
    LIMIT_PERCENT = 85,
    /* A guest that still boots misses the first press of its power button. */
    PRESS_PAUSE_MS = 5000, PRESS_PERCENT = 40, PRESS_MOST_MS = 20 * 1000,
    MS_PER_S = 1000
};

static struct deadline word_until(const struct ocf_context *c, const struct stop_step *step,
                                  int percent)
{
    if (step->limit_s > 0) {
        return deadline_part(c->until, LIMIT_PERCENT, (int64_t) step->limit_s * MS_PER_S);
    }
    return deadline_part(c->until, percent, WORD_MOST_MS);
}

/* Pressed again and again; a press that libvirt does not even answer is the last one. */
static int shutdown_word(struct ocf_context *c, const struct stop_step *step, struct err *why)
{
    struct deadline until = word_until(c, step, SHUTDOWN_PERCENT);
    int rc = -ETIMEDOUT;

    while (rc == -ETIMEDOUT && !deadline_over(until)) {
        int pressed = guest_ask(c->guest.record, ASK_SHUTDOWN,
                                deadline_part(until, PRESS_PERCENT, PRESS_MOST_MS), why);

        if (pressed == -ETIMEDOUT) {
            return pressed;
        }
        rc = stop_wait_end(c, deadline_min(until, deadline_in_ms(PRESS_PAUSE_MS)), why);
        if (rc == -ETIMEDOUT) {
            ocf_look(c, until);
            if (stop_is_broken(c->sight.condition)) {
                return -EAGAIN;
            }
        }
    }
    return rc;
}

/* libvirt's word that it destroyed the guest is no proof: the kernel's is. */
static int destroy_word(struct ocf_context *c, const struct stop_step *step, struct err *why)
{
    struct deadline until = word_until(c, step, DESTROY_PERCENT);

    if (guest_ask(c->guest.record, ASK_DESTROY, until, why) < 0) {
        log_warning("%s", why->text);
    }
    return stop_wait_end(c, until, why);
}

typedef int (*word_fn)(struct ocf_context *c, const struct stop_step *step, struct err *why);

static const struct {
    const char *name;
    word_fn run;
} words[] = {
    [STOP_WORD_SHUTDOWN] = {"shutdown", shutdown_word},
    [STOP_WORD_DESTROY] = {"destroy", destroy_word},
};

int stop_sequence(struct ocf_context *c, struct err *why)
{
    const struct stop_sequence *sequence = &c->params.stop_sequence;
    int rc = -ETIMEDOUT;

    for (int i = 0; i < sequence->count && rc < 0 && rc != -EAGAIN; i++) {
        const struct stop_step *step = &sequence->step[i];

        rc = words[step->word].run(c, step, why);
        log_info("guest '%s': %s: %s", c->guest.record->name, words[step->word].name,
                 rc == 0 ? "ended" : rc == -EAGAIN ? c->sight.detail : why->text);
    }
    return rc;
}
