/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A resource's target-role, parameters and failures, by Pacemaker's own tool, which knows where
 * in the configuration they belong (groups, templates, defaults).
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/cluster.h"
#include "sys/program.h"

enum { LINE_BYTES = 64 * 1024 };

static const char resource_tool[] = "crm_resource";

/* words[0] is the tool, NULL where it is not installed; one that fails is an error. *ret, where it
 * is wanted (else NULL), is its output without the line's end, and the caller's, whatever comes. */
static int run(const char *name, char *const words[], struct deadline until, char **ret,
               struct err *why)
{
    struct program *p = NULL;
    int rc;

    if (!words[0]) {
        return err_set(why, -ENOTCONN, ERR_GENERIC, "%s is not installed", name);
    }
    rc = program_start(words, ret ? LINE_BYTES : 0, until, &p, why);
    if (rc == 0) {
        rc = program_wait(&p, ret, why);
    }
    if (rc >= 0 && ret) {
        (*ret)[strcspn(*ret, "\n")] = '\0';
    }
    return rc > 0 ? program_judge(name, rc, why) : rc;
}

int cluster_stop_resource(const char *resource, struct deadline until, struct err *why)
{
    _cleanup_free_ char *tool = program_find(resource_tool);
    _cleanup_free_ char *name = str_printf("--resource=%s", resource);
    char *const words[] = {
        tool, name, (char *) "--meta", (char *) "--set-parameter=target-role",
        (char *) "--parameter-value=Stopped", NULL
    };
    int rc = run(resource_tool, words, until, NULL, why);

    return rc < 0 ? err_prefix(why, rc, "target-role of resource '%s'", resource) : 0;
}

static int node_name(struct deadline until, char **ret, struct err *why)
{
    _cleanup_free_ char *tool = program_find("crm_node");
    char *const words[] = {tool, (char *) "--name", NULL};

    return run("crm_node", words, until, ret, why);
}

int cluster_parameter(const char *resource, const char *name, struct deadline until, char **ret,
                      struct err *why)
{
    _cleanup_free_ char *tool = program_find(resource_tool);
    _cleanup_free_ char *resource_word = str_printf("--resource=%s", resource);
    _cleanup_free_ char *name_word = str_printf("--get-parameter=%s", name);
    _cleanup_free_ char *value = NULL;
    char *const words[] = {tool, resource_word, name_word, NULL};
    int rc = run(resource_tool, words, until, &value, why);

    if (rc == 0) {
        *ret = value;
        value = NULL;
    }
    return rc;
}

int cluster_clean_up(const char *resource, struct deadline until, struct err *why)
{
    _cleanup_free_ char *tool = program_find(resource_tool);
    _cleanup_free_ char *resource_word = str_printf("--resource=%s", resource);
    _cleanup_free_ char *node = NULL;
    int rc = node_name(until, &node, why);
    _cleanup_free_ char *node_word = str_printf("--node=%s", rc == 0 ? node : "");
    char *const words[] = {tool, (char *) "--cleanup", resource_word, node_word, NULL};

    if (rc == 0) {
        rc = run(resource_tool, words, until, NULL, why);
    }
    return rc < 0 ? err_prefix(why, rc, "cleaning up resource '%s'", resource) : 0;
}
