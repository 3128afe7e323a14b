/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of actions, and the meta-data that is made from it.
 */
#include "../sys/own_process.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>

#include "base/str.h"
#include "ocf/ocf.h"

static const struct action *row(const char *name)
{
    for (const struct action *a = ocf_actions; a->name; a++) {
        if (str_eq(a->name, name)) {
            return a;
        }
    }
    return NULL;
}

static xmlDocPtr meta_data(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    xmlDocPtr doc;

    assert_non_null(out);
    ocf_print_meta_data(out);
    assert_int_equal(fclose(out), 0);
    doc = xmlReadMemory(text, (int) size, "meta-data", NULL, XML_PARSE_NONET);
    free(text);
    assert_non_null(doc);
    return doc;
}

static int count(xmlDocPtr doc, const char *xpath)
{
    xmlXPathContextPtr context = xmlXPathNewContext(doc);
    xmlXPathObjectPtr found = xmlXPathEvalExpression((const xmlChar *) xpath, context);
    int n = found && found->nodesetval ? found->nodesetval->nodeNr : 0;

    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    return n;
}

static void test_every_row_is_whole(void **state)
{
    (void) state;
    for (const struct action *a = ocf_actions; a->name; a++) {
        assert_non_null(a->run);
        assert_true(a->timeout_s > 0);
        assert_ptr_equal(row(a->name), a); /* no name twice */
    }
}

static void test_what_ocf_asks_for_is_there(void **state)
{
    static const char *const names[] = {
        "start", "stop", "monitor", "status", "validate-all", "meta-data", "reload-agent", "usage",
        "migrate_to", "migrate_from",
    };

    (void) state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_non_null(row(names[i]));
    }
}

static void test_meta_data_names_each_action_once_and_no_hidden_one(void **state)
{
    xmlDocPtr doc = meta_data();

    (void) state;
    for (const struct action *a = ocf_actions; a->name; a++) {
        char xpath[128];

        snprintf(xpath, sizeof xpath, "//action[@name='%s' and @timeout='%ds']", a->name,
                 a->timeout_s);
        assert_int_equal(count(doc, xpath), !(a->flags & ACTION_HIDDEN));
    }
    assert_int_equal(count(doc, "//action[@name='monitor' and @interval]"), 1);
    xmlFreeDoc(doc);
}

static void test_meta_data_offers_migration(void **state)
{
    xmlDocPtr doc = meta_data();

    (void) state;
    assert_int_equal(count(doc, "//action[starts-with(@name, 'migrate')]"), 2);
    assert_int_equal(count(doc, "/resource-agent[@name='GuardedVM' and version='1.1']"), 1);
    assert_int_equal(count(doc, "//parameter[@name='config' and @required='1']"), 1);
    xmlFreeDoc(doc);
}

static void test_what_changes_a_guest_is_locked_and_needs_root(void **state)
{
    (void) state;
    assert_int_equal(row("start")->flags & (ACTION_ROOT | ACTION_LOCK), ACTION_ROOT | ACTION_LOCK);
    assert_int_equal(row("migrate_to")->flags & (ACTION_ROOT | ACTION_LOCK),
                     ACTION_ROOT | ACTION_LOCK);
    assert_int_equal(row("migrate_from")->flags & (ACTION_ROOT | ACTION_LOCK),
                     ACTION_ROOT | ACTION_LOCK);
    assert_int_equal(row("stop")->flags & (ACTION_ROOT | ACTION_LOCK), ACTION_ROOT | ACTION_LOCK);
    assert_false(row("monitor")->flags & ACTION_LOCK); /* never waits for a start */
    assert_true(row("stop")->flags & ACTION_TOLERANT); /* a failed stop costs the node */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_is_whole),
        cmocka_unit_test(test_what_ocf_asks_for_is_there),
        cmocka_unit_test(test_meta_data_names_each_action_once_and_no_hidden_one),
        cmocka_unit_test(test_meta_data_offers_migration),
        cmocka_unit_test(test_what_changes_a_guest_is_locked_and_needs_root),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
