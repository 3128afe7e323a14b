/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/domxml and domxml_tree: who the guest is, in any layout of XML, and what
 * is refused before a byte of it is believed.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include <cmocka.h>

#include "base/str.h"
#include "model/domxml.h"

/* In memory of exactly that size, so that reading beyond it is seen. */
static int parse(const char *text, size_t size, struct domxml **ret, struct err *why)
{
    char *exact = malloc(size ? size : 1);

    assert_non_null(exact);
    memcpy(exact, text, size);
    why->text[0] = '\0';
    int rc = domxml_parse(exact, size, ret, why);

    free(exact);
    if (rc < 0) {
        assert_true(why->text[0] != '\0');
        assert_null(strchr(why->text, '\n'));
    }
    return rc;
}

static struct domxml *good(const char *text)
{
    struct domxml *d = NULL;
    struct err why;

    if (parse(text, strlen(text), &d, &why) != 0) {
        fail_msg("%s: %s", text, why.text);
    }
    return d;
}

static void refused(const char *text, const char *with)
{
    struct domxml *d = NULL;
    struct err why;

    if (parse(text, strlen(text), &d, &why) == 0) {
        fail_msg("accepted: %s", text);
    }
    assert_null(d);
    assert_int_equal(why.kind, ERR_ARGS);
    if (!strstr(why.text, with)) {
        fail_msg("'%s' does not say '%s'", why.text, with);
    }
}

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
    assert_int_equal(d->disk_count + d->nic_count + d->hazard_count + d->log_count, 0);
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
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
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
        cmocka_unit_test(any_layout),
        cmocka_unit_test(the_least_domain),
        cmocka_unit_test(good_names),
        cmocka_unit_test(bad_names),
        cmocka_unit_test(bad_uuids_and_sizes),
        cmocka_unit_test(memory_units),
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
