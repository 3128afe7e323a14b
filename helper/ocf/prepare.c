/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pools, networks and overlay before a start: the shares of the time, and what is logged.
 */
#include "ocf/prepare.h"

#include "base/log.h"
#include "guard/overlay.h"
#include "guard/resources.h"

enum {
    RESOURCES_PERCENT = 40, OVERLAY_PERCENT = 40, COPY_PERCENT = 70,
    MOST_MS = 24 * 3600 * 1000
};

int prepare_resources(struct ocf_context *c, struct err *why)
{
    if (!c->params.start_resources) {
        return 0;
    }
    return resources_start(c->params.hypervisor, c->guest.config,
                           deadline_part(c->until, RESOURCES_PERCENT, MOST_MS), why);
}

int prepare_overlay(struct ocf_context *c, struct err *why)
{
    int percent = c->params.copyindirs ? COPY_PERCENT : OVERLAY_PERCENT;
    int rc = overlay_prepare(&c->params, c->guest.config,
                             deadline_part(c->until, percent, MOST_MS), why);

    if (rc == 1) {
        log_notice("made the disk of guest '%s' anew over backingfile='%s'",
                   c->guest.record->name, c->params.backingfile);
    }
    return rc < 0 ? rc : 0;
}
