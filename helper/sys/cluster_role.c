/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A resource's target-role, by Pacemaker's own tool, which knows where in the configuration it
 * belongs (groups, templates, defaults).
 */
#include <errno.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/cluster.h"
#include "sys/program.h"

int cluster_stop_resource(const char *resource, struct deadline until, struct err *why)
{
    _cleanup_free_ char *tool = program_find("crm_resource");
    _cleanup_free_ char *name = str_printf("--resource=%s", resource);
    char *const words[] = {
        tool, name, (char *) "--meta", (char *) "--set-parameter=target-role",
        (char *) "--parameter-value=Stopped", NULL
    };
    int rc;

    if (!tool) {
        return err_set(why, -ENOTCONN, ERR_GENERIC, "crm_resource is not installed");
    }
    rc = program_run(words, until, why);
    return rc < 0 ? err_prefix(why, rc, "target-role of resource '%s'", resource) : 0;
}
