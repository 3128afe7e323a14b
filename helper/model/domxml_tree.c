/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libxml2, kept on a short leash: a buffer of bounded size, no network, and no
 * DOCTYPE at all, which libvirt's XML never has. So there are no entities: neither
 * bombs nor files of others come in.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/domxml_tree.h"

enum { PARSE_OPTIONS = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING };

/* Ends the parser before the first declaration is read. */
static void refuse_doctype(void *ctx, const xmlChar *name, const xmlChar *external_id,
                           const xmlChar *system_id)
{
    xmlParserCtxt *parser = ctx;
    bool *seen = parser->_private;

    (void) name;
    (void) external_id;
    (void) system_id;
    *seen = true;
    xmlStopParser(parser);
}

static int bad_xml(struct err *why, xmlParserCtxt *parser)
{
    const xmlError *e = xmlCtxtGetLastError(parser);
    const char *message = e && e->message ? e->message : "not well-formed";

    return err_set(why, -EINVAL, ERR_ARGS, "line %d: %.*s", e ? e->line : 0,
                   (int) strcspn(message, "\n"), message);
}

static int parse(const char *text, size_t size, xmlDoc **ret, struct err *why)
{
    xmlParserCtxt *parser = xmlNewParserCtxt();
    bool doctype = false;
    int rc = 0;

    if (!parser) {
        abort();
    }
    parser->_private = &doctype;
    parser->sax->internalSubset = refuse_doctype;
    xmlDoc *doc = xmlCtxtReadMemory(parser, text, (int) size, NULL, NULL, PARSE_OPTIONS);

    if (doctype) {
        rc = err_set(why, -EINVAL, ERR_ARGS,
                     "it has a DOCTYPE, which a libvirt domain has no use for: take it out");
    } else if (!doc) {
        rc = bad_xml(why, parser);
    }
    if (rc < 0) {
        xmlFreeDoc(doc);
    } else {
        *ret = doc;
    }
    xmlFreeParserCtxt(parser);
    return rc;
}

static int check_root(const xmlDoc *doc, struct err *why)
{
    const xmlNode *root = xmlDocGetRootElement(doc);

    if (!root || !tree_is(root, "domain")) {
        return err_set(why, -EINVAL, ERR_ARGS,
                       "its root element is <%s>%s, a libvirt domain begins with <domain>",
                       root ? (const char *) root->name : "", root && root->ns ?
                       " of a namespace" : "");
    }
    return 0;
}

int tree_parse(const char *text, size_t size, xmlDoc **ret, struct err *why)
{
    if (size == 0) {
        return err_set(why, -EINVAL, ERR_ARGS, "it is empty");
    }
    if (size > DOMXML_MAX_BYTES) {
        return err_set(why, -EFBIG, ERR_ARGS, "it is larger than %d MiB",
                       DOMXML_MAX_BYTES / 1024 / 1024);
    }
    if (memchr(text, '\0', size)) {
        return err_set(why, -EINVAL, ERR_ARGS, "it contains a NUL byte");
    }
    return parse(text, size, ret, why);
}

int tree_read(const char *text, size_t size, xmlDoc **ret, struct err *why)
{
    xmlDoc *doc = NULL;
    int rc = tree_parse(text, size, &doc, why);

    rc = rc < 0 ? rc : check_root(doc, why);
    if (rc < 0) {
        xmlFreeDoc(doc);
        return rc;
    }
    *ret = doc;
    return 0;
}

void tree_cleanup(xmlDoc **doc)
{
    xmlFreeDoc(*doc);
}

bool tree_is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && !node->ns &&
           strcmp((const char *) node->name, name) == 0;
}

static xmlNode *find(xmlNode *node, const char *name)
{
    while (node && !tree_is(node, name)) {
        node = node->next;
    }
    return node;
}

xmlNode *tree_child(const xmlNode *parent, const char *name)
{
    return parent ? find(parent->children, name) : NULL;
}

xmlNode *tree_next(const xmlNode *node)
{
    return find(node->next, (const char *) node->name);
}

static char *take(xmlChar *text)
{
    char *copy = str_dup((const char *) text);

    xmlFree(text);
    return copy;
}

char *tree_text(const xmlNode *node)
{
    return node ? take(xmlNodeGetContent(node)) : NULL;
}

char *tree_attr(const xmlNode *node, const char *name)
{
    return node ? take(xmlGetNoNsProp(node, (const xmlChar *) name)) : NULL;
}

bool tree_attr_is(const xmlNode *node, const char *name, const char *value)
{
    _cleanup_free_ char *text = tree_attr(node, name);

    return str_eq(text, value);
}

static const xmlChar *x(const char *text)
{
    return (const xmlChar *) text;
}

xmlNode *tree_needed(xmlNode *node)
{
    if (!node) {
        abort();
    }
    return node;
}

void tree_set_attr(xmlNode *node, const char *name, const char *value)
{
    if (!xmlSetProp(node, x(name), x(value))) {
        abort();
    }
}

void tree_remove(xmlNode *node)
{
    xmlNode *before = node->prev;

    if (before && xmlIsBlankNode(before)) {
        xmlUnlinkNode(before);
        xmlFreeNode(before);
    }
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

char *tree_write(xmlDoc *doc)
{
    xmlChar *bytes = NULL;
    int size = 0;

    xmlDocDumpMemoryEnc(doc, &bytes, &size, "UTF-8");
    if (!bytes) {
        abort();
    }
    return take(bytes);
}
