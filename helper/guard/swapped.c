/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The config file was swapped for another guest's. Owns who the resource's guest is then, and
 * what has to be known of the other one; what an action makes of it is ocf/'s.
 */
#include "guard/swapped.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/scan.h"
#include "guard/verify.h"
#include "sys/proc.h"
#include "sys/statedir.h"

/* Shares of the caller's deadline. */
enum {
    SWAP_PERCENT = 30, SWAP_MOST_MS = 5000,
    VERIFY_PERCENT = 60, VERIFY_MOST_MS = 10000
};

/* True also when in doubt. */
static bool lives(const struct record *r, struct deadline until)
{
    struct scan_result found = {0};
    struct err ignored = {0};

    if (proc_state(&r->process) == PROCESS_ALIVE) {
        return true;
    }
    if (scan_guest(r->name, r->uuid, deadline_part(until, SWAP_PERCENT, SWAP_MOST_MS), &found,
                   &ignored) < 0) {
        return true;
    }
    return found.found;
}

/* A stop ends what runs; what lies frozen stays, and only its owner can decide to lose it. */
static int way_out(struct guest *g, const struct record *old)
{
    if (old->phase == PHASE_FROZEN) {
        return err_set(&g->config_error, -EEXIST, ERR_INSTALLED, "config='%s' names guest '%s', "
                       "but this node still holds '%s', which this resource has run, frozen since "
                       "its crash; examine its memory, then run: guardedvm release %s",
                       g->params->config, g->config->name, old->name, old->name);
    }
    return err_set(&g->config_error, -EEXIST, ERR_GENERIC, "config='%s' names guest '%s', but "
                   "'%s', which this resource has run on this node, still lives: stop the "
                   "resource first", g->params->config, g->config->name, old->name);
}

void guest_take_old(struct guest *g, struct record *old, struct deadline until)
{
    if (str_eq(old->name, g->config->name)) {
        record_free(old);
        return;
    }
    if (!lives(old, until)) {
        g->superseded = str_dup(old->name);
        record_free(old);
        return;
    }
    /* A file that was swapped under a guest that lives must not make it "stopped". */
    g->config_errno = way_out(g, old);
    g->named = g->config;
    g->config = NULL;
    record_free(g->record);
    g->record = old;
    g->recorded = true;
    g->source = IDENTITY_RECORD;
}

static bool frozen_and_proven(const char *name, const struct process_id *id,
                              struct deadline until)
{
    _cleanup_record_ struct record *r = NULL;
    struct err ignored = {0};

    return statedir_load(name, &r, &ignored) == 0 && r->phase == PHASE_FROZEN &&
           process_same(&r->process, id) &&
           verify_guest(r, deadline_part(until, VERIFY_PERCENT, VERIFY_MOST_MS), &ignored) == 0;
}

int guest_named_is_harmless(const struct guest *g, struct deadline until, struct err *why)
{
    struct scan_result found = {0};
    int rc;

    if (!g->named) {
        return 0;
    }
    rc = scan_guest(g->named->name, g->named->uuid,
                    deadline_part(until, SWAP_PERCENT, SWAP_MOST_MS), &found, why);
    if (rc < 0) {
        return err_prefix(why, rc, "whether guest '%s', which config='%s' names, runs here",
                          g->named->name, g->params->config);
    }
    if (!found.found || frozen_and_proven(g->named->name, &found.id, until)) {
        return 0;
    }
    return err_set(why, -EEXIST, ERR_GENERIC, "guest '%s', which config='%s' names, runs here in "
                   "process %d, though this resource has run '%s': it has to be ended by hand",
                   g->named->name, g->params->config, (int) found.id.pid, g->record->name);
}
