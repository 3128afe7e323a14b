/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/domxml_tree: what is refused before a byte of it is believed.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include <cmocka.h>

#include "domxml_check.h"

static void other_things_are_refused(void **state)
{
    (void) state;
    refused("", "empty");
    refused("   ", "line 1");
    refused("not xml", "line 1");
    refused("<domain>\n<name>a</nam>\n</domain>", "line 2");
    refused("<domain><name>a</name></domain>x", "line 1");
    refused("<domain><name>a</name></domain><domain/>", "line 1");
    refused("<network><name>a</name></network>", "<network>");
    refused("<domainsnapshot/>", "<domainsnapshot>");
    refused("<domain xmlns='urn:x'><name>a</name></domain>", "namespace");
    refused("<x:domain xmlns:x='urn:x'><name>a</name></x:domain>", "namespace");
    refused("<domain><name>\xff\xfe</name></domain>", "line 1");
    refused("<domain><name>&nosuch;</name></domain>", "nosuch");
    refused("<domain><name>a&#1;</name></domain>", "line 1");
}

static void a_nul_byte_ends_nothing(void **state)
{
    static const char text[] = "<domain><name>a</name></domain>\0<evil/>";
    struct domxml *d = NULL;
    struct err why;

    (void) state;
    assert_int_equal(parse(text, sizeof(text) - 1, &d, &why), -EINVAL);
    assert_non_null(strstr(why.text, "NUL"));
}

/* Bomb, local file, network and harmless doctype: all end at the DOCTYPE. */
static void no_doctype_at_all(void **state)
{
    static const char *const texts[] = {
        "<!DOCTYPE domain [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
        "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'>"
        "<!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;'><!ENTITY f '&e;&e;&e;&e;&e;&e;&e;&e;'>"
        "<!ENTITY g '&f;&f;&f;&f;&f;&f;&f;&f;'><!ENTITY h '&g;&g;&g;&g;&g;&g;&g;&g;'>]>"
        "<domain><name>&h;&h;&h;&h;&h;&h;&h;&h;</name></domain>",
        "<!DOCTYPE domain [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
        "<domain><name>&x;</name></domain>",
        "<!DOCTYPE domain [<!ENTITY % p SYSTEM 'file:///etc/passwd'>%p;]>"
        "<domain><name>a</name></domain>",
        "<!DOCTYPE domain SYSTEM 'http://127.0.0.1:9/x.dtd'><domain><name>a</name></domain>",
        "<!DOCTYPE domain><domain><name>a</name></domain>",
        "<?xml version='1.0'?><!-- c --><!DOCTYPE domain [<!ATTLIST domain type CDATA 'x'>]>"
        "<domain><name>a</name></domain>",
    };

    (void) state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        refused(texts[i], "DOCTYPE");
    }
}

static void sizes_and_depths_are_bounded(void **state)
{
    size_t size = DOMXML_MAX_BYTES + 1;
    char *text = malloc(size);
    struct domxml *d = NULL;
    struct err why;
    static const char begin[] = "<domain><name>a</name>";
    static const char end[] = "</domain>";

    (void) state;
    memset(text, ' ', size);
    memcpy(text, begin, sizeof(begin) - 1);
    memcpy(text + size - sizeof(end), end, sizeof(end) - 1);
    assert_int_equal(parse(text, size, &d, &why), -EFBIG);
    assert_int_equal(parse(text, size - 1, &d, &why), 0);
    domxml_free(d);
    d = NULL;
    for (size_t i = sizeof(begin) - 1; i + 3 < size; i += 3) {
        memcpy(text + i, "<a>", 3);
    }
    assert_int_equal(parse(text, size - 1, &d, &why), -EINVAL);
    free(text);
}

static void cut_at_any_byte_it_is_refused(void **state)
{
    static const char text[] =
        "<domain type='kvm'><name>vm</name><uuid>c7a5fdbd-cdaf-9455-926a-d65c16db1809</uuid>"
        "<memory unit='KiB'>196608</memory><devices><disk type='file' device='disk'>"
        "<source file='/srv/&quot;a&quot;'/><target dev='vda' bus='virtio'/></disk></devices>"
        "<metadata><x:y xmlns:x='urn:x'><![CDATA[<>]]><!-- c --></x:y></metadata></domain>";

    (void) state;
    for (size_t len = 0; len + 1 < sizeof(text) - 1; len++) {
        struct domxml *d = NULL;
        struct err why;

        assert_true(parse(text, len, &d, &why) < 0);
        assert_null(d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_things_are_refused),
        cmocka_unit_test(a_nul_byte_ends_nothing),
        cmocka_unit_test(no_doctype_at_all),
        cmocka_unit_test(sizes_and_depths_are_bounded),
        cmocka_unit_test(cut_at_any_byte_it_is_refused),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    xmlCleanupParser();
    return failed;
}
