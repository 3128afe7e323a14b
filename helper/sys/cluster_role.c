/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A resource's target-role and its failures, by Pacemaker's own tool, which knows where in the
 * configuration they belong (groups, templates, defaults).
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/cluster.h"
#include "sys/program.h"

enum { NAME_BYTES = 1024 };

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

/* Its output without the line's end. */
static int node_name(struct deadline until, char **ret, struct err *why)
{
    _cleanup_free_ char *tool = program_find("crm_node");
    char *const words[] = {tool, (char *) "--name", NULL};
    struct program *p = NULL;
    int rc;

    if (!tool) {
        return err_set(why, -ENOTCONN, ERR_GENERIC, "crm_node is not installed");
    }
    rc = program_start(words, NAME_BYTES, until, &p, why);
    if (rc == 0) {
        rc = program_wait(&p, ret, why);
    }
    if (rc >= 0 && *ret) {
        (*ret)[strcspn(*ret, "\n")] = '\0';
    }
    return rc > 0 ? program_judge("crm_node", rc, why) : rc;
}

int cluster_clean_up(const char *resource, struct deadline until, struct err *why)
{
    _cleanup_free_ char *tool = program_find("crm_resource");
    _cleanup_free_ char *node = NULL;
    int rc = node_name(until, &node, why);

    if (rc < 0 || !tool) {
        return rc < 0 ? rc : -ENOTCONN;
    }
    _cleanup_free_ char *resource_word = str_printf("--resource=%s", resource);
    _cleanup_free_ char *node_word = str_printf("--node=%s", node);
    char *const words[] = {tool, (char *) "--cleanup", resource_word, node_word, NULL};

    rc = program_run(words, until, why);
    return rc < 0 ? err_prefix(why, rc, "cleaning up resource '%s'", resource) : 0;
}
