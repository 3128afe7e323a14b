/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transient node attributes, through Pacemaker's own tool: its C interface asks for a
 * main loop, and a tool that hangs can be ended. How it is run is program.c's.
 */
#include <errno.h>
#include <sys/wait.h>

#include <crm/common/results.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/cluster.h"
#include "sys/program.h"

static const char tool_name[] = "attrd_updater";

int cluster_attribute_start(const char *name, const char *value, struct deadline until,
                            struct program **ret, struct err *why)
{
    _cleanup_free_ char *tool = program_find(tool_name);
    _cleanup_free_ char *name_word = str_printf("--name=%s", name);
    _cleanup_free_ char *value_word = value ? str_printf("--update=%s", value)
                                            : str_dup("--delete");
    char *words[] = {tool, name_word, value_word, NULL};
    int rc;

    if (!tool) {
        return err_set(why, -ENOTCONN, ERR_GENERIC, "node attribute %s: %s is not installed",
                       name, tool_name);
    }
    rc = program_start(words, 0, until, ret, why);
    return rc < 0 ? err_prefix(why, rc, "node attribute %s", name) : 0;
}

int cluster_attribute_judge(const char *name, int status, struct err *why)
{
    int rc = status;

    if (status > 0 && WIFEXITED(status) && WEXITSTATUS(status) == CRM_EX_DISCONNECT) {
        return err_set(why, -ENOTCONN, ERR_GENERIC, "node attribute %s: Pacemaker does not run "
                       "here", name);
    }
    if (status > 0) {
        rc = program_judge(tool_name, status, why);
    }
    return rc < 0 ? err_prefix(why, rc, "node attribute %s", name) : 0;
}

int cluster_attribute(const char *name, const char *value, struct deadline until,
                      struct err *why)
{
    struct program *p = NULL;
    int rc = cluster_attribute_start(name, value, until, &p, why);

    return rc < 0 ? rc : cluster_attribute_judge(name, program_wait(&p, NULL, why), why);
}
