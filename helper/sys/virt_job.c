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
    for (int i = 0; i < count; i++) {
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
