/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a guest can be started here and failed over safely, as far as parameters
 * and the config file tell. Owns the warnings; what is a hazard is model/domxml's.
 */
#include "ocf/ocf.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "guard/guestconfig.h"
#include "ocf/health.h"

/* Such a guest is allowed: the administrator may have no other hardware. */
static void warn_of_hazards(const struct ocf_context *c)
{
    const struct domxml *d = c->guest.config;

    if (d->io_uring) {
        log_warning("guest '%s' gets io='native' or 'threads' for its io='io_uring', whose writes "
                    "can reach a disk after QEMU's death", d->name);
    }
    if (c->params.crash_policy != CRASH_FREEZE) {
        return;
    }
    for (size_t i = 0; i < d->hazard_count; i++) {
        log_warning("a crash of guest '%s' will destroy it instead of freezing it, because of "
                    "%s: %s", d->name, d->hazard[i].device, d->hazard[i].why);
    }
}

int ocf_check_single(const struct ocf_context *c)
{
    if (!c->call.clone) {
        return PCMK_OCF_OK;
    }
    return ocf_answer(PCMK_OCF_NOT_CONFIGURED, "resource '%s' is a clone, which would run its "
                      "guest more than once on the same disks: unclone it", c->call.resource);
}

int ocf_check_config(struct ocf_context *c)
{
    _cleanup_free_ char *xml = NULL;
    struct guest *g = &c->guest;
    struct err why = {0};

    if (!g->config && !g->config_error.text[0]) {
        g->params = &c->params;
        guest_read_config(g, c->until);
    }
    if (!g->config) {
        return ocf_fail(&g->config_error);
    }
    /* What a start would refuse is refused here. */
    if (domxml_effective(g->config_text, g->config_size, &c->params, &xml, &why) < 0) {
        return ocf_fail(&why);
    }
    warn_of_hazards(c);
    return health_check(c);
}
