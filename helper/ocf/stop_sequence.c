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
    SAVE_PERCENT = 50, SHUTDOWN_PERCENT = 70, DESTROY_PERCENT = 60, WORD_MOST_MS = 24 * 3600 * 1000,
    /* Of a word with a limit that exceeds the stop's time-out: a kill must fit in after it. */
    LIMIT_PERCENT = 85,
    /* A guest that still boots misses the first press of its power button. */
    PRESS_PAUSE_MS = 5000, PRESS_PERCENT = 40, PRESS_MOST_MS = 20 * 1000,
    NODE_PERCENT = 20, NODE_MOST_MS = 5000,
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

static const enum ask presses[] = {
    [SHUTDOWN_BY_LIBVIRT] = ASK_SHUTDOWN,
    [SHUTDOWN_BY_ACPI] = ASK_SHUTDOWN_ACPI,
    [SHUTDOWN_BY_AGENT] = ASK_SHUTDOWN_AGENT,
    [SHUTDOWN_BY_AGENT_OR_ACPI] = ASK_SHUTDOWN_AGENT_ACPI,
};

/* An agent that is there and hangs holds up its own call only, for longer than we wait. */
static bool button_is_left(const struct ocf_context *c, enum ask pressed)
{
    return pressed != ASK_SHUTDOWN_ACPI && c->params.shutdown_mode != SHUTDOWN_BY_AGENT;
}

/* It cannot hear: one whose save failed while libvirt was away, and which was not let run again. */
static bool stands(const struct ocf_context *c)
{
    return c->params.snapshot && c->sight.condition == CONDITION_PAUSED;
}

/* Pressed again and again; a press that libvirt does not even answer is the last one. */
static int shutdown_word(struct ocf_context *c, const struct stop_step *step, struct err *why)
{
    struct deadline until = word_until(c, step, SHUTDOWN_PERCENT);
    enum ask button = presses[c->params.shutdown_mode];
    int rc = -ETIMEDOUT;

    while (rc == -ETIMEDOUT && !deadline_over(until)) {
        int pressed = guest_ask(c->guest.record, button,
                                deadline_part(until, PRESS_PERCENT, PRESS_MOST_MS), why);

        if (pressed == -ETIMEDOUT && button_is_left(c, button)) {
            button = ASK_SHUTDOWN_ACPI;
            continue;
        }
        if (pressed == -ETIMEDOUT) {
            return pressed;
        }
        rc = stop_wait_end(c, deadline_min(until, deadline_in_ms(PRESS_PAUSE_MS)), why);
        if (rc == -ETIMEDOUT) {
            ocf_look(c, until);
            if (stop_is_broken(c->sight.condition) || stands(c)) {
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

static int save_word(struct ocf_context *c, const struct stop_step *step, struct err *why)
{
    return stop_save(c, word_until(c, step, SAVE_PERCENT), why);
}

typedef int (*word_fn)(struct ocf_context *c, const struct stop_step *step, struct err *why);

static const struct {
    const char *name;
    word_fn run;
} words[] = {
    [STOP_WORD_SHUTDOWN] = {"shutdown", shutdown_word},
    [STOP_WORD_DESTROY] = {"destroy", destroy_word},
    [STOP_WORD_SAVE] = {"save", save_word},
};

/* Where Pacemaker does not tell why it stops the guest, this is an ordinary stop. */
static const struct stop_sequence *choose(const struct ocf_context *c)
{
    bool goes_down = false;
    struct err why = {0};

    if (c->params.host_stop_sequence.count == 0) {
        return &c->params.stop_sequence;
    }
    if (cluster_node_goes_down(&goes_down, deadline_part(c->until, NODE_PERCENT, NODE_MOST_MS),
                               &why) < 0) {
        log_warning("%s; so stop_sequence is used", why.text);
    }
    if (goes_down) {
        log_notice("this node is being shut down: host_stop_sequence is used");
    }
    return goes_down ? &c->params.host_stop_sequence : &c->params.stop_sequence;
}

int stop_sequence(struct ocf_context *c, struct err *why)
{
    const struct stop_sequence *sequence = choose(c);
    int rc = -ETIMEDOUT;

    for (int i = 0; i < sequence->count && rc < 0 && rc != -EAGAIN; i++) {
        const struct stop_step *step = &sequence->step[i];

        rc = words[step->word].run(c, step, why);
        log_info("guest '%s': %s: %s", c->guest.record->name, words[step->word].name,
                 rc == 0 ? "ended" : rc == -EAGAIN ? c->sight.detail : why->text);
    }
    return rc;
}
