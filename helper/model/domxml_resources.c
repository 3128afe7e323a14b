/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The storage pools and networks of libvirt that a guest needs to be active.
 */
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/domxml_tree.h"

static void add_name(char ***names, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++) {
        if (str_eq((*names)[i], name)) {
            return;
        }
    }
    *(char **) array_add(names, count, sizeof **names) = str_dup(name);
}

/* A reference is one only where the type says so: libvirt ignores it else. */
static void read_element(struct domxml *d, const xmlNode *node)
{
    _cleanup_free_ char *pool = NULL;
    _cleanup_free_ char *network = NULL;

    if (tree_is(node, "source") && tree_attr_is(node->parent, "type", "volume")) {
        pool = tree_attr(node, "pool"); /* of a disk, or of one below it in its chain */
    } else if ((tree_is(node, "source") && tree_attr_is(node->parent, "type", "network") &&
                tree_is(node->parent, "interface")) ||
               (tree_is(node, "listen") && tree_attr_is(node, "type", "network"))) {
        network = tree_attr(node, "network");
    }
    if (pool) {
        add_name(&d->pool, &d->pool_count, pool);
    }
    if (network) {
        add_name(&d->network, &d->network_count, network);
    }
}

/* libxml2 bounds how deep a tree is. */
void domxml_read_resources(struct domxml *d, const xmlNode *devices)
{
    for (const xmlNode *node = devices ? devices->children : NULL; node; node = node->next) {
        if (node->type == XML_ELEMENT_NODE) {
            read_element(d, node);
            domxml_read_resources(d, node);
        }
    }
}
