/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What QEMU says of itself: it can break a proof, never make one.
 */
#include "guard/look.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/fence.h"
#include "model/qmptext.h"
#include "sys/qmp.h"

/* Sets *ret_bad to words on what contradicts (caller frees), NULL where nothing does. */
typedef int (*judge_fn)(struct json_object *answer, char **ret_bad, struct err *why);

static int judge_status(struct json_object *answer, char **ret_bad, struct err *why)
{
    enum runstate state = RUNSTATE_UNKNOWN;
    bool running = true;
    int rc = qmptext_status(answer, &state, &running, why);

    if (rc == 0 && running) {
        *ret_bad = str_printf("the vCPUs run (%s)", runstate_name(state));
    }
    return rc;
}

static int judge_nodes(struct json_object *answer, char **ret_bad, struct err *why)
{
    if (!json_object_is_type(answer, json_type_array)) {
        return err_set(why, -EBADMSG, ERR_GENERIC, "QEMU's list of block nodes is no list");
    }
    for (size_t i = 0; i < json_object_array_length(answer); i++) {
        struct json_object *node = json_object_array_get_idx(answer, i);
        const char *driver = fence_text(node, "drv");

        if (!str_eq(driver, "null-co")) {
            const char *name = fence_text(node, "node-name");

            *ret_bad = str_printf("node '%s' is of driver %s", name ? name : "?",
                                  driver ? driver : "?");
            return 0;
        }
    }
    return 0;
}

static int judge_empty(struct json_object *answer, char **ret_bad, struct err *why)
{
    if (!json_object_is_type(answer, json_type_array)) {
        return err_set(why, -EBADMSG, ERR_GENERIC, "QEMU's answer is no list");
    }
    size_t count = json_object_array_length(answer);
    if (count > 0) {
        *ret_bad = str_printf("%zu listed", count);
    }
    return 0;
}

/* What works on disks or a network for QEMU in another process, by the guest's shared memory,
 * needs no descriptor here but a socket that looks like a console's. */
static bool works_elsewhere(const char *type)
{
    static const char *const harmless[] = {
        "vhost-user-gpu", "vhost-user-vga", "vhost-user-input", "vhost-user-rng",
    };

    for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++) {
        if (str_starts(type, harmless[i])) {
            return false;
        }
    }
    return str_starts(type, "vhost-user") || str_starts(type, "vhost-vdpa") ||
           str_starts(type, "vhost-scsi") || str_starts(type, "vfio-");
}

static int judge_devices(struct json_object *answer, char **ret_bad, struct err *why)
{
    static const char child[] = "child<";

    if (!json_object_is_type(answer, json_type_array)) {
        return err_set(why, -EBADMSG, ERR_GENERIC, "QEMU's list of devices is no list");
    }
    for (size_t i = 0; i < json_object_array_length(answer) && !*ret_bad; i++) {
        const char *type = fence_text(json_object_array_get_idx(answer, i), "type");

        if (type && str_starts(type, child) && works_elsewhere(type + strlen(child))) {
            *ret_bad = str_printf("a device of type %s works on in another process",
                                  type + strlen(child));
        }
    }
    return 0;
}

struct question_row {
    const char *query;
    judge_fn judge;
    const char *holds;
    const char *path; /* the query's argument */
};

static const struct question_row questions[] = {
    {"query-status", judge_status, "the vCPUs are stopped", NULL},
    {"query-named-block-nodes", judge_nodes, "no block node but null-co", NULL},
    {"query-block-exports", judge_empty, "none", NULL},
    {"query-jobs", judge_empty, "none", NULL},
    {"qom-list", judge_devices, "no device that works in another process",
     "/machine/peripheral"},
    {"qom-list", judge_devices, "nor one without a name", "/machine/peripheral-anon"},
};

static int ask(struct record *r, struct domain *d, const struct question_row *q, int so_far,
               struct err *why)
{
    struct json_object *answer = NULL;
    _cleanup_free_ char *bad = NULL;
    int rc = qmp_run(d, q->query, q->path ? fence_arg("path", q->path) : NULL, &answer, why);

    if (rc == 0) {
        rc = q->judge(answer, &bad, why);
        json_object_put(answer);
    }
    if (rc < 0) {
        return rc;
    }
    record_add_proof(r, !bad, q->query, bad ? bad : q->holds);
    if (!bad || so_far < 0) {
        return so_far;
    }
    return err_set(why, -EBUSY, ERR_GENERIC, "QEMU says otherwise, %s: %s", q->query, bad);
}

int look_inside(struct record *r, struct domain *d, struct err *why)
{
    int rc = 0;

    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        struct err ours = {0};
        int answer = ask(r, d, &questions[i], rc, &ours);

        if (answer < 0 && rc == 0) {
            *why = ours;
        }
        if (answer < 0 && answer != -EBUSY) {
            *why = ours;
            return answer;
        }
        rc = answer;
    }
    return rc;
}
