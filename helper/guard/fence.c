/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fence back-ends share, and the shortest of them: the vCPUs.
 */
#include "guard/fence.h"

#include "sys/qmp.h"

int fence_vcpus(struct fence *f, struct err *why)
{
    return qmp_run(f->domain, "stop", NULL, NULL, why);
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
