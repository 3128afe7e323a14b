/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/utilization_xml: what of a resource's configuration is changed, and what is left alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include <cmocka.h>

#include "model/utilization_xml.h"

#define SET "<utilization id='u'>"
#define PAIR(NAME, VALUE) "<nvpair id='p-" NAME "' name='" NAME "' value='" VALUE "'/>"
#define END "</utilization>"
#define CHANGE(INNER) "<primitive id=\"vm\">" INNER "</primitive>"

enum { LEAVE = UTILIZATION_LEAVE };

static const struct {
    const char *inside; /* the <primitive> */
    int64_t due[UTILIZATION_LAST];
    const char *change; /* NULL: none */
    const char *removed[UTILIZATION_LAST];
    bool foreign[UTILIZATION_LAST];
} cases[] = {
    { "", {2, 64, LEAVE},
      CHANGE("<utilization id=\"vm-utilization\">"
             "<nvpair id=\"vm-utilization-cpu\" name=\"cpu\" value=\"2\"/>"
             "<nvpair id=\"vm-utilization-host_memory\" name=\"host_memory\" value=\"64\"/>"
             "</utilization>"), {NULL}, {false} },
    /* what is there already */
    { SET PAIR("cpu", "2") END, {2, LEAVE, LEAVE}, NULL, {NULL}, {false} },
    { "", {UTILIZATION_REMOVE, LEAVE, LEAVE}, NULL, {NULL}, {false} },
    { SET PAIR("cpu", "3") END, {LEAVE, LEAVE, LEAVE}, NULL, {NULL}, {false} },
    /* by the names that are there */
    { SET PAIR("cpu", "3") PAIR("disk", "7") END, {2, LEAVE, 64},
      CHANGE("<utilization id=\"u\"><nvpair id=\"p-cpu\" name=\"cpu\" value=\"2\"/>"
             "<nvpair id=\"u-hv_memory\" name=\"hv_memory\" value=\"64\"/></utilization>"),
      {NULL}, {false} },
    { SET PAIR("disk", "7") END "<utilization id='v'>" PAIR("cpu", "") END, {2, LEAVE, LEAVE},
      CHANGE("<utilization id=\"v\"><nvpair id=\"p-cpu\" name=\"cpu\" value=\"2\"/>"
             "</utilization>"), {NULL}, {false} },
    { SET PAIR("cpu", "3") PAIR("hv_memory", "1") END,
      {UTILIZATION_REMOVE, UTILIZATION_REMOVE, UTILIZATION_REMOVE}, NULL,
      {"<nvpair id=\"p-cpu\"/>", NULL, "<nvpair id=\"p-hv_memory\"/>"}, {false} },
    /* not ours alone */
    { SET PAIR("cpu", "3") "<rule id='r'/>" END, {2, LEAVE, LEAVE}, NULL, {NULL}, {true} },
    { SET PAIR("cpu", "3") "<nvpair id='q' name='cpu' value='4'/>" END, {2, LEAVE, LEAVE}, NULL,
      {NULL}, {true} },
    { SET PAIR("cpu", "3") END "<utilization id='v'><nvpair id='q' name='cpu' value='4'/>" END,
      {UTILIZATION_REMOVE, LEAVE, LEAVE}, NULL, {NULL}, {true} },
    { SET "<nvpair id-ref='q' name='cpu'/>" END, {2, LEAVE, LEAVE}, NULL, {NULL}, {true} },
    { "<utilization id-ref='others'/>", {2, 64, LEAVE}, NULL, {NULL}, {true, true} },
    /* rules on others are no rules on this one */
    { "<utilization id='v'><rule id='r'/>" PAIR("disk", "1") END, {2, LEAVE, LEAVE},
      CHANGE("<utilization id=\"vm-utilization\">"
             "<nvpair id=\"vm-utilization-cpu\" name=\"cpu\" value=\"2\"/></utilization>"),
      {NULL}, {false} },
};

static void same(xmlDoc *doc, const char *expected)
{
    xmlBuffer *text;

    if (!expected) {
        assert_null(doc);
        return;
    }
    assert_non_null(doc);
    text = xmlBufferCreate();
    xmlNodeDump(text, doc, xmlDocGetRootElement(doc), 0, 0);
    assert_string_equal((const char *) xmlBufferContent(text), expected);
    xmlBufferFree(text);
}

static void check(size_t at)
{
    struct utilization_plan plan;
    char text[1024];
    xmlDoc *doc;

    snprintf(text, sizeof text, "<primitive id='vm'>%s</primitive>", cases[at].inside);
    doc = xmlReadMemory(text, (int) strlen(text), NULL, NULL, 0);
    assert_non_null(doc);
    utilization_plan(xmlDocGetRootElement(doc), cases[at].due, &plan);
    same(plan.change, cases[at].change);
    for (int i = 0; i < UTILIZATION_LAST; i++) {
        int64_t due = cases[at].due[i];

        same(plan.removed[i], cases[at].removed[i]);
        assert_true(plan.foreign[i] == (cases[at].foreign[i] ? due : LEAVE));
        if (!cases[at].change && !cases[at].removed[i]) {
            assert_true(plan.changed[i] == LEAVE);
        } else {
            assert_true(plan.changed[i] == due);
        }
    }
    utilization_plan_free(&plan);
    xmlFreeDoc(doc);
}

static void each_configuration(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        print_message("%s\n", cases[i].inside);
        check(i);
    }
    xmlCleanupParser();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_configuration),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
