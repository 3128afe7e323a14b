/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A domain's traits out of its XML.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <libxml/parser.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/traits.h"

static struct traits *traits_of(const char *inside, const char *devices)
{
    _cleanup_free_ char *xml = str_printf("<domain><name>x</name>%s<devices>%s</devices></domain>",
                                          inside, devices);
    struct traits *t = NULL;
    struct err why = {0};

    assert_int_equal(traits_parse(xml, strlen(xml), &t, &why), 0);
    return t;
}

static void test_nothing_said(void **state)
{
    _cleanup_traits_ struct traits *t = traits_of("", "");

    (void) state;
    assert_null(t->on_crash);
    assert_null(t->on_poweroff);
    assert_null(t->on_lockfailure);
    assert_null(t->cpu_mode);
    assert_false(t->nvram_file);
    assert_int_equal(t->lease_count + t->disk_count + t->local_count, 0);
}

static void test_all_said(void **state)
{
    _cleanup_traits_ struct traits *t = traits_of(
        "<on_crash>restart</on_crash><on_poweroff>preserve</on_poweroff>"
        "<on_lockfailure>pause</on_lockfailure><cpu mode='host-model'/>",
        "<disk><driver cache='unsafe'/></disk><disk><shareable/></disk>"
        "<lease><lockspace>l</lockspace></lease>"
        "<hostdev type='pci'/><filesystem><source dir='/x'/></filesystem>");

    (void) state;
    assert_string_equal(t->on_crash, "restart");
    assert_string_equal(t->on_poweroff, "preserve");
    assert_string_equal(t->on_lockfailure, "pause");
    assert_string_equal(t->cpu_mode, "host-model");
    assert_int_equal(t->disk_count, 2);
    assert_string_equal(t->disk[0].cache, "unsafe");
    assert_false(t->disk[0].shareable);
    assert_null(t->disk[1].cache);
    assert_true(t->disk[1].shareable);
    assert_int_equal(t->lease_count, 1);
    assert_int_equal(t->local_count, 2);
    assert_string_equal(t->local[0], "hostdev pci");
    assert_string_equal(t->local[1], "filesystem");
}

static void test_machines(void **state)
{
    static const struct { const char *arch; enum panic_way way; } arches[] = {
        {"x86_64", PANIC_WAY_ISA}, {"i686", PANIC_WAY_ISA}, {"s390x", PANIC_WAY_OWN},
        {"ppc64le", PANIC_WAY_OWN}, {"aarch64", PANIC_WAY_PCI},
    };

    (void) state;
    for (size_t i = 0; i < sizeof arches / sizeof arches[0]; i++) {
        _cleanup_free_ char *os = str_printf("<os><type arch='%s'>hvm</type></os>",
                                             arches[i].arch);
        _cleanup_traits_ struct traits *t = traits_of(os, "");

        assert_int_equal(t->panic_way, arches[i].way);
    }
}

static void test_nvram(void **state)
{
    static const char *const with[] = {
        "<os firmware='efi'/>", "<os><loader type='pflash'>/x</loader></os>",
        "<os><nvram>/x</nvram></os>",
    };
    static const char *const without[] = {
        "<os firmware='bios'/>", "<os><loader type='pflash' stateless='yes'>/x</loader></os>",
        "<os firmware='efi'><loader type='rom'/></os>",
        "<os firmware='efi'><nvram type='network'><source protocol='iscsi' name='x'/></nvram></os>",
    };

    (void) state;
    for (size_t i = 0; i < sizeof with / sizeof with[0]; i++) {
        _cleanup_traits_ struct traits *t = traits_of(with[i], "");

        assert_true(t->nvram_file);
    }
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        _cleanup_traits_ struct traits *t = traits_of(without[i], "");

        assert_false(t->nvram_file);
    }
}

static void test_no_domain(void **state)
{
    struct traits *t = NULL;
    struct err why = {0};

    (void) state;
    assert_true(traits_parse("<x/>", 4, &t, &why) < 0);
    assert_null(t);
    traits_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_said),
        cmocka_unit_test(test_all_said),
        cmocka_unit_test(test_machines),
        cmocka_unit_test(test_nvram),
        cmocka_unit_test(test_no_domain),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    xmlCleanupParser();
    return failed;
}
