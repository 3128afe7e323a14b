/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fence back-ends share, and the shortest of them: the vCPUs.
 */
#include "guard/fence.h"

#include <errno.h>

#include "model/qmptext.h"
#include "sys/qmp.h"

static bool vcpus_run(struct fence *f)
{
    struct json_object *reply = NULL;
    struct err ignored = {0};
    enum runstate state;
    bool running = true;

    if (qmp_run(f->domain, "query-status", NULL, &reply, &ignored) < 0) {
        return true;
    }
    if (qmptext_status(reply, &state, &running, &ignored) < 0) {
        running = true;
    }
    json_object_put(reply);
    return running;
}

/*
 * QEMU refuses "stop" while it dumps the guest's memory, which nobody can abort; the vCPUs
 * stand then. The drain is made up for: swapping a drive and closing a node each drain it.
 * Where the end of the dump lets the vCPUs run again, they run into nothing.
 */
int fence_vcpus(struct fence *f, struct err *why)
{
    int rc = qmp_run(f->domain, "stop", NULL, NULL, why);

    if (rc == -EREMOTEIO && !vcpus_run(f)) {
        why->text[0] = '\0';
        return 0;
    }
    return rc;
}

struct json_object *fence_arg(const char *key, const char *value)
{
    struct json_object *args = json_object_new_object();

    json_object_object_add(args, key, json_object_new_string(value));
    return args;
}

const char *fence_text(struct json_object *object, const char *key)
{
    struct json_object *value = NULL;

    if (!json_object_object_get_ex(object, key, &value) ||
        !json_object_is_type(value, json_type_string)) {
        return NULL;
    }
    return json_object_get_string(value);
}
