/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Pacemaker's tools say, out of the tree of their XML.
 */
#include "model/crmtext.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/domxml_tree.h"

/* In document order, without recursion. */
static xmlNode *find_resource(xmlNode *root, const char *id)
{
    for (xmlNode *node = root; node;) {
        if (tree_is(node, "resource") && tree_attr_is(node, "id", id)) {
            return node;
        }
        if (node->children) {
            node = node->children;
            continue;
        }
        while (node && node != root && !node->next) {
            node = node->parent;
        }
        node = node && node != root ? node->next : NULL;
    }
    return NULL;
}

static int read_managed(xmlDoc *doc, const char *resource, bool *ret, struct err *why)
{
    xmlNode *node = find_resource(xmlDocGetRootElement(doc), resource);

    if (!node) {
        return err_set(why, -ENOENT, ERR_GENERIC, "crm_mon does not tell of '%s'", resource);
    }
    _cleanup_free_ char *managed = tree_attr(node, "managed");
    if (!str_eq(managed, "true") && !str_eq(managed, "false")) {
        return err_set(why, -EPROTO, ERR_GENERIC, "crm_mon says of '%s': managed '%s'", resource,
                       managed ? managed : "");
    }
    *ret = str_eq(managed, "true");
    return 0;
}

int crmtext_managed(const char *xml, size_t size, const char *resource, bool *ret,
                    struct err *why)
{
    _cleanup_tree_ xmlDoc *doc = NULL;
    struct err syntax = {0};

    if (tree_parse(xml, size, &doc, &syntax) < 0) {
        return err_set(why, -EPROTO, ERR_GENERIC, "crm_mon's answer is no XML");
    }
    return read_managed(doc, resource, ret, why);
}
