/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The release of a frozen guest. Who may order it is the callers' business.
 */
#include "guard/release.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>

#include "base/cleanup.h"
#include "guard/announce.h"
#include "guard/kill.h"
#include "guard/observe.h"
#include "guard/owners.h"
#include "sys/cluster.h"
#include "sys/gdblock.h"

/* The rest is for libvirt to be done with its images. */
enum { KILL_PERCENT = 30 };

int release_allowed(const struct record *r, struct deadline until, struct err *why)
{
    bool managed = false;

    if (gdblock_is_taken(r->process.pid)) {
        return err_set(why, -EBUSY, ERR_GENERIC, "somebody looks into guest '%s' with gdb",
                       r->name);
    }
    if (!r->resource || cluster_manages(r->resource, &managed, until, why) < 0) {
        return err_prefix(why, -EAGAIN, "the cluster cannot be asked for guest '%s'", r->name);
    }
    return managed ? 0 : err_set(why, -EPERM, ERR_GENERIC, "the resource of guest '%s' is "
                                 "unmanaged or in maintenance", r->name);
}

int release_alone(struct record *r, struct deadline until, struct err *why)
{
    struct guest g = {.record = r, .source = IDENTITY_RECORD};
    int rc = kill_proven(&r->process, KILL_AT_ONCE, until, why);

    if (rc < 0) {
        return rc;
    }
    guest_note_ended(&g);
    return guest_remember(&g, why);
}

int release_frozen(struct record *r, struct deadline until, struct err *why)
{
    struct owners *owners = NULL;
    int rc = owners_keep(r, until, &owners, why);
    struct deadline dead = deadline_part(until, KILL_PERCENT, INT_MAX);

    if (owners && deadline_left_ms(until) - deadline_left_ms(dead) < OWNERS_OUTLAST_MS) {
        rc = err_set(why, -EAGAIN, ERR_GENERIC, "there is no time to wait until libvirt is done "
                     "with the images of guest '%s'", r->name);
    }
    if (rc == 0) {
        rc = release_alone(r, dead, why);
    }
    if (rc == 0) {
        owners_outlast(owners, r, until);
    }
    owners_let_go(owners);
    return rc;
}

void release_announce(const struct record *r, struct deadline until, struct err *why)
{
    _cleanup_free_ char *words = r->incident.evidence.folder ? announce_incident(r) : NULL;

    if (r->resource) {
        announce(r->resource, words, until, why);
    }
}
