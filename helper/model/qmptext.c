/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QMP's JSON, built and taken apart. A reply without what QEMU's schema promises
 * is an error: a device that is overlooked would stay connected to its disk.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/str.h"
#include "model/qmptext.h"

static struct json_object *member(struct json_object *o, const char *key, json_type type)
{
    struct json_object *value = NULL;

    if (!json_object_is_type(o, json_type_object) ||
        !json_object_object_get_ex(o, key, &value) || !json_object_is_type(value, type)) {
        return NULL;
    }
    return value;
}

static const char *text_member(struct json_object *o, const char *key)
{
    struct json_object *value = member(o, key, json_type_string);

    return value ? json_object_get_string(value) : NULL;
}

char *qmptext_command(const char *name, struct json_object *args)
{
    struct json_object *command = json_object_new_object();
    struct json_object *word = json_object_new_string(name);

    if (!command || !word || json_object_object_add(command, "execute", word) < 0 ||
        (args && json_object_object_add(command, "arguments", args) < 0)) {
        abort();
    }
    char *text = str_dup(json_object_to_json_string_ext(
        command, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));

    if (!text) {
        abort();
    }
    json_object_put(command);
    return text;
}

int qmptext_return(const char *reply, struct json_object **ret, struct err *why)
{
    struct json_object *top = json_tokener_parse(reply);
    struct json_object *value = NULL;
    struct json_object *error = member(top, "error", json_type_object);
    int rc = 0;

    if (error) {
        const char *class = text_member(error, "class");
        const char *desc = text_member(error, "desc");

        rc = err_set(why, -EREMOTEIO, ERR_GENERIC, "QEMU refused: %s (%s)",
                     desc ? desc : "no description", class ? class : "no class");
    } else if (!json_object_is_type(top, json_type_object) ||
               !json_object_object_get_ex(top, "return", &value)) {
        rc = err_set(why, -EBADMSG, ERR_GENERIC, "not a QMP reply: %.100s", reply);
    } else {
        *ret = json_object_get(value);
    }
    json_object_put(top);
    return rc;
}

/* A bare id is a partial QOM path, which another object could make ambiguous. */
static char *qom_path(const char *qdev)
{
    return *qdev == '/' ? str_dup(qdev) : str_printf("/machine/peripheral/%s", qdev);
}

static int bad_device(struct err *why, const char *qdev, const char *what)
{
    return err_set(why, -EBADMSG, ERR_GENERIC, "query-block told no %s of device '%s'", what,
                   qdev && *qdev ? qdev : "(unnamed)");
}

/* 1: filled. 0: a device that needs no swap. */
static int read_device(struct json_object *entry, struct qmp_device *to, struct err *why)
{
    const char *qdev = text_member(entry, "qdev");
    struct json_object *inserted = member(entry, "inserted", json_type_object);

    if (!inserted || !qdev || !*qdev) {
        return 0;
    }
    struct json_object *image = member(inserted, "image", json_type_object);
    struct json_object *size = member(image, "virtual-size", json_type_int);
    struct json_object *readonly = member(inserted, "ro", json_type_boolean);
    const char *node = text_member(inserted, "node-name");

    if (!node || !*node) {
        return bad_device(why, qdev, "node name");
    }
    if (!size || json_object_get_int64(size) < 0) {
        return bad_device(why, qdev, "size");
    }
    to->qdev = qom_path(qdev);
    to->node = str_dup(node);
    to->size = json_object_get_uint64(size);
    to->read_only = readonly && json_object_get_boolean(readonly);
    to->null_co = str_eq(text_member(inserted, "drv"), "null-co");
    return 1;
}

int qmptext_devices(struct json_object *query_block_return, struct qmp_device **ret,
                    size_t *ret_count, struct err *why)
{
    struct qmp_device *list = NULL;
    size_t count = 0;

    if (!json_object_is_type(query_block_return, json_type_array)) {
        return err_set(why, -EBADMSG, ERR_GENERIC, "query-block returned no list");
    }
    for (size_t i = 0; i < json_object_array_length(query_block_return); i++) {
        struct qmp_device device = { .qdev = NULL };
        int rc = read_device(json_object_array_get_idx(query_block_return, i), &device, why);

        if (rc < 0) {
            qmptext_devices_free(list, count);
            return rc;
        }
        if (rc > 0) {
            *(struct qmp_device *) array_add(&list, &count, sizeof(*list)) = device;
        }
    }
    *ret = list;
    *ret_count = count;
    return 0;
}

void qmptext_devices_free(struct qmp_device *d, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(d[i].qdev);
        free(d[i].node);
    }
    free(d);
}

int qmptext_disk_operations(struct json_object *query_blockstats_return, uint64_t *ret,
                            struct err *why)
{
    static const char *const kinds[] = {
        "rd_operations", "wr_operations", "flush_operations", "unmap_operations",
    };
    uint64_t sum = 0;

    if (!json_object_is_type(query_blockstats_return, json_type_array)) {
        return err_set(why, -EBADMSG, ERR_GENERIC, "query-blockstats returned no list");
    }
    for (size_t i = 0; i < json_object_array_length(query_blockstats_return); i++) {
        struct json_object *stats = member(json_object_array_get_idx(query_blockstats_return, i),
                                           "stats", json_type_object);

        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            struct json_object *value = member(stats, kinds[k], json_type_int);

            /* the first two are as old as the command */
            if (!value && k < 2) {
                return err_set(why, -EBADMSG, ERR_GENERIC, "query-blockstats told no %s",
                               kinds[k]);
            }
            sum += value ? json_object_get_uint64(value) : 0;
        }
    }
    *ret = sum;
    return 0;
}

int qmptext_status(struct json_object *query_status_return, enum runstate *ret_state,
                   bool *ret_running, struct err *why)
{
    const char *status = text_member(query_status_return, "status");
    struct json_object *running = member(query_status_return, "running", json_type_boolean);

    if (!status || !running) {
        return err_set(why, -EBADMSG, ERR_GENERIC, "query-status told no status");
    }
    *ret_state = runstate_from_name(status);
    *ret_running = json_object_get_boolean(running);
    return 0;
}

bool qmptext_migration_failed(struct json_object *query_migrate_return)
{
    const char *status = text_member(query_migrate_return, "status");

    return str_eq(status, "failed") || str_eq(status, "cancelled");
}
