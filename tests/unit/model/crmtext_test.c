/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crm_mon's XML as Pacemaker 2.1.5 prints it, and what is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "model/crmtext.h"

static const char shown[] =
    "<?xml version=\"1.0\"?>\n"
    "<pacemaker-result api-version=\"2.25\" request=\"crm_mon --output-as=xml\">\n"
    "  <resources>\n"
    "    <resource id=\"power\" resource_agent=\"stonith:fence_lab\" managed=\"true\"/>\n"
    "    <group id=\"all\" number_resources=\"2\" managed=\"true\">\n"
    "      <resource id=\"vm\" resource_agent=\"ocf:virt:GuardedVM\" role=\"Started\" "
    "active=\"true\" managed=\"false\" failed=\"false\"><node name=\"n1\"/></resource>\n"
    "      <resource id=\"vm2\" managed=\"true\"/>\n"
    "    </group>\n"
    "    <resource id=\"odd\" managed=\"perhaps\"/>\n"
    "    <resource id=\"mute\"/>\n"
    "  </resources>\n"
    "  <status code=\"0\" message=\"OK\"/>\n"
    "</pacemaker-result>\n";

static int ask(const char *xml, const char *resource, bool *ret)
{
    struct err why = {0};

    return crmtext_managed(xml, strlen(xml), resource, ret, &why);
}

static void resources_are_told_apart(void **state)
{
    static const struct { const char *resource; bool managed; } rows[] = {
        {"power", true}, {"vm", false}, {"vm2", true},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool managed = !rows[i].managed;

        assert_int_equal(ask(shown, rows[i].resource, &managed), 0);
        assert_int_equal(managed, rows[i].managed);
    }
}

static void what_is_not_told_is_no_answer(void **state)
{
    static const struct { const char *xml; const char *resource; int rc; } rows[] = {
        {shown, "v", -ENOENT}, {shown, "all", -ENOENT}, {shown, "odd", -EPROTO},
        {shown, "mute", -EPROTO}, {"", "vm", -EPROTO}, {"<resource id=\"vm\"", "vm", -EPROTO},
        {"crm_mon: Connection to cluster failed", "vm", -EPROTO}, {"<a/>", "vm", -ENOENT},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool managed = true;

        assert_int_equal(ask(rows[i].xml, rows[i].resource, &managed), rows[i].rc);
        assert_true(managed);
    }
}

static const char attributes[] =
    "<pacemaker-result api-version=\"2.25\" request=\"crm_mon\">\n"
    "  <node_attributes>\n"
    "    <node name=\"n1\"><attribute name=\"guardedvm-a\" value=\"crashed: &lt;x&gt;; t\"/>\n"
    "      <attribute name=\"guardedvm\" value=\"1\"/></node>\n"
    "    <node name=\"n2\"/>\n"
    "    <node name=\"n3\"><attribute name=\"other\" value=\"1\" expected=\"2\"/>\n"
    "      <attribute name=\"guardedvm-\" value=\"\"/></node>\n"
    "  </node_attributes>\n"
    "  <status code=\"0\" message=\"OK\"/>\n"
    "</pacemaker-result>\n";

static void attributes_of_all_nodes(void **state)
{
    struct crm_attribute *list = NULL;
    struct err why = {0};
    size_t count = 0;

    (void) state;
    assert_int_equal(crmtext_attributes(attributes, strlen(attributes), "guardedvm-", &list,
                                        &count, &why), 0);
    assert_int_equal(count, 2);
    assert_string_equal(list[0].node, "n1");
    assert_string_equal(list[0].name, "guardedvm-a");
    assert_string_equal(list[0].value, "crashed: <x>; t");
    assert_string_equal(list[1].node, "n3");
    assert_string_equal(list[1].name, "guardedvm-");
    assert_string_equal(list[1].value, "");
    crmtext_attributes_free(list, count);
}

#define ONE(NODE, ATTRIBUTE)                                                                       \
    "<pacemaker-result><node_attributes><node" NODE "><attribute" ATTRIBUTE                        \
    "/></node></node_attributes></pacemaker-result>"

static void attributes_that_are_none(void **state)
{
    static const struct { const char *xml; int rc; } rows[] = {
        {"<pacemaker-result/>", 0},
        {"<pacemaker-result><node_attributes/></pacemaker-result>", 0},
        {"", -EPROTO}, {"<crm_mon/>", -EPROTO}, {"Connection failed", -EPROTO},
        {ONE("", " name='x' value='y'"), -EPROTO}, {ONE(" name='n'", " value='y'"), -EPROTO},
        {ONE(" name='n'", " name='x'"), -EPROTO},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct crm_attribute *list = NULL;
        struct err why = {0};
        size_t count = 0;

        assert_int_equal(crmtext_attributes(rows[i].xml, strlen(rows[i].xml), "x", &list, &count,
                                            &why), rows[i].rc);
        assert_int_equal(count, 0);
        assert_null(list);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resources_are_told_apart),
        cmocka_unit_test(what_is_not_told_is_no_answer),
        cmocka_unit_test(attributes_of_all_nodes),
        cmocka_unit_test(attributes_that_are_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
