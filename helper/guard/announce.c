/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The node attribute of a guest. Owns its name, its words and how long telling may take; the way
 * back is announced.c's.
 */
#include "guard/announce.h"

#include "base/cleanup.h"
#include "base/str.h"
#include "model/care.h"
#include "model/incident.h"
#include "model/record.h"
#include "sys/cluster.h"

enum { TELL_PERCENT = 30, TELL_MOST_MS = 2000 };

static char *attribute_of(const char *resource)
{
    return str_printf(ANNOUNCE_PREFIX "%s", resource);
}

char *announce_words(const char *what, const char *reason, int64_t wall_ms)
{
    char when[CLOCK_TEXT_SIZE];

    clock_wall_text(wall_ms, when);
    return str_printf("%s: %s; %s", what, reason, when);
}

/* When it came to be what it is. */
static int64_t last_ms(const struct incident *i)
{
    return i->moment_count > 0 ? i->moment[i->moment_count - 1].wall_ms : i->seen_wall_ms;
}

/* Frozen, or given up since: why, the guest's own words for it, and what there is of its dump. */
static char *announce_kept(const struct record *r, const char *reason)
{
    const struct evidence *e = &r->incident.evidence;
    bool released = r->incident.state == INCIDENT_RELEASED;
    _cleanup_free_ char *care = care_words(r, clock_mono_us(), true);
    _cleanup_free_ char *text =
        str_printf("%s%s%s%s%s%s%s%s", reason, e->panic ? ": " : "", e->panic ? e->panic : "",
                   care ? " (dump: " : "", care ? care : "", care ? ")" : "",
                   released && e->folder ? ", evidence in " : "",
                   released && e->folder ? e->folder : "");

    return announce_words(released ? incident_state_name(INCIDENT_RELEASED)
                                   : condition_name(CONDITION_FROZEN),
                          text, r->incident.frozen_wall_ms);
}

char *announce_incident(const struct record *r)
{
    const struct incident *i = &r->incident;
    const char *reason = i->reason ? i->reason : incident_cause_name(i->cause);

    if (r->phase == PHASE_FROZEN || i->state == INCIDENT_RELEASED) {
        return announce_kept(r, reason);
    }
    if (i->state == INCIDENT_RECOVERED) {
        _cleanup_free_ char *recovered = str_printf("recovered by itself: %s", reason);

        return announce_words(condition_name(CONDITION_RUNNING), recovered, last_ms(i));
    }
    return announce_words(condition_name(i->condition), reason, i->seen_wall_ms);
}

int announce(const char *resource, const char *value, struct deadline until, struct err *why)
{
    _cleanup_free_ char *name = attribute_of(resource);

    return cluster_attribute(name, value, deadline_part(until, TELL_PERCENT, TELL_MOST_MS), why);
}

int announce_start(const char *resource, const char *value, struct deadline until,
                   struct program **ret, struct err *why)
{
    _cleanup_free_ char *name = attribute_of(resource);

    return cluster_attribute_start(name, value, until, ret, why);
}

int announce_judge(const char *resource, int status, struct err *why)
{
    _cleanup_free_ char *name = attribute_of(resource);

    return cluster_attribute_judge(name, status, why);
}
