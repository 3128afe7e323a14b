/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Swaps the medium of every device for a null-co node: QEMU then has nowhere to
 * write to, whatever the guest or queued requests (werror=stop) still want.
 * query-block's own `qdev` names the device for qom-set on every bus, so no table
 * of buses is needed. Devices without a medium are left alone (qom-set on them ends
 * QEMU), and so are those on null-co already (the same node again ends QEMU).
 */
#include "guard/fence.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/qmptext.h"
#include "sys/qmp.h"

enum { NODE_NAME_SIZE = 32 }; /* QEMU's own limit for node names */

static struct json_object *property_args(const char *path, const char *property)
{
    struct json_object *args = fence_arg("path", path);

    json_object_object_add(args, "property", json_object_new_string(property));
    return args;
}

static int qom_get(struct fence *f, const char *path, const char *property, char **ret,
                   struct err *why)
{
    struct json_object *reply = NULL;
    int rc = qmp_run(f->domain, "qom-get", property_args(path, property), &reply, why);

    if (rc == 0) {
        const char *text = json_object_is_type(reply, json_type_string)
                               ? json_object_get_string(reply) : "";

        *ret = str_dup(text);
        json_object_put(reply);
    }
    return rc;
}

static int attach(struct fence *f, const char *path, const char *node, struct err *why)
{
    struct json_object *args = property_args(path, "drive");

    json_object_object_add(args, "value", json_object_new_string(node));
    return qmp_run(f->domain, "qom-set", args, NULL, why);
}

static int add_null_node(struct fence *f, const struct qmp_device *device, const char *node,
                         struct err *why)
{
    struct json_object *args = fence_arg("driver", "null-co");

    json_object_object_add(args, "node-name", json_object_new_string(node));
    json_object_object_add(args, "size", json_object_new_int64((int64_t) device->size));
    json_object_object_add(args, "read-zeroes", json_object_new_boolean(true));
    /* QEMU's default is left out: its monitor reads a byte in each turn of its loop. */
    if (device->read_only) {
        json_object_object_add(args, "read-only", json_object_new_boolean(true));
    }
    return qmp_run(f->domain, "blockdev-add", args, NULL, why);
}

/*
 * The iothread of a device: its own property (virtio-blk) or its SCSI controller's,
 * /machine/peripheral/scsi0/virtio-backend/scsi0.0 → /machine/peripheral/scsi0.
 * Sets *ret to the object's id, NULL where there is none.
 */
static int find_iothread(struct fence *f, const char *path, char **ret, struct err *why)
{
    static const char peripheral[] = "/machine/peripheral/";
    _cleanup_free_ char *bus = NULL;
    _cleanup_free_ char *thread = NULL;
    int rc = qom_get(f, path, "parent_bus", &bus, why);

    if (rc == 0 && str_starts(bus, peripheral)) {
        char *controller = bus + strlen(peripheral);

        controller[strcspn(controller, "/")] = '\0';
        rc = qom_get(f, bus, "iothread", &thread, why);
    }
    if (rc < 0) {
        return rc;
    }
    const char *slash = thread ? strrchr(thread, '/') : NULL;
    *ret = slash && slash[1] ? str_dup(slash + 1) : NULL;
    return 0;
}

/*
 * A node of the main loop on a device that an iothread serves: QEMU refuses cleanly
 * ("Different aio context"), so the node is moved to that iothread and attached again.
 */
static int attach_in_iothread(struct fence *f, const char *path, const char *node,
                              struct err *why)
{
    struct err refusal = *why;
    _cleanup_free_ char *iothread = NULL;
    int rc = find_iothread(f, path, &iothread, why);

    if (rc < 0 || !iothread) {
        *why = refusal;
        return rc < 0 ? rc : -EREMOTEIO;
    }
    struct json_object *args = fence_arg("node-name", node);
    json_object_object_add(args, "iothread", json_object_new_string(iothread));
    rc = qmp_run(f->domain, "x-blockdev-set-iothread", args, NULL, why);
    return rc < 0 ? rc : attach(f, path, node, why);
}

static int swap(struct fence *f, const struct qmp_device *device, struct err *why)
{
    const char *path = device->qdev;
    char node[NODE_NAME_SIZE];

    /* Never a name that a killed attempt has used: nodes without a device may be left. */
    snprintf(node, sizeof node, FENCE_NODE "%" PRIx64, (uint64_t) clock_mono_us());
    int rc = add_null_node(f, device, node, why);
    if (rc == 0) {
        rc = attach(f, path, node, why);
    }
    if (rc == -EREMOTEIO && strstr(why->text, "aio context")) {
        rc = attach_in_iothread(f, path, node, why);
    }
    return rc < 0 ? err_prefix(why, rc, "device '%s'", device->qdev) : 0;
}

int fence_drives(struct fence *f, struct err *why)
{
    struct json_object *reply = NULL;
    struct qmp_device *devices = NULL;
    size_t count = 0;
    int rc = qmp_run(f->domain, "query-block", NULL, &reply, why);

    if (rc == 0) {
        rc = qmptext_devices(reply, &devices, &count, why);
        json_object_put(reply);
    }
    for (size_t i = 0; rc == 0 && i < count; i++) {
        if (deadline_over(f->until)) {
            rc = err_set(why, -ETIMEDOUT, ERR_GENERIC, "out of time with %zu of %zu drives swapped",
                         i, count);
        } else if (!devices[i].null_co) {
            rc = swap(f, &devices[i], why);
        }
    }
    qmptext_devices_free(devices, count);
    return rc;
}
