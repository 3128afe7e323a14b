/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a guest can be started here and failed over safely, as far as parameters
 * and the config file tell. Owns the warnings; what is a hazard is model/domxml's.
 */
#include "ocf/ocf.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "guard/guestconfig.h"
#include "model/migrateopts.h"
#include "model/overlay.h"
#include "ocf/health.h"
#include "ocf/saving.h"
#include "sys/program.h"

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

/* Each fails, or is logged, when it is needed; known before, it is easier to mend. */
static void warn_of_tools(const struct ocf_context *c)
{
    const struct { const char *tool, *parameter; bool wanted; } needs[] = {
        {"qemu-img", "backingfile", c->params.backingfile},
        {"virt-copy-in", "copyindirs", c->params.backingfile && c->params.copyindirs},
        {"csync2", "sync_config_on_stop", c->params.sync_config_on_stop},
    };

    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        _cleanup_free_ char *path = needs[i].wanted ? program_find(needs[i].tool) : NULL;

        if (needs[i].wanted && !path) {
            log_warning("%s, which %s needs, is not installed", needs[i].tool,
                        needs[i].parameter);
        }
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
    _cleanup_migrateopts_ struct migrate_options options = {0};
    const struct domxml_disk *overlay;
    int code;
    struct guest *g = &c->guest;
    struct err why = {0};

    if (!g->config && !g->config_error.text[0]) {
        g->params = &c->params;
        guest_read_config(g, c->until);
    }
    if (!g->config) {
        return ocf_fail(&g->config_error);
    }
    if (migrateopts_parse(c->params.migrate_options, &options, &why) < 0) {
        return ocf_fail(&why);
    }
    /* What a start would refuse is refused here. */
    if (domxml_effective(g->config_text, g->config_size, &c->params, &xml, &why) < 0 ||
        (c->params.backingfile &&
         overlay_disk(c->params.config, g->config, &overlay, &why) < 0)) {
        return ocf_fail(&why);
    }
    warn_of_hazards(c);
    warn_of_tools(c);
    code = saving_check(c);
    return code == PCMK_OCF_OK ? health_check(c) : code;
}
