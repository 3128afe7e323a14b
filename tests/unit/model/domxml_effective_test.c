/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/domxml_effective: exactly on_crash, watchdog and panic device change, and
 * nothing else does, foreign namespaces and comments included.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/xpath.h>

#include <cmocka.h>

#include "base/str.h"
#include "model/domxml.h"

static int effective(const char *text, enum watchdog_choice watchdog, enum panic_choice panic,
                     char **ret, struct err *why)
{
    struct params p;

    params_defaults(&p);
    p.watchdog = watchdog;
    p.panic_device = panic;
    int rc = domxml_effective(text, strlen(text), &p, ret, why);

    params_free(&p);
    return rc;
}

static char *made_of(const char *text, enum watchdog_choice watchdog, enum panic_choice panic)
{
    char *xml = NULL;
    struct err why;

    if (effective(text, watchdog, panic, &xml, &why) != 0) {
        fail_msg("%s: %s", text, why.text);
    }
    return xml;
}

/* The value of an XPath expression, as a number of nodes or as text. */
static char *asked(const char *xml, const char *expression)
{
    xmlDoc *doc = xmlReadMemory(xml, (int) strlen(xml), NULL, NULL, XML_PARSE_NONET);

    assert_non_null(doc);
    xmlXPathContext *ctx = xmlXPathNewContext(doc);
    xmlXPathObject *o = xmlXPathEvalExpression((const xmlChar *) expression, ctx);

    assert_non_null(o);
    xmlChar *text = xmlXPathCastToString(o);
    char *copy = str_dup((const char *) text);

    xmlFree(text);
    xmlXPathFreeObject(o);
    xmlXPathFreeContext(ctx);
    xmlFreeDoc(doc);
    return copy;
}

static void says(const char *xml, const char *expression, const char *expected)
{
    char *got = asked(xml, expression);

    if (!str_eq(got, expected)) {
        fail_msg("%s is '%s' instead of '%s' in:\n%s", expression, got, expected, xml);
    }
    free(got);
}

static void a_crash_keeps_the_memory(void **state)
{
    static const char *const inners[] = {
        "", "<on_crash>destroy</on_crash>", "<on_crash>coredump-restart</on_crash>",
        "<on_crash/>", "<on_crash><!-- c -->restart</on_crash><on_crash>destroy</on_crash>",
        "<devices/>", "<on_poweroff>destroy</on_poweroff><devices/>",
        "<on_poweroff>destroy</on_poweroff><on_reboot>restart</on_reboot><devices/>",
        "<metadata><on_crash xmlns='urn:x'>destroy</on_crash></metadata>",
    };

    (void) state;
    for (size_t i = 0; i < sizeof(inners) / sizeof(inners[0]); i++) {
        char *text = str_printf("<domain><name>vm</name>%s</domain>", inners[i]);
        char *xml = made_of(text, WATCHDOG_KEEP, PANIC_KEEP);

        says(xml, "count(/domain/on_crash)", "1");
        says(xml, "string(/domain/on_crash)", "preserve");
        free(xml);
        free(text);
    }
}

/* native only where libvirt allows it; a driver that says nothing is left alone. */
static void io_uring_is_replaced(void **state)
{
    static const struct { const char *driver; const char *io; } drivers[] = {
        { "io='io_uring'", "threads" }, { "io='io_uring' cache='writeback'", "threads" },
        { "io='io_uring' cache='none'", "native" },
        { "cache='directsync' io='io_uring'", "native" },
        { "io='threads' cache='none'", "threads" }, { "io='native' cache='none'", "native" },
        { "cache='none'", "" },
    };

    (void) state;
    for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
        char *text = str_printf("<domain><name>vm</name><devices><disk/><disk><driver %s/></disk>"
                                "</devices></domain>", drivers[i].driver);
        char *xml = made_of(text, WATCHDOG_KEEP, PANIC_KEEP);

        says(xml, "string(//disk[2]/driver/@io)", drivers[i].io);
        says(xml, "count(//driver)", "1");
        free(xml);
        free(text);
    }
}

