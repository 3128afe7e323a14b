/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is meant: the config file names the guest, and the record keeps the name
 * for the day when the file is gone, garbled or swapped. Owns what is remembered
 * of an identity; what the guest is in now is observe.c's business.
 */
#include "guard/observe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/guestconfig.h"
#include "guard/swapped.h"
#include "model/incident.h"
#include "sys/proc.h"
#include "sys/statedir.h"

static bool set_text(char **field, const char *value)
{
    if (str_eq(*field, value)) {
        return false;
    }
    free(*field);
    *field = str_dup(value);
    return true;
}

/* One whose evidence is kept stays known until the guest runs here again. */
static void forget_incident(struct record *r)
{
    struct err ignored = {0};

    if (!r->incident.evidence.folder ||
        incident_step(&r->incident, STEP_ENDED, clock_wall_ms(), clock_mono_us(),
                      &ignored) < 0) {
        record_clear_incident(r);
    }
}

void guest_note_ended(struct guest *g)
{
    struct record *r = g->record;

    record_clear_devices(r);
    r->phase = PHASE_KNOWN;
    r->process = (struct process_id) {0};
    r->started_wall_ms = 0;
    r->watchdog_fired = 0;
    r->utilization = (struct utilization) {0};
    r->config_sums = (struct config_sums) {0};
    r->pulse = (struct pulse) {0};
    forget_incident(r);
    g->changed = true;
}

void guest_note_running(struct guest *g)
{
    struct record *r = g->record;

    if (r->phase == PHASE_RUNNING) {
        return;
    }
    record_clear_incident(r);
    r->ending = (struct ending) {.by = ENDED_BY_UNKNOWN};
    r->pulse = (struct pulse) {0};
    r->phase = PHASE_RUNNING;
    if (r->started_wall_ms == 0) {
        r->started_wall_ms = clock_wall_ms();
    }
    g->changed = true;
}

/* A process of another boot is dead, whatever its numbers say now. */
static void forget_other_boot(struct guest *g)
{
    _cleanup_free_ char *boot = NULL;
    struct err ignored = {0};

    if (proc_boot_id(&boot, &ignored) < 0) {
        return; /* the numbers are then compared with the processes of this boot */
    }
    if (g->recorded && g->record->boot_id && !str_eq(g->record->boot_id, boot)) {
        guest_note_ended(g);
    }
    g->changed |= set_text(&g->record->boot_id, boot);
}

static int load_by_config(struct guest *g, struct deadline until, struct err *why)
{
    struct record *r = NULL;
    struct record *old = NULL;
    int rc = statedir_load(g->config->name, &r, why);

    g->source = IDENTITY_CONFIG;
    g->recorded = rc == 0;
    g->record = r ? r : record_new();
    if (rc == -EBADMSG) {
        /* The processes are looked for by UUID and name then: nothing is believed dead
         * for want of a record. */
        g->record_error = *why;
        return 0;
    }
    if (rc < 0 && rc != -ENOENT) {
        return rc;
    }
    if (rc == 0 && str_eq(r->resource, g->resource)) {
        return 0;
    }
    rc = statedir_find_resource(g->resource, &old, why);
    if (rc == 0) {
        guest_take_old(g, old, until);
    } else if (rc == -EBADMSG) {
        g->record_error = *why;
    } else if (rc != -ENOENT) {
        return rc;
    }
    return 0;
}

static int load_by_resource(struct guest *g, struct err *why)
{
    struct err also = {0};
    int rc = statedir_find_resource(g->resource, &g->record, why);

    /* A resource that was given another name meanwhile: its guest may run. */
    if (rc == -ENOENT && g->params->config) {
        rc = statedir_find_config(g->params->config, &g->record, &also);
        *why = rc < 0 && rc != -ENOENT ? also : *why;
    }
    if (rc == 0) {
        g->source = IDENTITY_RECORD;
        g->recorded = true;
        return 0;
    }
    g->record = record_new();
    g->source = IDENTITY_NONE;
    return rc == -ENOENT ? 0 : err_prefix(why, rc, "%s; and", g->config_error.text);
}

static void take_config(struct guest *g)
{
    struct record *r = g->record;

    g->changed |= set_text(&r->name, g->config->name);
    /* A guest that lives has the UUID it was started with, whatever was edited since. */
    if (g->config->uuid && r->phase == PHASE_KNOWN) {
        g->changed |= set_text(&r->uuid, g->config->uuid);
    }
    g->changed |= set_text(&r->config, g->params->config);
    if (r->memory_kib != g->config->memory_kib) {
        r->memory_kib = g->config->memory_kib;
        g->changed = true;
    }
}

static int load(struct guest *g, struct deadline until, struct err *why)
{
    int rc = g->config ? load_by_config(g, until, why) : load_by_resource(g, why);

    if (rc < 0) {
        return rc;
    }
    g->loaded_phase = g->record->phase;
    g->loaded_process = g->record->process;
    g->loaded_mark = guest_mark(g->record);
    forget_other_boot(g);
    if (g->source == IDENTITY_CONFIG) {
        take_config(g);
    }
    if (g->source != IDENTITY_NONE) {
        g->changed |= set_text(&g->record->resource, g->resource);
        g->changed |= set_text(&g->record->uri, g->params->hypervisor);
    }
    return 0;
}

int guest_identify(struct guest *g, const struct params *params, const char *resource,
                   struct deadline until, struct err *why)
{
    int rc;

    memset(g, 0, sizeof *g);
    g->params = params;
    snprintf(g->resource, sizeof g->resource, "%s", resource);
    guest_read_config(g, until);
    rc = load(g, until, why);
    if (rc < 0) {
        guest_release(g);
    }
    return rc;
}

void guest_release(struct guest *g)
{
    free(g->config_text);
    free(g->superseded);
    domxml_free(g->config);
    domxml_free(g->named);
    record_free(g->record);
    memset(g, 0, sizeof *g);
}
