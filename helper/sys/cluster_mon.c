/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What crm_mon shows: whether the cluster manages a resource, wherever that is set (groups,
 * templates, defaults, maintenance), and the attributes of all nodes. How its XML is read is
 * model/crmtext's.
 */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include <crm/common/results.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/cluster.h"
#include "sys/program.h"

enum { SHOWN_BYTES = 256 * 1024, ATTRIBUTES_BYTES = 4 * 1024 * 1024 };

static int judge(int status, struct err *why)
{
    if (status > 0 && WIFEXITED(status) && WEXITSTATUS(status) == CRM_EX_DISCONNECT) {
        return err_set(why, -ENOTCONN, ERR_GENERIC, "Pacemaker does not run here");
    }
    return status > 0 ? program_judge("crm_mon", status, why) : status;
}

/* Of all that crm_mon knows, `section`, and what `which` chooses of it (NULL: all). */
static int show(const char *section, char *which, size_t most, struct deadline until, char **ret,
                struct err *why)
{
    _cleanup_free_ char *tool = program_find("crm_mon");
    _cleanup_free_ char *include = str_printf("--include=%s", section);
    char *const words[] = {
        tool, (char *) "--one-shot", (char *) "--inactive", (char *) "--output-as=xml",
        (char *) "--exclude=all", include, which, NULL
    };
    struct program *p = NULL;
    int rc;

    if (!tool) {
        return err_set(why, -ENOTCONN, ERR_GENERIC, "crm_mon is not installed");
    }
    rc = program_start(words, most, until, &p, why);
    return rc < 0 ? rc : judge(program_wait(&p, ret, why), why);
}

int cluster_manages(const char *resource, bool *ret, struct deadline until, struct err *why)
{
    _cleanup_free_ char *name = str_printf("--resource=%s", resource);
    _cleanup_free_ char *xml = NULL;
    int rc = show("resources", name, SHOWN_BYTES, until, &xml, why);

    if (rc == 0) {
        rc = crmtext_managed(xml, strlen(xml), resource, ret, why);
    }
    return rc < 0 ? err_prefix(why, rc, "whether resource '%s' is managed", resource) : 0;
}

int cluster_attributes(const char *prefix, struct crm_attribute **ret, size_t *ret_count,
                       struct deadline until, struct err *why)
{
    _cleanup_free_ char *xml = NULL;
    int rc = show("attributes", NULL, ATTRIBUTES_BYTES, until, &xml, why);

    if (rc == 0) {
        rc = crmtext_attributes(xml, strlen(xml), prefix, ret, ret_count, why);
    }
    return rc < 0 ? err_prefix(why, rc, "the attributes of the nodes") : 0;
}
