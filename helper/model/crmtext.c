/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Pacemaker's tools say, out of the tree of their XML.
 */
#include "model/crmtext.h"

#include <errno.h>
#include <stdlib.h>

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

static int parse(const char *xml, size_t size, xmlDoc **ret, struct err *why)
{
    struct err syntax = {0};

    return tree_parse(xml, size, ret, &syntax) < 0
               ? err_set(why, -EPROTO, ERR_GENERIC, "crm_mon's answer is no XML") : 0;
}

int crmtext_managed(const char *xml, size_t size, const char *resource, bool *ret,
                    struct err *why)
{
    _cleanup_tree_ xmlDoc *doc = NULL;
    int rc = parse(xml, size, &doc, why);

    return rc < 0 ? rc : read_managed(doc, resource, ret, why);
}

void crmtext_attributes_free(struct crm_attribute *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(list[i].node);
        free(list[i].name);
        free(list[i].value);
    }
    free(list);
}

static int read_attribute(const xmlNode *node, const xmlNode *attribute, const char *prefix,
                          struct crm_attribute **list, size_t *count, struct err *why)
{
    struct crm_attribute a = {
        .node = tree_attr(node, "name"), .name = tree_attr(attribute, "name"),
        .value = tree_attr(attribute, "value")
    };
    bool whole = a.node && a.name && a.value;

    if (whole && str_starts(a.name, prefix)) {
        *(struct crm_attribute *) array_add(list, count, sizeof a) = a;
        return 0;
    }
    free(a.node);
    free(a.name);
    free(a.value);
    return whole ? 0 : err_set(why, -EPROTO, ERR_GENERIC, "crm_mon tells of an attribute without "
                               "its node, name or value");
}

static int read_attributes(const xmlNode *root, const char *prefix, struct crm_attribute **list,
                           size_t *count, struct err *why)
{
    const xmlNode *node = tree_child(tree_child(root, "node_attributes"), "node");
    int rc = 0;

    for (; rc == 0 && node; node = tree_next(node)) {
        const xmlNode *a = tree_child(node, "attribute");

        for (; rc == 0 && a; a = tree_next(a)) {
            rc = read_attribute(node, a, prefix, list, count, why);
        }
    }
    return rc;
}

int crmtext_attributes(const char *xml, size_t size, const char *prefix,
                       struct crm_attribute **ret, size_t *ret_count, struct err *why)
{
    _cleanup_tree_ xmlDoc *doc = NULL;
    struct crm_attribute *list = NULL;
    size_t count = 0;
    int rc = parse(xml, size, &doc, why);

    if (rc == 0 && !tree_is(xmlDocGetRootElement(doc), "pacemaker-result")) {
        rc = err_set(why, -EPROTO, ERR_GENERIC, "crm_mon's answer is no result of Pacemaker's");
    }
    if (rc == 0) {
        rc = read_attributes(xmlDocGetRootElement(doc), prefix, &list, &count, why);
    }
    if (rc < 0) {
        crmtext_attributes_free(list, count);
        return rc;
    }
    *ret = list;
    *ret_count = count;
    return 0;
}
