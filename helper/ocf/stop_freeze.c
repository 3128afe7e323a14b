/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stopping a broken guest by freezing it. Owns the share of the time that a freeze
 * may take and what is told of it; the freeze itself is guard/'s.
 */
#include "ocf/stop.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "guard/announce.h"
#include "guard/freeze.h"

/* What is left after it must be enough to kill the guest and prove that. */
enum { FREEZE_PERCENT = 60, FREEZE_MOST_MS = 30 * 1000, US_PER_MS = 1000 };

/* A freeze that is repeated keeps what the first attempt saw. */
static void note_incident(struct ocf_context *c)
{
    struct incident *i = &c->guest.record->incident;
    struct outcome o = outcome_of(c->sight.condition, QUESTION_PROBE, &c->params, 1);

    if (i->condition != CONDITION_UNKNOWN) {
        return;
    }
    i->condition = c->sight.condition;
    free(i->reason);
    i->reason = str_printf("%s (%s)", o.text, c->sight.detail);
    i->seen_wall_ms = clock_wall_ms();
}

static void tell(struct ocf_context *c, int64_t took_us)
{
    const struct record *r = c->guest.record;
    _cleanup_free_ char *value = str_printf("frozen: %s", r->incident.reason);
    struct err why = {0};

    ocf_succeed("guest '%s' is frozen, its memory kept, proven in %lld ms: %s", r->name,
                (long long) (took_us / US_PER_MS), r->incident.reason);
    if (announce(c->call.resource, value, c->until, &why) < 0) {
        log_info("the cluster was not told: %s", why.text);
    }
}

int stop_freeze(struct ocf_context *c, struct err *why)
{
    int64_t began_us = clock_mono_us();
    int rc;

    note_incident(c);
    rc = freeze_guest(c->guest.record, deadline_part(c->until, FREEZE_PERCENT, FREEZE_MOST_MS),
                      why);
    if (rc < 0) {
        log_warning("guest '%s' cannot be frozen: %s", c->guest.record->name, why->text);
        return rc;
    }
    tell(c, clock_mono_us() - began_us);
    return 0;
}
