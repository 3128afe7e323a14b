/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * migrate_from, on the target: the guest has come, says migrate_to. Done when it runs and is noted
 * here as a guest that this node started would be.
 */
#include "ocf/start.h"
#include "ocf/stop.h"

#include <errno.h>

#include "base/log.h"
#include "guard/announce.h"
#include "guard/ask.h"
#include "model/migration.h"

enum {
    ARRIVE_PERCENT = 70, ARRIVE_MOST_MS = 60 * 1000,
    /* Before a guest that stands here is let run, and before one that is not here is missed. */
    PATIENCE_PERCENT = 30, PATIENCE_MOST_MS = 5000,
    ASK_PERCENT = 40, ASK_MOST_MS = 10 * 1000, PAUSE_MS = 100,
    TELL_PERCENT = 30, TELL_MOST_MS = 2000
};

static bool stands(const struct sighting *s)
{
    return s->seen.process == PROCESS_ALIVE &&
           migration_target(s->seen.libvirt, s->seen.state, s->seen.reason) == GUEST_END_STANDS;
}

/* Somebody was ended before he could let it run. The source's QEMU is proven dead where migrate_to
 * has said "moved"; where a person calls this, QEMU's own word keeps it from making two. */
static void let_run(struct ocf_context *c)
{
    struct err why = {0};

    log_notice("guest '%s' has come and stands: letting it run", c->guest.record->name);
    if (guest_ask(c->guest.record, ASK_RESUME_ARRIVED,
                  deadline_part(c->until, ASK_PERCENT, ASK_MOST_MS), &why) < 0) {
        log_warning("%s", why.text);
    }
}

static bool is_here(const struct ocf_context *c)
{
    return c->sight.condition == CONDITION_RUNNING ||
           c->sight.condition == CONDITION_SELF_RECOVERING;
}

static void arrive(struct ocf_context *c)
{
    struct deadline until = deadline_part(c->until, ARRIVE_PERCENT, ARRIVE_MOST_MS);
    struct deadline patience = deadline_part(c->until, PATIENCE_PERCENT, PATIENCE_MOST_MS);

    for (;;) {
        ocf_look(c, c->until);
        if (is_here(c) || stop_is_broken(c->sight.condition) || deadline_over(until) ||
            (c->sight.condition == CONDITION_ABSENT && deadline_over(patience))) {
            return;
        }
        if (stands(&c->sight) && deadline_over(patience)) {
            let_run(c);
        }
        clock_pause_ms(PAUSE_MS, until);
    }
}

int ocf_migrate_from(struct ocf_context *c)
{
    const char *source = c->call.migrate_source;
    struct err why = {0};
    int code;

    if (!source) {
        return ocf_answer(PCMK_OCF_INVALID_PARAM, "migrate_from: it is not said where from "
                          "(OCF_RESKEY_CRM_meta_migrate_source)");
    }
    if (c->guest.source == IDENTITY_NONE) {
        return ocf_fail(&c->guest.config_error);
    }
    arrive(c);
    if (!is_here(c)) {
        return ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "guest '%s' was moved here from %s, and does not "
                          "run: it is %s (%s)", c->guest.record->name, source,
                          condition_name(c->sight.condition), c->sight.detail);
    }
    /* QEMU's own setting does not come along. */
    if (c->params.panic_grace_s > 0 &&
        guest_ask(c->guest.record, ASK_PANIC_RUNS,
                  deadline_part(c->until, ASK_PERCENT, ASK_MOST_MS), &why) < 0) {
        log_warning("%s", why.text);
    }
    log_notice("guest '%s' has come from %s", c->guest.record->name, source);
    code = start_complete(c);
    /* What was told of its last life here is over. */
    announce(c->call.resource, NULL, deadline_part(c->until, TELL_PERCENT, TELL_MOST_MS), &why);
    return code;
}
