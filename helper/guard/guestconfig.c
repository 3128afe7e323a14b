/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's config file: read in a stage, since it may lie on dead storage, and
 * parsed here. Owns what an unusable file means.
 */
#include "guard/guestconfig.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/configfile.h"
#include "sys/stage.h"

/* Share of the caller's deadline: a dead file server may not eat all of it. */
enum { CONFIG_PERCENT = 30, CONFIG_MOST_MS = 5000 };

struct config_view {
    size_t size;
    char text[DOMXML_MAX_BYTES];
};

static int config_stage(void *shared, const void *input, struct err *why)
{
    struct config_view *view = shared;
    _cleanup_free_ char *text = NULL;
    size_t size = 0;
    int rc = configfile_read(input, sizeof view->text, &text, &size, why);

    if (rc == 0) {
        memcpy(view->text, text, size);
        view->size = size;
    }
    return rc;
}

static int config_fetch(struct guest *g, struct deadline until, struct err *why)
{
    struct config_view *view = stage_memory(sizeof *view);
    int rc = stage_run("reading the config", config_stage, view, g->params->config,
                       deadline_part(until, CONFIG_PERCENT, CONFIG_MOST_MS), why);

    if (rc == 0) {
        g->config_size = view->size;
        g->config_text = mem_zero(view->size + 1, 1);
        memcpy(g->config_text, view->text, view->size);
    }
    stage_memory_free(view, sizeof *view);
    return rc;
}

/* What is wrong with a file is wrong on this node: another may have a good copy,
 * so a bad file is never reported as wrong everywhere. */
void guest_read_config(struct guest *g, struct deadline until)
{
    struct err *why = &g->config_error;
    int rc;

    if (!g->params->config) {
        g->config_errno = err_set(why, -EINVAL, ERR_CONFIGURED, "config is not set");
        return;
    }
    rc = config_fetch(g, until, why);
    if (rc == 0) {
        rc = domxml_parse(g->config_text, g->config_size, &g->config, why);
        if (rc < 0) {
            err_prefix(why, rc, "config='%s'", g->params->config);
        }
    }
    if (rc < 0) {
        why->kind = ERR_INSTALLED;
    }
    g->config_errno = rc;
}
