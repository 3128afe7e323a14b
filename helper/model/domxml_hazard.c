/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What reaches the world beside QEMU's block layer and its taps, and so cannot be
 * cut off with the guest's memory kept. A type that is not known counts: nobody
 * has shown that it can be fenced.
 *
 * To make one fenceable: teach the freezer and the verification first, then let
 * its row say HARMLESS. What a libvirt network turns an interface into stands in
 * live XML only: look there before a freeze.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/domxml_tree.h"

#define HARMLESS NULL
#define ANY NULL
#define MISSING "" /* libvirt's default then */

/* `value` of attribute `attr` of the element, or of its child `child`. First match wins. */
struct rule {
    const char *element;
    const char *child; /* NULL: the element itself */
    const char *attr;
    const char *value; /* ANY: whatever it is, also if it is missing */
    const char *why;
};

#define WHY_DMA "it reads and writes the host's device itself, also while the vCPUs are stopped"
#define WHY_PASSED_ON "the guest's commands go past QEMU's block layer straight to the device"
#define WHY_OTHER_PROCESS "another process does its work, and goes on without QEMU"
#define WHY_SOCKET "it is a socket of QEMU's own that cannot be closed while the guest is kept"
#define WHY_SHARED "its memory is shared with others, who see every write"
#define WHY_HOST_DEVICE "it is a device of the host, which QEMU holds open"
#define WHY_STRANGE "it is of a type that is not known to be fenceable"

static const struct rule rules[] = {
    { "hostdev", NULL, "type", "scsi", WHY_PASSED_ON },
    { "hostdev", NULL, "type", "scsi_host",
      "the host's kernel (vhost-scsi) does its work, and goes on without QEMU" },
    { "hostdev", NULL, "type", ANY, WHY_DMA },

    { "interface", "backend", "type", "passt", WHY_OTHER_PROCESS },
    { "interface", NULL, "type", "network", HARMLESS },
    { "interface", NULL, "type", "bridge", HARMLESS },
    { "interface", NULL, "type", "ethernet", HARMLESS },
    { "interface", NULL, "type", "direct", HARMLESS }, /* macvtap: its descriptor is closed */
    { "interface", NULL, "type", "user", HARMLESS },
    { "interface", NULL, "type", "null", HARMLESS },
    { "interface", NULL, "type", MISSING, HARMLESS },
    { "interface", NULL, "type", "hostdev", WHY_DMA },
    { "interface", NULL, "type", "vdpa", WHY_DMA },
    { "interface", NULL, "type", "vhostuser", WHY_OTHER_PROCESS },
    { "interface", NULL, "type", "client", WHY_SOCKET },
    { "interface", NULL, "type", "server", WHY_SOCKET },
    { "interface", NULL, "type", "mcast", WHY_SOCKET },
    { "interface", NULL, "type", "udp", WHY_SOCKET },
    { "interface", NULL, "type", ANY, WHY_STRANGE },

    { "disk", NULL, "device", "lun", WHY_PASSED_ON },
    { "disk", NULL, "type", "nvme", WHY_DMA },
    { "disk", NULL, "type", "vhostvdpa", WHY_DMA },
    { "disk", NULL, "type", "vhostuser", WHY_OTHER_PROCESS },
    { "disk", NULL, "type", "dir",
      "it is a directory of the host, whose files are opened one by one" },
    { "disk", NULL, "type", "file", HARMLESS },
    { "disk", NULL, "type", "block", HARMLESS },
    { "disk", NULL, "type", "network", HARMLESS },
    { "disk", NULL, "type", "volume", HARMLESS },
    { "disk", NULL, "type", MISSING, HARMLESS },
    { "disk", NULL, "type", ANY, WHY_STRANGE },

    { "filesystem", "driver", "type", "virtiofs", WHY_OTHER_PROCESS },
    { "filesystem", NULL, "type", ANY, "the guest's files on the host stay open and writable" },
    { "vsock", NULL, "model", ANY,
      "the host's kernel (vhost-vsock) carries its connections, and goes on without QEMU" },
    { "shmem", NULL, "name", ANY, WHY_SHARED },
    { "memory", NULL, "model", "nvdimm", WHY_SHARED },
    { "memory", NULL, "model", "virtio-pmem", WHY_SHARED },
    { "input", NULL, "type", "evdev", WHY_HOST_DEVICE },
    { "input", NULL, "type", "passthrough", WHY_HOST_DEVICE },
    { "tpm", "backend", "type", ANY,
      "its state is kept by another process or by the host's own TPM" },
};

