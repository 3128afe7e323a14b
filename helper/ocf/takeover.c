/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that runs, and that no start of ours has brought to an end: it was VirtualDomain's until
 * now, an administrator started it, or a start was killed. What a start does can still be done.
 */
#include "ocf/ocf.h"

#include "base/log.h"
#include "guard/ask.h"
#include "ocf/saving.h"

enum { ASK_PERCENT = 30, ASK_MOST_MS = 5000 };

static int ask(const struct ocf_context *c, enum ask what, struct err *why)
{
    return guest_ask(c->guest.record, what, deadline_part(c->until, ASK_PERCENT, ASK_MOST_MS), why);
}

/* libvirt's default would end a guest that crashes, and its memory with it. */
static void keep_when_it_crashes(const struct ocf_context *c)
{
    const char *name = c->guest.record->name;
    struct err why = {0};
    int rc = ask(c, ASK_PRESERVE, &why);

    if (rc == 0 && c->params.panic_grace_s > 0) {
        rc = ask(c, ASK_PANIC_RUNS, &why);
    }
    if (rc < 0) {
        log_warning("guest '%s' was started by others, and its first crash may lose its memory: "
                    "%s", name, why.text);
    } else {
        log_notice("guest '%s' was started by others, and is this resource's now: until it ends, a "
                   "crash keeps its memory (on_crash=preserve)", name);
    }
}

void ocf_take_over(struct ocf_context *c)
{
    struct err why = {0};

    if (c->guest.record->phase == PHASE_RUNNING) {
        return;
    }
    /* It is older than what the guest writes from now on. */
    if (saving_spend(c, &why) < 0) {
        log_warning("%s", why.text);
    }
    if (c->guest.record->phase == PHASE_KNOWN) {
        keep_when_it_crashes(c);
    }
}
