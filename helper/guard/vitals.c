/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The looks at a guest's pulse. Counted first, asked last: an agent that does not answer takes all
 * of the time that it is given.
 */
#include "guard/vitals.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/ask.h"
#include "guard/evidence.h"
#include "model/qmptext.h"
#include "sys/evidencedir.h"
#include "sys/proc.h"
#include "sys/qmp.h"
#include "sys/stage.h"

enum { PING_S = 3, OPEN_PERCENT = 50 };

struct look_input {
    const struct record *record;
    bool ask;
    struct deadline until;
};

struct look_view {
    struct pulse_look look;
    bool asking; /* the agent's answer is waited for */
};

static int count(const struct record *r, struct domain *d, struct activity *ret, struct err *why)
{
    struct json_object *stats = NULL;
    struct proc_vcpus vcpus;
    uint64_t disk_ops = 0;
    int rc = proc_vcpu_activity(r->process.pid, &vcpus, why);

    if (rc == 0) {
        rc = qmp_run(d, "query-blockstats", NULL, &stats, why);
    }
    if (rc == 0) {
        rc = qmptext_disk_operations(stats, &disk_ops, why);
        json_object_put(stats);
    }
    if (rc == 0) {
        *ret = (struct activity) {
            .counted = true, .asleep = vcpus.asleep, .run_us = vcpus.run_us,
            .wakeups = vcpus.wakeups, .disk_ops = disk_ops,
        };
    }
    return rc;
}

static enum agent_answer answer_of(int rc)
{
    return rc == 0 ? AGENT_ANSWERS : rc == -ENODEV ? AGENT_NONE
         : rc == -ETIMEDOUT ? AGENT_SILENT : AGENT_UNKNOWN;
}

static int look_stage(void *shared, const void *input, struct err *why)
{
    const struct look_input *in = input;
    struct look_view *view = shared;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = guest_reach(in->record, deadline_part(in->until, OPEN_PERCENT, INT_MAX), &v, &d, why);

    if (rc < 0) {
        return rc;
    }
    rc = count(in->record, d, &view->look.activity, why);
    if (in->ask) {
        view->asking = true;
        view->look.agent = answer_of(virt_agent_ping(d, PING_S, why));
        view->asking = false;
    }
    return rc;
}

static void look(const struct look_input *in, struct pulse_look *ret, struct err *why)
{
    struct look_view *view = stage_memory(sizeof *view);

    stage_run("taking the guest's pulse", look_stage, view, in, in->until, why);
    *ret = view->look;
    if (view->asking) {
        ret->agent = AGENT_SILENT; /* libvirt itself had just answered */
    }
    stage_memory_free(view, sizeof *view);
}

void vitals_look(const struct record *r, struct deadline until, struct pulse_look *ret,
                 struct err *why)
{
    look(&(struct look_input) {.record = r, .ask = true, .until = until}, ret, why);
}

void vitals_count(const struct record *r, struct deadline until, struct activity *ret)
{
    struct pulse_look found;
    struct err ignored = {0};

    look(&(struct look_input) {.record = r, .until = until}, &found, &ignored);
    *ret = found.activity;
}

struct screen_input {
    const struct record *record;
    const char *base;
    int64_t keep;
    struct deadline until;
};

static int screen_stage(void *shared, const void *input, struct err *why)
{
    const struct screen_input *in = input;
    const struct record *r = in->record;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    _cleanup_free_ char *folder = NULL;
    int rc = evidencedir_make(in->base, r->name, r->incident.seen_wall_ms, &folder, why);

    if (rc == 0) {
        snprintf(shared, PATH_MAX, "%s", folder);
        rc = guest_reach(r, deadline_part(in->until, OPEN_PERCENT, INT_MAX), &v, &d, why);
    }
    if (rc == 0) {
        rc = evidence_screen(v, d, folder, why);
    }
    return rc < 0 ? rc : evidencedir_prune(folder, in->keep, why);
}

int vitals_keep_screen(struct record *r, const struct params *policy, struct deadline until,
                       struct err *why)
{
    struct screen_input in = {
        .record = r, .base = policy->dump_dir ? policy->dump_dir : GVM_EVIDENCEDIR,
        .keep = policy->dump_keep, .until = until
    };
    char *folder = stage_memory(PATH_MAX);
    int rc = stage_run("keeping the guest's screen", screen_stage, folder, &in, until, why);

    if (folder[0]) {
        free(r->incident.evidence.folder);
        r->incident.evidence.folder = str_dup(folder);
    }
    stage_memory_free(folder, PATH_MAX);
    return rc;
}