/* The whole text: nothing else moves. */
static void all_else_stays(void **state)
{
    static const char before[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- ours -->\n"
        "<domain xmlns:qemu=\"http://libvirt.org/schemas/domain/qemu/1.0\" type=\"kvm\">\n"
        "  <name>v\xc3\xa4&amp;&lt;</name>\n  <on_poweroff>destroy</on_poweroff>\n"
        "  <on_reboot>restart</on_reboot>%s\n  <metadata><x:y xmlns:x=\"urn:x\" x:z=\"1\">"
        "<![CDATA[<raw>]]></x:y></metadata>\n  <devices>\n    <!-- disk -->\n"
        "    <disk type=\"file\"><source file=\"/a&quot;b\"/></disk>\n  </devices>\n"
        "  <qemu:commandline><qemu:arg value=\"-x\"/></qemu:commandline>\n</domain>\n";
    char *text = str_printf(before, "");
    char *expected = str_printf(before, "<on_crash>preserve</on_crash>");
    char *xml = made_of(text, WATCHDOG_KEEP, PANIC_KEEP);

    (void) state;
    assert_string_equal(xml, expected);
    free(text);
    text = made_of(xml, WATCHDOG_KEEP, PANIC_KEEP);
    assert_string_equal(text, expected);
    free(text);
    free(xml);
    free(expected);
}

static const struct { enum watchdog_choice choice; const char *word; } actions[] = {
    { WATCHDOG_NONE, "none" }, { WATCHDOG_PAUSE, "pause" }, { WATCHDOG_RESET, "reset" },
    { WATCHDOG_POWEROFF, "poweroff" }, { WATCHDOG_SHUTDOWN, "shutdown" },
    { WATCHDOG_INJECT_NMI, "inject-nmi" },
};

#define VM(INNER) "<domain><name>vm</name>" INNER "</domain>"

static void watchdog_is_set_or_added(void **state)
{
    static const struct { const char *xml; const char *models; const char *last; } texts[] = {
        { VM(""), "1", "i6300esb" }, { VM("<devices><disk/></devices>"), "1", "i6300esb" },
        { VM("<os><type arch='s390x'>hvm</type></os>"), "1", "diag288" },
        { VM("<devices><watchdog model='ib700'/></devices>"), "1", "ib700" },
        { VM("<devices><watchdog model='itco' action='dump'/>"
             "<watchdog model='ib700' action='reset'><alias/></watchdog></devices>"), "2",
          "ib700" },
    };

    (void) state;
    for (size_t a = 0; a < sizeof(actions) / sizeof(actions[0]); a++) {
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
            char *xml = made_of(texts[i].xml, actions[a].choice, PANIC_KEEP);
            char *all = str_printf("count(/domain/devices/watchdog[@action='%s'])",
                                   actions[a].word);

            says(xml, "count(//watchdog)", texts[i].models);
            says(xml, "count(/domain/devices)", "1");
            says(xml, all, texts[i].models);
            says(xml, "string(//watchdog[last()]/@model)", texts[i].last);
            free(all);
            free(xml);
        }
    }
}

static void watchdog_is_kept_or_taken_out(void **state)
{
    static const char two[] = VM("<devices><watchdog model='itco' action='reset'/><disk/>"
                                 "<watchdog model='ib700' action='dump'/></devices>");
    static const char one[] = VM("<devices><watchdog model='ib700' action='poweroff'/></devices>");
    char *xml = made_of(two, WATCHDOG_DISABLED, PANIC_KEEP);
    struct err why;

    (void) state;
    says(xml, "count(//watchdog)", "0");
    says(xml, "count(//disk)", "1");
    free(xml);
    xml = made_of(VM(""), WATCHDOG_DISABLED, PANIC_KEEP);
    says(xml, "count(//watchdog)", "0");
    free(xml);
    xml = made_of(one, WATCHDOG_KEEP, PANIC_KEEP);
    says(xml, "string(//watchdog/@action)", "poweroff");
    free(xml);
    xml = made_of(VM(""), WATCHDOG_KEEP, PANIC_KEEP);
    says(xml, "count(//watchdog)", "0");
    free(xml);
    /* dump lets the guest run on, whether or not the dump succeeded */
    xml = NULL;
    assert_int_equal(effective(two, WATCHDOG_KEEP, PANIC_KEEP, &xml, &why), -EINVAL);
    assert_int_equal(why.kind, ERR_ARGS);
    assert_non_null(strstr(why.text, "'dump'"));
    assert_null(xml);
}

static void panic_device_is_added_where_there_is_none(void **state)
{
    static const struct { const char *xml; const char *keep; const char *added; } texts[] = {
        { VM("<os><type arch='x86_64'>hvm</type></os>"), "0", "1" },
        { VM("<os><type arch='i686'>hvm</type></os><devices/>"), "0", "1" },
        { VM("<os><type arch='aarch64'>hvm</type></os>"), "0", "0" },
        { VM("<os><type arch='x86_64'/></os><devices><panic model='hyperv'/></devices>"), "0",
          "0" },
    };

    (void) state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        char *xml = made_of(texts[i].xml, WATCHDOG_KEEP, PANIC_KEEP);

        says(xml, "count(//panic[@model='isa'])", texts[i].keep);
        free(xml);
        xml = made_of(texts[i].xml, WATCHDOG_KEEP, PANIC_AUTO);
        says(xml, "count(/domain/devices/panic[@model='isa'])", texts[i].added);
        free(xml);
    }
}

static void another_encoding_becomes_utf8(void **state)
{
    char *xml = made_of("<?xml version='1.0' encoding='ISO-8859-1'?><domain><name>v\xe4</name>"
                        "</domain>", WATCHDOG_KEEP, PANIC_KEEP);

    (void) state;
    assert_non_null(strstr(xml, "<name>v\xc3\xa4</name>"));
    says(xml, "string(/domain/name)", "v\xc3\xa4");
    free(xml);
}

static void what_is_no_domain_is_refused(void **state)
{
    char *xml = NULL;
    struct err why;

    (void) state;
    assert_int_equal(effective("<x/>", WATCHDOG_PAUSE, PANIC_AUTO, &xml, &why), -EINVAL);
    assert_int_equal(effective("<!DOCTYPE domain><domain/>", WATCHDOG_PAUSE, PANIC_AUTO, &xml,
                               &why), -EINVAL);
    assert_null(xml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash_keeps_the_memory),
        cmocka_unit_test(io_uring_is_replaced),
        cmocka_unit_test(all_else_stays),
        cmocka_unit_test(watchdog_is_set_or_added),
        cmocka_unit_test(watchdog_is_kept_or_taken_out),
        cmocka_unit_test(panic_device_is_added_where_there_is_none),
        cmocka_unit_test(another_encoding_becomes_utf8),
        cmocka_unit_test(what_is_no_domain_is_refused),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    xmlCleanupParser();
    return failed;
}
