/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QMP as text: commands built and replies taken apart with json-c. Pure.
 * Sending them is sys/qmp's business, what they mean together is guard/'s.
 */
#ifndef GVM_MODEL_QMPTEXT_H
#define GVM_MODEL_QMPTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#include "base/err.h"
#include "model/verdict.h"

/*
 * {"execute": name, "arguments": args}; takes over `args` (NULL: none). The
 * caller owns the text.
 */
char *qmptext_command(const char *name, struct json_object *args);

/*
 * Parses a reply. 0: *ret is the "return" member, the caller's
 * (json_object_put). -EREMOTEIO: QEMU answered with an error; `why` holds its
 * class and desc. -EBADMSG: not a reply.
 */
int qmptext_return(const char *reply, struct json_object **ret, struct err *why);

/* One device of query-block that has a medium. Drives of no device (no qdev) are left out:
 * their nodes are seen by query-named-block-nodes. */
struct qmp_device {
    char *qdev;      /* QOM path: query-block's own, or /machine/peripheral/ and its id */
    char *node;      /* inserted.node-name: the top node */
    uint64_t size;   /* inserted.image.virtual-size, bytes */
    bool read_only;  /* inserted.ro: a node that takes its place must be read-only, too */
    bool null_co;    /* already swapped */
};
int qmptext_devices(struct json_object *query_block_return, struct qmp_device **ret,
                    size_t *ret_count, struct err *why);
void qmptext_devices_free(struct qmp_device *d, size_t count);

/* query-blockstats → how many requests all devices have completed; flushes and discards, too. */
int qmptext_disk_operations(struct json_object *query_blockstats_return, uint64_t *ret,
                            struct err *why);

/* query-status → run state (RUNSTATE_UNKNOWN for a word newer than we are), and whether vCPUs
 * run. -EBADMSG: it tells neither. */
int qmptext_status(struct json_object *query_status_return, enum runstate *ret_state,
                   bool *ret_running, struct err *why);

/* query-migrate: true where the guest's last migration away failed or was cancelled, so that
 * nobody else has it whole. */
bool qmptext_migration_failed(struct json_object *query_migrate_return);

#endif
