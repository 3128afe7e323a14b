/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one question to the target's libvirt, in a stage: its node may be gone.
 */
#include "guard/target.h"

#include <errno.h>
#include <limits.h>

#include "base/cleanup.h"
#include "sys/stage.h"
#include "sys/virt.h"

enum { OPEN_PERCENT = 80 };

struct target_input {
    const struct record *record;
    const char *uri;
    bool end;
    struct deadline until;
};

/* A migration keeps the UUID: another guest of that name is none of ours. */
static int find(struct virt *v, const struct record *r, struct domain **ret, struct err *why)
{
    return r->uuid ? virt_find(v, r->uuid, NULL, ret, why) : virt_find(v, NULL, r->name, ret, why);
}

static int target_stage(void *shared, const void *input, struct err *why)
{
    const struct target_input *in = input;
    struct target_seen *seen = shared;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = virt_open(in->uri, deadline_part(in->until, OPEN_PERCENT, INT_MAX), &v, why);

    if (rc == 0) {
        rc = find(v, in->record, &d, why);
        seen->answer = rc == -ENOENT ? LIBVIRT_NOT_FOUND : LIBVIRT_SILENT;
    }
    if (rc == 0) {
        rc = virt_state(d, &seen->state, &seen->reason, why);
    }
    if (rc < 0) {
        return rc;
    }
    seen->answer = LIBVIRT_KNOWS;
    if (in->end && migration_target(seen->answer, seen->state, seen->reason) == GUEST_END_STANDS) {
        rc = virt_destroy(d, why);
    }
    return rc;
}

/* An answer that comes too late to be whole is none. */
int target_ask(const struct record *r, const char *uri, bool end, struct deadline until,
               struct target_seen *ret, struct err *why)
{
    struct target_input in = {.record = r, .uri = uri, .end = end, .until = until};
    struct target_seen *seen = stage_memory(sizeof *seen);
    int rc = stage_run("asking the target", target_stage, seen, &in, until, why);

    *ret = *seen;
    stage_memory_free(seen, sizeof *seen);
    if (rc < 0 && rc != -ENOENT) {
        ret->answer = LIBVIRT_SILENT;
    }
    ret->guest = migration_target(ret->answer, ret->state, ret->reason);
    return rc;
}
