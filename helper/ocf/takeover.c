/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that runs and that nobody of us has started, as when its resource was VirtualDomain's
 * until now, or an administrator started it: what can still be given to it of what a start gives.
 */
#include "ocf/ocf.h"

#include "base/log.h"
#include "guard/ask.h"

enum { ASK_PERCENT = 30, ASK_MOST_MS = 5000 };

static int ask(const struct ocf_context *c, enum ask what, struct err *why)
{
    return guest_ask(c->guest.record, what, deadline_part(c->until, ASK_PERCENT, ASK_MOST_MS), why);
}

void ocf_take_over(struct ocf_context *c)
{
    const struct record *r = c->guest.record;
    struct err why = {0};
    int rc;

    if (r->phase != PHASE_KNOWN) {
        return;
    }
    /* libvirt's default would end a guest that crashes, and its memory with it. */
    rc = ask(c, ASK_PRESERVE, &why);
    if (rc == 0 && c->params.panic_grace_s > 0) {
        rc = ask(c, ASK_PANIC_RUNS, &why);
    }
    if (rc < 0) {
        log_warning("guest '%s' was started by others, and its first crash may lose its memory: "
                    "%s", r->name, why.text);
    } else {
        log_notice("guest '%s' was started by others, and is this resource's now: until it ends, a "
                   "crash keeps its memory (on_crash=preserve)", r->name);
    }
}
