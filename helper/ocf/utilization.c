/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's size, told to the cluster. Owns how long that may take and how loud a failure is;
 * when it is due is model/utilization's.
 */
#include "ocf/ocf.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "sys/stage.h"

enum { TELL_PERCENT = 20, TELL_MOST_MS = 2000 };

struct input {
    const char *resource;
    int64_t due[UTILIZATION_LAST];
};

static int tell_stage(void *shared, const void *input, struct err *why)
{
    const struct input *in = input;

    return cluster_utilization(in->resource, in->due, shared, why);
}

static void log_done(const struct input *in, const struct utilization_done *done)
{
    _cleanup_free_ char *changed = utilization_words(done->changed);
    _cleanup_free_ char *foreign = utilization_words(done->foreign);

    if (*changed) {
        log_notice("utilization of resource '%s' in the cluster: %s", in->resource, changed);
    }
    if (*foreign) {
        log_notice("utilization of resource '%s' in the cluster is left as it is, since a rule or "
                   "other resources have a share in it; the guest has %s", in->resource, foreign);
    }
}

/* Without a cluster, or for a resource that is none, there is nobody to tell. */
static void log_failure(const struct input *in, int rc, const struct err *why)
{
    bool nobody = rc == -ENOTCONN || rc == -ENXIO || rc == -ECONNREFUSED;

    log_line(nobody ? LOG_INFO : LOG_WARNING, "the utilization of resource '%s' is not told to the "
             "cluster: %s", in->resource, why->text);
}

void ocf_tell_utilization(struct ocf_context *c, bool begins)
{
    struct utilization *u = &c->guest.record->utilization;
    struct input in = {.resource = c->call.resource};
    struct utilization_done *done;
    struct err why = {0};
    bool changed;

    /* One that lies frozen here may run elsewhere, and be another size there. */
    if (c->sight.size.vcpus == 0 || c->guest.record->phase != PHASE_RUNNING) {
        return;
    }
    if (begins) {
        *u = (struct utilization) {0};
        c->guest.changed = true;
    }
    if (!utilization_due(u, &c->params, &c->sight.size, clock_mono_us(), in.due, &changed)) {
        c->guest.changed = c->guest.changed || changed;
        return;
    }
    done = stage_memory(sizeof *done);
    int rc = stage_run("telling the cluster the guest's utilization", tell_stage, done, &in,
                       deadline_part(c->until, TELL_PERCENT, TELL_MOST_MS), &why);

    log_done(&in, done);
    stage_memory_free(done, sizeof *done);
    if (rc < 0) {
        log_failure(&in, rc, &why);
        u->failed_mono_us = clock_mono_us();
    }
    /* A library that is not there will not be before the next start. */
    if (rc == 0 || rc == -ELIBACC) {
        utilization_settle(u, in.due);
    }
    c->guest.changed = true;
}
