/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deletes every block node but null-co. QEMU refuses cleanly to delete a node that
 * another one uses, so passes over the flat list delete overlays before their
 * backing files, filters before what they filter, without knowing the graph. Nodes
 * without a name of their own ("#block123") go with their parents.
 * Closing a qcow2 image writes to it: that is why it is done now,
 * before anybody else is told that the disk is free.
 */
#include "guard/fence.h"

#include <errno.h>

#include "base/str.h"
#include "sys/qmp.h"

enum {
    POLL_PAUSE_MS = 2,
    /* Passes without progress: a node in use by a request or a job that is just ending. */
    IDLE_PASSES_MAX = 50
};

struct pass {
    size_t found;     /* nodes that are not null-co */
    size_t deleted;
    struct err refusal; /* the last one */
};

static int delete_listed(struct fence *f, struct json_object *list, struct pass *ret,
                         struct err *why)
{
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *node = json_object_array_get_idx(list, i);
        const char *name = fence_text(node, "node-name");

        if (str_eq(fence_text(node, "drv"), "null-co")) {
            continue;
        }
        ret->found++;
        if (!name || name[0] == '#') {
            continue;
        }
        int rc = qmp_run(f->domain, "blockdev-del", fence_arg("node-name", name), NULL, why);
        if (rc == -EREMOTEIO) {
            ret->refusal = *why;
        } else if (rc < 0) {
            return rc;
        } else {
            ret->deleted++;
        }
        if (deadline_over(f->until)) {
            return err_set(why, -ETIMEDOUT, ERR_GENERIC, "out of time at block node '%s'", name);
        }
    }
    return 0;
}

static int one_pass(struct fence *f, struct pass *ret, struct err *why)
{
    struct json_object *list = NULL;
    struct json_object *args = json_object_new_object();

    json_object_object_add(args, "flat", json_object_new_boolean(true));
    int rc = qmp_run(f->domain, "query-named-block-nodes", args, &list, why);
    if (rc < 0) {
        return rc;
    }
    if (json_object_is_type(list, json_type_array)) {
        rc = delete_listed(f, list, ret, why);
    } else {
        rc = err_set(why, -EBADMSG, ERR_GENERIC, "QEMU's list of block nodes is no list");
    }
    json_object_put(list);
    return rc;
}

int fence_nodes(struct fence *f, struct err *why)
{
    for (int idle = 0; idle < IDLE_PASSES_MAX;) {
        struct pass p = {0};
        int rc = one_pass(f, &p, why);

        /* All that were listed are gone; that none came up meanwhile, verification sees. */
        if (rc < 0 || p.found == p.deleted) {
            return rc;
        }
        if (p.deleted > 0) {
            idle = 0;
            continue;
        }
        if (++idle == IDLE_PASSES_MAX) {
            return err_set(why, -EBUSY, ERR_GENERIC, "%zu block nodes cannot be deleted: %s",
                           p.found, p.refusal.text);
        }
        clock_pause_ms(POLL_PAUSE_MS, f->until);
    }
    return 0;
}
