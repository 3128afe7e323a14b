/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One QMP command from words to reply. Text is model/qmptext's, the way is virt's.
 */
#include "base/cleanup.h"
#include "model/qmptext.h"
#include "sys/qmp.h"

int qmp_run(struct domain *d, const char *name, struct json_object *args,
            struct json_object **ret, struct err *why)
{
    _cleanup_free_ char *command = qmptext_command(name, args);
    _cleanup_free_ char *reply = NULL;
    struct json_object *value = NULL;
    int rc = virt_qmp(d, command, &reply, why);

    if (rc == 0) {
        rc = qmptext_return(reply, &value, why);
    }
    if (rc < 0) {
        return err_prefix(why, rc, "QMP %s", name);
    }
    if (ret) {
        *ret = value;
    } else {
        json_object_put(value);
    }
    return 0;
}
