/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings as libvirt's files and a shell's have them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "model/conftext.h"

typedef char *(*reader)(const char *text, const char *key);

static void reads(reader read, const char *text, const char *key, const char *expected)
{
    _cleanup_free_ char *value = read(text, key);

    if (expected) {
        assert_non_null(value);
        assert_string_equal(value, expected);
    } else {
        assert_null(value);
    }
}

static void test_values(void **state)
{
    (void) state;
    reads(conftext_libvirt, "lock_manager = \"lockd\"\n", "lock_manager", "lockd");
    reads(conftext_libvirt, "  lock_manager='lockd' # why", "lock_manager", "lockd");
    reads(conftext_libvirt, "a = 1\nhost_id=17#x\r\nb = 2", "host_id", "17");
    reads(conftext_libvirt, "dir = \"/srv/a # b\"", "dir", "/srv/a # b");
    reads(conftext_libvirt, "dir = \"no end\nx = 1", "dir", "no end");
    reads(conftext_libvirt, "dir =", "dir", "");
}

static void test_what_sets_nothing(void **state)
{
    (void) state;
    reads(conftext_libvirt, NULL, "key", NULL);
    reads(conftext_libvirt, "", "key", NULL);
    reads(conftext_libvirt, "#key = 1\n # key = 1\n", "key", NULL);
    reads(conftext_libvirt, "key_more = 1\nmy_key = 1\nkey\n", "key", NULL);
    reads(conftext_libvirt, "list = [\n\"key\",\n]\n", "key", NULL);
}

static void test_set_twice(void **state)
{
    static const char text[] = "ON_BOOT=start\nON_BOOT=ignore\n";

    (void) state;
    reads(conftext_libvirt, text, "ON_BOOT", "start");
    reads(conftext_shell, text, "ON_BOOT", "ignore");
}

static void test_numbers(void **state)
{
    (void) state;
    assert_int_equal(conftext_number("port = 5\n", "port", 7), 5);
    assert_int_equal(conftext_number("port = \"5\"\n", "port", 7), 5);
    assert_int_equal(conftext_number("port = many\n", "port", 7), 7);
    assert_int_equal(conftext_number(NULL, "port", 7), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_what_sets_nothing),
        cmocka_unit_test(test_set_twice),
        cmocka_unit_test(test_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
