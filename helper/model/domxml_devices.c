/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's devices as the freezer needs them: disks, interfaces, watchdog,
 * panic device, and the files that its character devices may write.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/domxml_tree.h"

static char *or_word(char *text, const char *word)
{
    return text ? text : str_dup(word);
}

static char *joined(const xmlNode *node, const char *first, const char *separator,
                    const char *second)
{
    _cleanup_free_ char *a = tree_attr(node, first);
    _cleanup_free_ char *b = tree_attr(node, second);

    return str_printf("%s%s%s", a ? a : "", separator, b ? b : "");
}

/* Which attribute of <source> says where a disk of a type is. */
static char *disk_source(const xmlNode *disk, bool *ret_network)
{
    static const struct { const char *type; const char *attr; } simple[] = {
        { "file", "file" }, { "block", "dev" }, { "dir", "dir" }, { "vhostvdpa", "dev" },
        { "vhostuser", "path" }, { "nvme", "namespace" },
    };
    const xmlNode *source = tree_child(disk, "source");
    _cleanup_free_ char *type = or_word(tree_attr(disk, "type"), "file");

    *ret_network = str_eq(type, "network");
    if (!source) {
        return NULL;
    }
    if (*ret_network) {
        return joined(source, "protocol", ":", "name");
    }
    if (str_eq(type, "volume")) {
        return joined(source, "pool", "/", "volume");
    }
    for (size_t i = 0; i < sizeof(simple) / sizeof(simple[0]); i++) {
        if (str_eq(type, simple[i].type)) {
            return tree_attr(source, simple[i].attr);
        }
    }
    return NULL;
}

bool domxml_uses_io_uring(const xmlNode *disk)
{
    return tree_attr_is(tree_child(disk, "driver"), "io", "io_uring");
}

static void read_disk(struct domxml *d, const xmlNode *node)
{
    struct domxml_disk *disk = array_add(&d->disk, &d->disk_count, sizeof(*disk));
    const xmlNode *target = tree_child(node, "target");

    disk->target = tree_attr(target, "dev");
    disk->bus = tree_attr(target, "bus");
    disk->device = or_word(tree_attr(node, "device"), "disk");
    disk->source = disk_source(node, &disk->network);
    disk->alias = tree_attr(tree_child(node, "alias"), "name");
    disk->backing_format =
        tree_attr(tree_child(tree_child(node, "backingStore"), "format"), "type");
    disk->readonly = tree_child(node, "readonly") || str_eq(disk->device, "cdrom");
    d->io_uring = d->io_uring || domxml_uses_io_uring(node);
}

static void read_nic(struct domxml *d, const xmlNode *node)
{
    struct domxml_nic *nic = array_add(&d->nic, &d->nic_count, sizeof(*nic));

    nic->type = tree_attr(node, "type");
    nic->mac = tree_attr(tree_child(node, "mac"), "address");
    nic->tap = tree_attr(tree_child(node, "target"), "dev");
    nic->alias = tree_attr(tree_child(node, "alias"), "name");
}

static void read_watchdog(struct domxml *d, const xmlNode *node)
{
    if (!d->watchdog_action) {
        d->watchdog_action = or_word(tree_attr(node, "action"), "reset");
    }
}

static void read_panic(struct domxml *d, const xmlNode *node)
{
    (void) node;
    d->has_panic_device = true;
}

/* <log file=…/> beside whatever the console is, or a console that is a file. */
static void read_console(struct domxml *d, const xmlNode *node)
{
    if (!d->console_log) {
        d->console_log = tree_attr(tree_child(node, "log"), "file");
    }
    if (!d->console_log && tree_attr_is(node, "type", "file")) {
        d->console_log = tree_attr(tree_child(node, "source"), "path");
    }
}

bool domxml_is_chardev(const xmlNode *node)
{
    return tree_is(node, "serial") || tree_is(node, "parallel") || tree_is(node, "console") ||
           tree_is(node, "channel") || tree_is(node, "redirdev") || tree_is(node, "smartcard");
}

void domxml_read_devices(struct domxml *d, const xmlNode *devices)
{
    static const struct {
        const char *element;
        void (*read)(struct domxml *d, const xmlNode *node);
    } readers[] = {
        { "disk", read_disk }, { "interface", read_nic }, { "watchdog", read_watchdog },
        { "panic", read_panic }, { "serial", read_console }, { "console", read_console },
    };

    for (const xmlNode *node = devices ? devices->children : NULL; node; node = node->next) {
        for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
            if (tree_is(node, readers[i].element)) {
                readers[i].read(d, node);
            }
        }
    }
}
