/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When a running guest's XML is written back into its config. The order is what makes it safe
 * against a kill: the record says first what the file is about to become.
 */
#include "ocf/saveconfig.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "guard/saveconfig.h"
#include "sys/program.h"

/* A stop has better uses for its time than a libvirt or a file system that hangs. */
enum {
    FETCH_PERCENT = 10, FETCH_MOST_MS = 5000, WRITE_PERCENT = 10, WRITE_MOST_MS = 5000,
    SYNC_PERCENT = 20, SYNC_MOST_MS = 20 * 1000
};

/* Only of a guest that was let run, whose config is its own and was read. */
static bool is_wanted(const struct ocf_context *c)
{
    const struct guest *g = &c->guest;

    return c->params.save_config_on_stop && g->config && !g->named &&
           g->record->phase == PHASE_RUNNING && str_eq(g->config->name, g->record->name);
}

static int fetch(struct ocf_context *c, char **ret_text, uint64_t *ret_sum)
{
    struct err why = {0};
    int rc = saveconfig_fetch(&c->guest, deadline_part(c->until, FETCH_PERCENT, FETCH_MOST_MS),
                              ret_text, &why);

    if (rc < 0) {
        log_warning("the running guest '%s' is not saved to its config: %s",
                    c->guest.record->name, why.text);
        return rc;
    }
    *ret_sum = config_sum(*ret_text, strlen(*ret_text));
    return 0;
}

void config_note(struct ocf_context *c)
{
    struct config_sums *sums = &c->guest.record->config_sums;
    _cleanup_free_ char *text = NULL;
    struct err ignored = {0};
    uint64_t now = 0;

    if (sums->file != 0 || !c->guest.config) {
        return; /* noted when this guest came to run */
    }
    sums->file = config_sum(c->guest.config_text, c->guest.config_size);
    if (is_wanted(c) && fetch(c, &text, &now) == 0) {
        sums->domain = now;
    }
    c->guest.changed = true;
    ocf_remember(c, &ignored);
}

static void sync_nodes(struct ocf_context *c)
{
    _cleanup_free_ char *csync2 = program_find("csync2");
    char *const words[] = {csync2, (char *) "-x", c->params.config, NULL};
    struct err why = {0};
    int rc;

    if (!csync2) {
        log_warning("config='%s' is not copied to the other nodes: csync2, which "
                    "sync_config_on_stop needs, is not installed", c->params.config);
        return;
    }
    rc = program_run(words, deadline_part(c->until, SYNC_PERCENT, SYNC_MOST_MS), &why);
    rc = rc < 0 ? rc : program_judge(csync2, rc, &why);
    if (rc < 0) {
        log_warning("config='%s' is not copied to the other nodes: %s", c->params.config,
                    why.text);
    } else {
        log_notice("config='%s' is copied to the other nodes", c->params.config);
    }
}

static void write_config(struct ocf_context *c, const char *text, config_keep keep)
{
    struct err why = {0};
    int rc;

    c->guest.changed = true;
    rc = keep(&c->guest, &why);
    if (rc == 0) {
        rc = saveconfig_write(&c->guest, text,
                              deadline_part(c->until, WRITE_PERCENT, WRITE_MOST_MS), &why);
    }
    if (rc < 0) {
        log_warning("the running guest '%s' is not saved to its config: %s",
                    c->guest.record->name, why.text);
        return;
    }
    log_notice("what was changed of the running guest '%s' is saved in config='%s'%s",
               c->guest.record->name, c->params.config,
               c->params.sync_config_on_stop ? "" : "; see to it that all nodes have it");
    if (c->params.sync_config_on_stop) {
        sync_nodes(c);
    }
}

void config_save(struct ocf_context *c, config_keep keep)
{
    _cleanup_free_ char *text = NULL;
    struct err ignored = {0};
    uint64_t file;
    uint64_t now;

    if (!is_wanted(c)) {
        return;
    }
    if (c->sight.seen.libvirt != LIBVIRT_KNOWS) {
        log_warning("the running guest '%s' is not saved to its config: libvirt does not tell "
                    "about it", c->guest.record->name);
        return;
    }
    if (fetch(c, &text, &now) < 0) {
        return;
    }
    file = config_sum(c->guest.config_text, c->guest.config_size);
    switch (config_judge(&c->guest.record->config_sums, file, now)) {
    case CONFIG_SAME:
        return;
    case CONFIG_NOTED:
        c->guest.changed = true;
        keep(&c->guest, &ignored);
        return;
    case CONFIG_EDITED:
        log_warning("config='%s' was edited since guest '%s' was started from it: it is left as "
                    "it is, and what was changed of the running guest is not saved",
                    c->params.config, c->guest.record->name);
        return;
    case CONFIG_CHANGED:
        write_config(c, text, keep);
        return;
    }
}
