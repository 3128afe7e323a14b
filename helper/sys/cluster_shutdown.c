/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether Pacemaker stops its resources on this node because it is being stopped itself: its
 * controller then sets the transient attribute "shutdown" of the node to the time of that, and does
 * so before the first stop (seen with Pacemaker 2.1.5). An action's environment does not tell.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <crm/common/results.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/cluster.h"
#include "sys/program.h"

enum { ANSWER_BYTES = 4096 };

static const char tool_name[] = "attrd_updater";

/* attrd_updater answers: name="shutdown" host="n1" value="1764507000". Not set, or 0: it stays. */
static bool is_set(const char *answer)
{
    static const char mark[] = " value=\"";
    const char *value = strstr(answer, mark);

    return value && strtoll(value + sizeof mark - 1, NULL, 10) > 0;
}

int cluster_node_goes_down(bool *ret, struct deadline until, struct err *why)
{
    _cleanup_free_ char *tool = program_find(tool_name);
    _cleanup_free_ char *answer = NULL;
    char *const words[] = {tool, (char *) "--query", (char *) "--name=shutdown", NULL};
    struct program *p = NULL;
    int rc;

    if (!tool) {
        return err_set(why, -ENOTCONN, ERR_GENERIC, "why Pacemaker stops: %s is not installed",
                       tool_name);
    }
    rc = program_start(words, ANSWER_BYTES, until, &p, why);
    if (rc == 0) {
        rc = program_wait(&p, &answer, why);
    }
    if (rc > 0 && WIFEXITED(rc) && WEXITSTATUS(rc) == CRM_EX_NOSUCH) {
        *ret = false;
        return 0;
    }
    if (rc > 0) {
        rc = program_judge(tool_name, rc, why);
    }
    if (rc < 0) {
        return err_prefix(why, rc, "why Pacemaker stops");
    }
    *ret = is_set(answer);
    return 0;
}
