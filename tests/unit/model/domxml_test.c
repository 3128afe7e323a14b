/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/domxml: who the guest is and how large, in any layout of XML.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include <cmocka.h>

#include "base/str.h"
#include "domxml_check.h"

static void any_layout(void **state)
{
    static const char *const texts[] = {
        "<domain type='kvm'><name>vm</name><uuid>C7A5FDBD-CDAF-9455-926A-D65C16DB1809</uuid>"
        "<memory>196608</memory></domain>",
        "<?xml version=\"1.0\" encoding='ISO-8859-1'?>\n<!-- x -->\n<domain\n\ttype = 'kvm'\n>"
        "\r\n <name\n>vm</name >\n<uuid> c7a5fdbdcdaf9455926ad65c16db1809\n</uuid>\n"
        "<memory unit=\"MiB\"> 192\n</memory></domain>\n<!-- y -->",
        "<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
        "<qemu:name>other</qemu:name><metadata><name>wrong</name></metadata>"
        "<name>v<![CDATA[m]]></name><memory unit='b'>201326592</memory>"
        "<uuid>c7a5fdbd cdaf 9455 926a d65c16db1809</uuid><name>second</name></domain>",
    };

    (void) state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct domxml *d = good(texts[i]);

        assert_string_equal(d->name, "vm");
        assert_string_equal(d->uuid, "c7a5fdbd-cdaf-9455-926a-d65c16db1809");
        assert_int_equal(d->memory_kib, 196608);
        domxml_free(d);
    }
    domxml_free(NULL);
}

static void the_least_domain(void **state)
{
    struct domxml *d = good("<domain><name>a</name></domain>");

    (void) state;
    assert_null(d->uuid);
    assert_null(d->nvram);
    assert_null(d->watchdog_action);
    assert_false(d->has_panic_device);
    assert_int_equal(d->memory_kib, 0);
    assert_int_equal(d->disk_count + d->nic_count + d->hazard_count, 0);
    domxml_free(d);
}

static void good_names(void **state)
{
    static const char *const names[][2] = {
        { "my vm", "my vm" }, { "-rf", "-rf" }, { "a&quot;b&apos;c", "a\"b'c" },
        { "\xc3\xa4\xe2\x82\xac", "\xc3\xa4\xe2\x82\xac" }, { "a,b=c", "a,b=c" },
        { "&lt;b&gt;&amp;", "<b>&" }, { "$(id)`id`", "$(id)`id`" }, { "...", "..." },
    };

    (void) state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *text = str_printf("<domain><name>%s</name></domain>", names[i][0]);
        struct domxml *d = good(text);

        assert_string_equal(d->name, names[i][1]);
        domxml_free(d);
        free(text);
    }
}

static void bad_names(void **state)
{
    static const char *const names[][2] = {
        { "", "no name" }, { "a/b", "slash" }, { "../x", "slash" }, { " a", "space" },
        { "a ", "space" }, { " ", "space" }, { "a\nb", "control" }, { "\na", "control" },
        { ".", "paths" }, { "..", "paths" }, { "a&#9;b", "control" }, { "a&#13;b", "control" },
    };
    char long_name[600];

    (void) state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *text = str_printf("<domain><name>%s</name></domain>", names[i][0]);

        refused(text, names[i][1]);
        free(text);
    }
    refused("<domain/>", "no name");
    refused("<domain><name/></domain>", "no name");
    memset(long_name, 'x', sizeof(long_name));
    long_name[sizeof(long_name) - 1] = '\0';
    char *text = str_printf("<domain><name>%s</name></domain>", long_name);

    refused(text, "too long");
    free(text);
}

static void bad_uuids_and_sizes(void **state)
{
    static const char *const uuids[] = {
        "", "x", "c7a5fdbd-cdaf-9455-926a-d65c16db180", "c7a5fdbd-cdaf-9455-926a-d65c16db18099",
        "g7a5fdbd-cdaf-9455-926a-d65c16db1809", "c7a5fdbd-cdaf-9455-926a-d65c16db1809x",
        ("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
    };
    static const char *const sizes[] = {
        "<memory/>", "<memory>x</memory>", "<memory>-5</memory>", "<memory>0</memory>",
        "<memory unit='parsec'>5</memory>", "<memory unit='TiB'>99999999999</memory>",
        "<memory>1.5</memory>", "<memory>99999999999999999999</memory>",
    };

    (void) state;
    for (size_t i = 0; i < sizeof(uuids) / sizeof(uuids[0]); i++) {
        char *text = str_printf("<domain><name>a</name><uuid>%s</uuid></domain>", uuids[i]);

        refused(text, "uuid");
        free(text);
    }
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char *text = str_printf("<domain><name>a</name>%s</domain>", sizes[i]);

        refused(text, "memory");
        free(text);
    }
}

static void memory_units(void **state)
{
    static const struct { const char *xml; uint64_t kib; } sizes[] = {
        { "<memory unit='KiB'>5</memory>", 5 }, { "<memory unit='k'>5</memory>", 5 },
        { "<memory unit='KB'>1000</memory>", 977 }, { "<memory unit='bytes'>1</memory>", 1 },
        { "<memory unit='M'>2</memory>", 2048 }, { "<memory unit='mib'>2</memory>", 2048 },
        { "<memory unit='MB'>1</memory>", 977 }, { "<memory unit='GiB'>1</memory>", 1048576 },
        { "<memory unit='G'>1</memory>", 1048576 }, { "<memory unit='GB'>1</memory>", 976563 },
        { "<memory unit='T'>1</memory>", 1073741824 },
        { "<memory dumpCore='off'>1024</memory>", 1024 },
    };

    (void) state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char *text = str_printf("<domain><name>a</name>%s</domain>", sizes[i].xml);
        struct domxml *d = good(text);

        assert_true(d->memory_kib == sizes[i].kib);
        domxml_free(d);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_layout),
        cmocka_unit_test(the_least_domain),
        cmocka_unit_test(good_names),
        cmocka_unit_test(bad_names),
        cmocka_unit_test(bad_uuids_and_sizes),
        cmocka_unit_test(memory_units),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    xmlCleanupParser();
    return failed;
}
