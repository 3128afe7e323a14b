/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The human monitor by way of QMP. What its lines and answers mean is the callers' business.
 */
#include <errno.h>

#include "base/str.h"
#include "sys/qmp.h"

int qmp_human(struct domain *d, const char *line, char **ret, struct err *why)
{
    struct json_object *args = json_object_new_object();
    struct json_object *answer = NULL;
    int rc;

    json_object_object_add(args, "command-line", json_object_new_string(line));
    rc = qmp_run(d, "human-monitor-command", args, &answer, why);
    if (rc < 0) {
        return rc;
    }
    if (json_object_is_type(answer, json_type_string)) {
        *ret = str_dup(json_object_get_string(answer));
    } else {
        rc = err_set(why, -EBADMSG, ERR_GENERIC, "QEMU's answer to '%s' is no text", line);
    }
    json_object_put(answer);
    return rc;
}