/* A second attribute that names one device among several of its kind. */
static char *which_one(const xmlNode *node)
{
    static const struct { const char *child; const char *attr; } names[] = {
        { "target", "dev" }, { "target", "dir" }, { "mac", "address" }, { "source", "path" },
        { "source", "dev" }, { "source", "evdev" },
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *name = tree_attr(tree_child(node, names[i].child), names[i].attr);

        if (name) {
            return name;
        }
    }
    return tree_attr(node, "name");
}

static char *device_text(const xmlNode *node, const char *kind)
{
    _cleanup_free_ char *which = which_one(node);

    return str_printf("%s%s%s%s%s", (const char *) node->name, kind ? " " : "", kind ? kind : "",
                      which ? " " : "", which ? which : "");
}

/* Takes the text over. */
static void add_fenceable(struct domxml *d, char *device)
{
    *(char **) array_add(&d->fenceable, &d->fenceable_count, sizeof *d->fenceable) = device;
}

static void add(struct domxml *d, const xmlNode *node, const char *kind, const char *why)
{
    char *device = device_text(node, kind);

    for (size_t i = 0; i < d->hazard_count; i++) {
        if (str_eq(d->hazard[i].device, device)) {
            free(device);
            return;
        }
    }
    struct domxml_hazard *h = array_add(&d->hazard, &d->hazard_count, sizeof(*h));

    h->device = device;
    h->why = str_dup(why);
}

static void check_rules(struct domxml *d, const xmlNode *node)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        const struct rule *r = &rules[i];

        if (!tree_is(node, r->element)) {
            continue;
        }
        const xmlNode *holder = r->child ? tree_child(node, r->child) : node;
        _cleanup_free_ char *value = tree_attr(holder, r->attr);

        if (r->value != ANY && !str_eq(r->value, value ? value : MISSING)) {
            continue;
        }
        if (r->why == HARMLESS) {
            add_fenceable(d, device_text(node, value));
        } else {
            add(d, node, str_eq(r->attr, "name") ? NULL : value, r->why);
        }
        return;
    }
}

/* Character devices: harmless but for those that lead out of this host or to its devices. */
static void check_chardev(struct domxml *d, const xmlNode *node, const xmlNode *backend)
{
    _cleanup_free_ char *type = tree_attr(backend, "type");

    if (str_eq(type, "udp")) {
        add(d, node, type, WHY_SOCKET);
    } else if (str_eq(type, "dev")) {
        add(d, node, type, WHY_HOST_DEVICE);
    } else if (str_eq(type, "tcp")) {
        for (const xmlNode *s = tree_child(backend, "source"); s; s = tree_next(s)) {
            if (!tree_attr_is(s, "mode", "bind")) {
                add(d, node, type, WHY_SOCKET);
            }
        }
    }
}

/* Memory that is no huge pages': where these are for some NUMA nodes only, the others' is. */
static bool has_small_pages(const xmlNode *backing)
{
    const xmlNode *huge = tree_child(backing, "hugepages");

    for (const xmlNode *page = tree_child(huge, "page"); page; page = tree_next(page)) {
        _cleanup_free_ char *nodes = tree_attr(page, "nodeset");

        if (nodes) {
            return true;
        }
    }
    return !huge;
}

/* Private or shared, QEMU keeps it open for writing: on a real file system, where libvirt puts it
 * by default, it is not told from a disk. */
static bool has_memory_file(const xmlNode *root)
{
    const xmlNode *backing = tree_child(root, "memoryBacking");

    return tree_attr_is(tree_child(backing, "source"), "type", "file") && has_small_pages(backing);
}

void domxml_find_hazards(struct domxml *d, const xmlNode *root)
{
    const xmlNode *devices = tree_child(root, "devices");

    for (const xmlNode *node = devices ? devices->children : NULL; node; node = node->next) {
        check_rules(d, node);
        if (domxml_is_chardev(node)) {
            check_chardev(d, node, node);
        } else if (tree_is(node, "rng")) {
            check_chardev(d, node, tree_child(node, "backend"));
        }
    }
    if (d->nvram) {
        add_fenceable(d, str_printf("nvram %s", d->nvram));
    }
    if (has_memory_file(root)) {
        add(d, tree_child(root, "memoryBacking"), "file", "QEMU keeps its file open for writing");
    }
}
