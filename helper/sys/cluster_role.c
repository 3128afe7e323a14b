/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A resource's target-role, and whether the cluster manages it, by Pacemaker's own tools, which
 * know where in the configuration either belongs (groups, templates, defaults, maintenance).
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/cluster.h"
#include "sys/program.h"

enum { SHOWN_BYTES = 256 * 1024 };

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

/* An id needs no escapes in XML, and no value there has a bare '>'. */
static int read_managed(const char *xml, const char *resource, bool *ret, struct err *why)
{
    _cleanup_free_ char *begin = str_printf("<resource id=\"%s\" ", resource);
    const char *element = strstr(xml, begin);
    const char *word = element ? strstr(element, " managed=\"") : NULL;

    if (!word || word > element + strcspn(element, ">")) {
        return err_set(why, -ENOENT, ERR_GENERIC, "crm_mon does not tell");
    }
    word += strlen(" managed=\"");
    if (strncmp(word, "true\"", 5) != 0 && strncmp(word, "false\"", 6) != 0) {
        return err_set(why, -EPROTO, ERR_GENERIC, "crm_mon says '%.*s'",
                       (int) strcspn(word, "\">"), word);
    }
    *ret = *word == 't';
    return 0;
}

static int show(const char *resource, struct deadline until, char **ret, struct err *why)
{
    _cleanup_free_ char *tool = program_find("crm_mon");
    _cleanup_free_ char *name = str_printf("--resource=%s", resource);
    char *const words[] = {
        tool, (char *) "--one-shot", (char *) "--inactive", (char *) "--output-as=xml",
        (char *) "--exclude=all", (char *) "--include=resources", name, NULL
    };
    struct program *p = NULL;
    int rc;

    if (!tool) {
        return err_set(why, -ENOTCONN, ERR_GENERIC, "crm_mon is not installed");
    }
    rc = program_start(words, SHOWN_BYTES, until, &p, why);
    if (rc == 0) {
        rc = program_wait(&p, ret, why);
    }
    return rc > 0 ? program_judge("crm_mon", rc, why) : rc;
}

int cluster_manages(const char *resource, bool *ret, struct deadline until, struct err *why)
{
    _cleanup_free_ char *xml = NULL;
    int rc = show(resource, until, &xml, why);

    if (rc == 0) {
        rc = read_managed(xml, resource, ret, why);
    }
    return rc < 0 ? err_prefix(why, rc, "whether resource '%s' is managed", resource) : 0;
}
