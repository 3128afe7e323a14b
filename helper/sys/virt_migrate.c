/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The calls of a live migration, and how far it is.
 */
#include "sys/virt_migrate.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "sys/stage.h"
#include "sys/virt_internal.h"

/* The texts stay the options'. */
static void fill(virTypedParameterPtr to, const struct migrate_param *from)
{
    snprintf(to->field, sizeof to->field, "%s", from->field);
    switch (from->type) {
    case MIGRATE_TEXT:
        to->type = VIR_TYPED_PARAM_STRING;
        to->value.s = from->text;
        break;
    case MIGRATE_INT:
        to->type = VIR_TYPED_PARAM_INT;
        to->value.i = (int) from->number;
        break;
    case MIGRATE_ULLONG:
        to->type = VIR_TYPED_PARAM_ULLONG;
        to->value.ul = (unsigned long long) from->number;
        break;
    }
}

static int by_client(struct domain *d, struct virt *target, virTypedParameterPtr params,
                     unsigned count, unsigned flags, struct err *why)
{
    virDomainPtr there;

    stage_at("virDomainMigrate3 '%s'", d->name);
    there = virt_library()->virDomainMigrate3(d->dom, target->conn, params, count, flags);
    if (!there) {
        return virt_fail(why, "virDomainMigrate3", d->name);
    }
    virt_library()->virDomainFree(there);
    return 0;
}

static int by_source(struct domain *d, const char *uri, virTypedParameterPtr params,
                     unsigned count, unsigned flags, struct err *why)
{
    stage_at("virDomainMigrateToURI3 '%s'", d->name);
    return virt_library()->virDomainMigrateToURI3(d->dom, uri, params, count, flags) < 0
               ? virt_fail(why, "virDomainMigrateToURI3", d->name)
               : 0;
}

int virt_migrate(struct domain *d, struct virt *target, const char *target_uri,
                 const struct migrate_options *o, struct err *why)
{
    virTypedParameterPtr params = mem_zero(o->param_count + 1, sizeof *params);
    unsigned count = (unsigned) o->param_count;
    int rc;

    for (size_t i = 0; i < o->param_count; i++) {
        fill(&params[i], &o->param[i]);
    }
    rc = o->flags & VIR_MIGRATE_PEER2PEER
             ? by_source(d, target_uri, params, count, o->flags, why)
             : by_client(d, target, params, count, o->flags, why);
    free(params);
    return rc;
}

int virt_migrate_downtime(struct domain *d, int64_t ms, struct err *why)
{
    stage_at("virDomainMigrateSetMaxDowntime '%s'", d->name);
    return virt_library()->virDomainMigrateSetMaxDowntime(d->dom, (unsigned long long) ms, 0) < 0
               ? virt_fail(why, "virDomainMigrateSetMaxDowntime", d->name)
               : 0;
}

int virt_migrate_postcopy(struct domain *d, struct err *why)
{
    stage_at("virDomainMigrateStartPostCopy '%s'", d->name);
    return virt_library()->virDomainMigrateStartPostCopy(d->dom, 0) < 0
               ? virt_fail(why, "virDomainMigrateStartPostCopy", d->name)
               : 0;
}
