/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stopping a broken guest by freezing it. Owns the share of the time that a freeze
 * may take and what is told of it; the freeze itself is guard/'s.
 */
#include "ocf/stop.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "guard/announce.h"
#include "guard/freeze.h"
#include "guard/incidents.h"
#include "guard/kill.h"
#include "guard/owners.h"
#include "sys/proc.h"

/* What is left after it must be enough to kill the guest and prove that. */
enum {
    FREEZE_PERCENT = 60, FREEZE_MOST_MS = 30 * 1000,
    FREEZE_TRIES = 3, AGAIN_PAUSE_MS = 50,
    OUTLAST_PERCENT = 60,
    US_PER_MS = 1000
};

static void tell(struct ocf_context *c, int64_t took_us)
{
    const struct record *r = c->guest.record;
    _cleanup_free_ char *value = announce_incident(r);
    struct err why = {0};

    ocf_succeed("guest '%s' is frozen, its memory kept, proven in %lld ms: %s", r->name,
                (long long) (took_us / US_PER_MS), r->incident.reason);
    if (announce(c->call.resource, value, c->until, &why) < 0) {
        log_info("the cluster was not told: %s", why.text);
    }
}

/* What another attempt can change: a call that failed once, a check that a console's client
 * disturbed. A device that cannot be cut, another guest's process or time that is over stay. */
static bool worth_another(int rc, const struct process_id *process)
{
    return rc != -ENOTSUP && rc != -ESTALE && rc != -ETIMEDOUT &&
           proc_state(process) == PROCESS_ALIVE;
}

/* A freeze reads the record back from disk, also when it fails: what this action knows has to
 * be there, and the process to be killed then must not be forgotten. */
static int attempt(struct ocf_context *c, struct deadline until, struct err *why)
{
    struct record *r = c->guest.record;
    struct process_id process = r->process;
    struct err unsaved = {0};
    int rc;

    guest_note_broken(&c->guest, &c->sight, STEP_BROKE);
    record_set_care(r, &c->params);
    c->guest.changed = true;
    ocf_remember(c, &unsaved);
    rc = freeze_guest(r, until, why);
    if (rc < 0) {
        log_warning("guest '%s' cannot be frozen: %s", r->name, why->text);
        r->process = process;
    }
    return rc;
}

int stop_freeze(struct ocf_context *c, struct err *why)
{
    struct deadline until = deadline_part(c->until, FREEZE_PERCENT, FREEZE_MOST_MS);
    int64_t began_us = clock_mono_us();
    int rc = attempt(c, until, why);

    for (int i = 1; rc < 0 && i < FREEZE_TRIES && !deadline_over(until) &&
                    worth_another(rc, &c->guest.record->process); i++) {
        clock_pause_ms(AGAIN_PAUSE_MS, until);
        rc = attempt(c, until, why);
    }
    if (rc == 0) {
        tell(c, clock_mono_us() - began_us);
    }
    return rc;
}

bool stop_was_frozen(const struct ocf_context *c)
{
    enum incident_state was = c->guest.record->incident.state;

    return was == INCIDENT_FROZEN || was == INCIDENT_DUMPING || was == INCIDENT_KEPT;
}

/* That its images are kept is tried: "stopped" does not depend on it. */
int stop_kill_frozen(struct ocf_context *c, struct err *why)
{
    const struct record *r = c->guest.record;
    struct owners *owners = NULL;
    struct err unkept = {0};
    int rc;

    if (owners_keep(r, c->until, &owners, &unkept) < 0) {
        log_warning("libvirt may take the images of guest '%s' from where it runs now: %s",
                    r->name, unkept.text);
    }
    rc = kill_proven(&r->process, KILL_AT_ONCE, c->until, why);
    if (rc == 0) {
        owners_outlast(owners, r, deadline_part(c->until, OUTLAST_PERCENT, OWNERS_OUTLAST_MS));
    }
    owners_let_go(owners);
    return rc;
}
