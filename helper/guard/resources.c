/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One stage that brings up, one after the other, what a guest uses. What a domain names is
 * model/domxml_resources'; the calls are sys/virt_resource's.
 */
#include "guard/resources.h"

#include "sys/stage.h"
#include "sys/virt_resource.h"

enum { OPEN_PERCENT = 60, OPEN_MOST_MS = 30 * 1000 };

struct resources_input {
    const char *uri;
    const struct domxml *domain;
    struct deadline until;
};

static int start_all(struct virt *v, const struct domxml *d, struct err *why)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < d->pool_count; i++) {
        rc = virt_pool_start(v, d->pool[i], why);
    }
    for (size_t i = 0; rc == 0 && i < d->network_count; i++) {
        rc = virt_network_start(v, d->network[i], why);
    }
    return rc;
}

static int resources_stage(void *shared, const void *input, struct err *why)
{
    const struct resources_input *in = input;
    _cleanup_virt_ struct virt *v = NULL;
    int rc = virt_open(in->uri, deadline_part(in->until, OPEN_PERCENT, OPEN_MOST_MS), &v, why);

    (void) shared;
    if (rc < 0) {
        return rc;
    }
    rc = start_all(v, in->domain, why);
    return rc < 0 ? err_prefix(why, rc, "start_resources at %s", in->uri) : 0;
}

int resources_start(const char *uri, const struct domxml *d, struct deadline until,
                    struct err *why)
{
    struct resources_input in = {.uri = uri, .domain = d, .until = until};

    if (d->pool_count == 0 && d->network_count == 0) {
        return 0;
    }
    return stage_run("starting pools and networks", resources_stage, NULL, &in, until, why);
}
