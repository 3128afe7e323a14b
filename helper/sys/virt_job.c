/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt's job statistics.
 */
#include "sys/virt_job.h"

#include "base/str.h"
#include "sys/stage.h"
#include "sys/virt_internal.h"

static void take(const virTypedParameter *p, const char *field, int64_t *ret)
{
    if (p->type == VIR_TYPED_PARAM_ULLONG && str_eq(p->field, field) &&
        p->value.ul <= INT64_MAX / 2) {
        *ret += (int64_t) p->value.ul;
    }
}

static bool is_migration(const virTypedParameter *p)
{
    return p->type == VIR_TYPED_PARAM_INT && str_eq(p->field, VIR_DOMAIN_JOB_OPERATION) &&
           p->value.i == VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT;
}

/* A dump only has memory; libvirt counts disks apart. */
int virt_job(struct domain *d, struct virt_job *ret, struct err *why)
{
    virTypedParameterPtr params = NULL;
    struct virt_job job = {0};
    int count = 0;
    int type;

    stage_at("virDomainGetJobStats '%s'", d->name);
    if (virt_library()->virDomainGetJobStats(d->dom, &type, &params, &count, 0) < 0) {
        return virt_fail(why, "virDomainGetJobStats", d->name);
    }
    job.runs = type != VIR_DOMAIN_JOB_NONE;
    for (int i = 0; i < count; i++) {
        job.moves = job.moves || is_migration(&params[i]);
        take(&params[i], VIR_DOMAIN_JOB_MEMORY_PROCESSED, &job.done_bytes);
        take(&params[i], VIR_DOMAIN_JOB_DISK_PROCESSED, &job.done_bytes);
        take(&params[i], VIR_DOMAIN_JOB_MEMORY_REMAINING, &job.remaining_bytes);
        take(&params[i], VIR_DOMAIN_JOB_DISK_REMAINING, &job.remaining_bytes);
        take(&params[i], VIR_DOMAIN_JOB_MEMORY_TOTAL, &job.total_bytes);
        take(&params[i], VIR_DOMAIN_JOB_DISK_TOTAL, &job.total_bytes);
    }
    virt_library()->virTypedParamsFree(params, count);
    *ret = job;
    return 0;
}
