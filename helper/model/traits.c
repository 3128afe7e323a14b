/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a domain's traits. What they lead to is conflicts_guest.c's.
 */
#include "model/traits.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/domxml_tree.h"

static enum panic_way panic_way_of(const xmlNode *root)
{
    _cleanup_free_ char *arch = domxml_arch(root);

    if (domxml_is_x86(root)) {
        return PANIC_WAY_ISA;
    }
#if defined(__s390x__) || defined(__powerpc64__)
    if (!arch) {
        return PANIC_WAY_OWN; /* libvirt takes the host's */
    }
#endif
    return str_eq(arch, "s390x") || str_eq(arch, "ppc64") || str_eq(arch, "ppc64le")
               ? PANIC_WAY_OWN : PANIC_WAY_PCI;
}

static bool has_nvram_file(const xmlNode *root)
{
    const xmlNode *os = tree_child(root, "os");
    const xmlNode *loader = tree_child(os, "loader");
    const xmlNode *nvram = tree_child(os, "nvram");

    if (nvram) {
        return !tree_attr_is(nvram, "type", "network");
    }
    if (tree_attr_is(loader, "stateless", "yes") || tree_attr_is(loader, "type", "rom")) {
        return false;
    }
    return tree_attr_is(os, "firmware", "efi") || tree_attr_is(loader, "type", "pflash");
}

static void read_disk(struct traits *t, const xmlNode *node)
{
    struct disk_traits *disk = array_add(&t->disk, &t->disk_count, sizeof *disk);

    disk->cache = tree_attr(tree_child(node, "driver"), "cache");
    disk->shareable = tree_child(node, "shareable");
}

static void read_lease(struct traits *t, const xmlNode *node)
{
    (void) node;
    t->lease_count++;
}

static void read_local(struct traits *t, const xmlNode *node)
{
    _cleanup_free_ char *type = tree_attr(node, "type");

    *(char **) array_add(&t->local, &t->local_count, sizeof *t->local) =
        str_printf("%s%s%s", (const char *) node->name, type ? " " : "", type ? type : "");
}

static void read_devices(struct traits *t, const xmlNode *devices)
{
    static const struct {
        const char *element;
        void (*read)(struct traits *t, const xmlNode *node);
    } readers[] = {
        { "disk", read_disk }, { "lease", read_lease }, { "hostdev", read_local },
        { "filesystem", read_local },
    };

    for (const xmlNode *node = devices ? devices->children : NULL; node; node = node->next) {
        for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
            if (tree_is(node, readers[i].element)) {
                readers[i].read(t, node);
            }
        }
    }
}

int traits_parse(const char *text, size_t size, struct traits **ret, struct err *why)
{
    _cleanup_tree_ xmlDoc *doc = NULL;
    int rc = tree_read(text, size, &doc, why);

    if (rc < 0) {
        return rc;
    }
    const xmlNode *root = xmlDocGetRootElement(doc);
    struct traits *t = mem_zero(1, sizeof *t);

    t->on_crash = tree_text(tree_child(root, "on_crash"));
    t->on_poweroff = tree_text(tree_child(root, "on_poweroff"));
    t->on_lockfailure = tree_text(tree_child(root, "on_lockfailure"));
    t->cpu_mode = tree_attr(tree_child(root, "cpu"), "mode");
    t->panic_way = panic_way_of(root);
    t->nvram_file = has_nvram_file(root);
    read_devices(t, tree_child(root, "devices"));
    *ret = t;
    return 0;
}

void traits_free(struct traits *t)
{
    if (!t) {
        return;
    }
    for (size_t i = 0; i < t->disk_count; i++) {
        free(t->disk[i].cache);
    }
    free(t->disk);
    str_list_free(t->local, t->local_count);
    free(t->on_crash);
    free(t->on_poweroff);
    free(t->on_lockfailure);
    free(t->cpu_mode);
    free(t);
}

void traits_cleanup(struct traits **t)
{
    traits_free(*t);
}
