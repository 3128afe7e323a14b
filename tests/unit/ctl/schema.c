/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The schema through libxml2's RELAX NG, and which of its elements were met.
 */
#include "../sys/own_process.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/tree.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "schema.h"

static xmlDocPtr source;
static xmlRelaxNGPtr schema;
static xmlHashTablePtr met;

static void quiet(void *data, const char *format, ...)
{
    (void) data;
    (void) format;
}

int schema_setup(void **state)
{
    const char *tree = getenv("GVM_SRCDIR");
    _cleanup_free_ char *path = str_printf("%s/helper/ctl/guardedvm.rng", tree ? tree : ".");
    xmlRelaxNGParserCtxtPtr parser;

    (void) state;
    if (access(path, R_OK) < 0) {
        print_message("skipped: %s: %s\n", path, strerror(errno));
        exit(tree && errno != ENOENT ? 77 : 1);
    }
    source = xmlReadFile(path, NULL, XML_PARSE_NONET);
    parser = xmlRelaxNGNewDocParserCtxt(source);
    schema = xmlRelaxNGParse(parser);
    xmlRelaxNGFreeParserCtxt(parser);
    met = xmlHashCreate(0);
    return schema && met ? 0 : -1;
}

int schema_teardown(void **state)
{
    (void) state;
    xmlHashFree(met, NULL);
    xmlRelaxNGFree(schema);
    xmlFreeDoc(source);
    xmlRelaxNGCleanupTypes();
    xmlCleanupParser();
    return 0;
}

static void note(xmlNodePtr node)
{
    xmlHashAddEntry(met, node->name, schema);
    for (node = xmlFirstElementChild(node); node; node = xmlNextElementSibling(node)) {
        note(node);
    }
}

bool schema_allows(const char *xml)
{
    xmlDocPtr doc = xmlReadMemory(xml, (int) strlen(xml), "facts", NULL, XML_PARSE_NONET);
    xmlRelaxNGValidCtxtPtr context = xmlRelaxNGNewValidCtxt(schema);
    int rc;

    assert_non_null(doc);
    xmlRelaxNGSetValidErrors(context, quiet, quiet, NULL);
    rc = xmlRelaxNGValidateDoc(context, doc);
    assert_true(rc >= 0);
    if (rc == 0) {
        note(xmlDocGetRootElement(doc));
    }
    xmlRelaxNGFreeValidCtxt(context);
    xmlFreeDoc(doc);
    return rc == 0;
}

static void must_be_met(xmlNodePtr node)
{
    for (; node; node = node->next) {
        if (node->type == XML_ELEMENT_NODE && str_eq((const char *) node->name, "element")) {
            xmlChar *name = xmlGetProp(node, (const xmlChar *) "name");

            if (!xmlHashLookup(met, name)) {
                fail_msg("no XML had the schema's element %s", (const char *) name);
            }
            xmlFree(name);
        }
        must_be_met(node->children);
    }
}

void schema_was_used_up(void)
{
    must_be_met(xmlDocGetRootElement(source));
}
