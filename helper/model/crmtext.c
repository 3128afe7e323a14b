/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pacemaker's XML by libxml2. What root's own tools print is no attacker's, but needs neither
 * network nor entities all the same.
 */
#include "model/crmtext.h"

#include <errno.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/cleanup.h"
#include "base/str.h"

enum { PARSE_OPTIONS = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING };

/* The caller's, by free(); NULL where there is none. */
static char *attribute(xmlNode *node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *) name);
    char *copy = str_dup((const char *) value);

    xmlFree(value);
    return copy;
}

static bool is_resource(xmlNode *node, const char *id)
{
    _cleanup_free_ char *own = NULL;

    if (node->type != XML_ELEMENT_NODE || !str_eq((const char *) node->name, "resource")) {
        return false;
    }
    own = attribute(node, "id");
    return str_eq(own, id);
}

/* In document order, without recursion. */
static xmlNode *find_resource(xmlNode *root, const char *id)
{
    for (xmlNode *node = root; node;) {
        if (is_resource(node, id)) {
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
    _cleanup_free_ char *managed = attribute(node, "managed");
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
    xmlDoc *doc = xmlReadMemory(xml, (int) size, NULL, NULL, PARSE_OPTIONS);

    if (!doc) {
        return err_set(why, -EPROTO, ERR_GENERIC, "crm_mon's answer is no XML");
    }
    int rc = read_managed(doc, resource, ret, why);
    xmlFreeDoc(doc);
    return rc;
}
