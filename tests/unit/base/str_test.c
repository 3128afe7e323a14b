/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/str: copies, growing arrays, and numbers that are numbers throughout.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

static void copies_are_the_callers(void **state)
{
    char *a = str_printf("%s-%d", "x", 4);
    char *b = str_dup(a);

    (void) state;
    assert_string_equal(b, "x-4");
    assert_ptr_not_equal(a, b);
    assert_null(str_dup(NULL));
    free(a);
    free(b);
}

static void arrays_grow_with_zeroed_ends(void **state)
{
    struct item { char *text; int64_t number; } *items = NULL;
    size_t count = 0;

    (void) state;
    for (int i = 0; i < 1000; i++) {
        struct item *item = array_add(&items, &count, sizeof(*items));

        assert_ptr_equal(item, &items[i]);
        assert_null(item->text);
        assert_int_equal(item->number, 0);
        item->number = i;
        item->text = str_printf("%d", i);
    }
    assert_int_equal(count, 1000);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(items[i].number, i);
        assert_int_equal(atoi(items[i].text), i);
        free(items[i].text);
    }
    free(items);
}

static void zeroed_memory_of_any_size(void **state)
{
    char *p = mem_zero(7, 3);

    (void) state;
    for (int i = 0; i < 21; i++) {
        assert_int_equal(p[i], 0);
    }
    free(p);
    p = mem_zero(0, 8);
    assert_non_null(p);
    free(p);
}

static void null_equals_only_null(void **state)
{
    (void) state;
    assert_true(str_eq(NULL, NULL));
    assert_false(str_eq(NULL, ""));
    assert_false(str_eq("", NULL));
    assert_true(str_eq("a", "a"));
    assert_false(str_eq("a", "A"));
}

static void prefixes(void **state)
{
    (void) state;
    assert_true(str_starts("qemu-kvm", "qemu"));
    assert_true(str_starts("a", ""));
    assert_false(str_starts("q", "qemu"));
    assert_false(str_starts(NULL, "q"));
    assert_false(str_starts("q", NULL));
    assert_true(str_has_control("a\nb") && str_has_control("\x7f") && str_has_control("\x1b"));
    assert_false(str_has_control("") || str_has_control("a b") || str_has_control("\xc2\x85"));
}

static void whole_numbers_only(void **state)
{
    static const char *const bad[] = {
        "", " 1", "1 ", "+1", "0x10", "1e3", "-", "--1", "1.0", "one", "9223372036854775808",
        "-9223372036854775809", "99999999999999999999999", "1\n", "\xd9\xa1",
    };
    int64_t value = 77;

    (void) state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(str_to_int64(bad[i], INT64_MIN, INT64_MAX, &value));
    }
    assert_false(str_to_int64(NULL, 0, 1, &value));
    assert_false(str_to_int64("5", 6, 9, &value));
    assert_false(str_to_int64("10", 6, 9, &value));
    assert_int_equal(value, 77);
    assert_true(str_to_int64("9223372036854775807", 0, INT64_MAX, &value));
    assert_true(value == INT64_MAX);
    assert_true(str_to_int64("-9223372036854775808", INT64_MIN, 0, &value));
    assert_true(value == INT64_MIN);
    assert_true(str_to_int64("007", 6, 9, &value));
    assert_int_equal(value, 7);
}

static void utf8_is_read_as_its_standard_has_it(void **state)
{
    static const struct { const char *text; size_t length; uint32_t code; } rows[] = {
        {"a", 1, 'a'}, {"\x01", 1, 1}, {"\xc3\xb6x", 2, 0xf6}, {"\xe2\x82\xac", 3, 0x20ac},
        {"\xf0\x9f\x90\xa7", 4, 0x1f427}, {"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
        {"", 0, 0}, {"\x80", 0, 0}, {"\xc3", 0, 0}, {"\xc3" "a", 0, 0}, {"\xe2\x82", 0, 0},
        {"\xc0\xbc", 0, 0}, {"\xe0\x80\xbc", 0, 0}, {"\xf0\x80\x80\xbc", 0, 0}, /* all '<' */
        {"\xed\xa0\x80", 0, 0}, {"\xf4\x90\x80\x80", 0, 0}, {"\xf8\x88\x80\x80\x80", 0, 0},
        {"\xff", 0, 0},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t code = 0;

        assert_int_equal(str_utf8(rows[i].text, &code), rows[i].length);
        assert_int_equal(code, rows[i].code);
    }
}

/* Known values of 64 bit FNV-1a: records keep it, and two builds should agree. */
static void digests(void **state)
{
    static const char nul[] = { 'a', '\0', 'b' };

    (void) state;
    assert_true(str_digest("", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(str_digest("a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(str_digest("foobar", 6) == UINT64_C(0x85944171f73967e8));
    /* a NUL is a byte like any other, and a byte above 127 no negative one */
    assert_true(str_digest(nul, sizeof nul) != str_digest(nul, 1));
    assert_true(str_digest("\xff", 1) == UINT64_C(0xaf64724c8602eb6e));
    assert_true(str_digest("ab", 2) != str_digest("ba", 2));
}

static void only_what_xml_holds_is_shown(void **state)
{
    static const uint32_t not[] = {0, '\n', 0x1b, 0x7f, 0x80, 0x9f, 0xfffe, 0xffff};

    (void) state;
    for (size_t i = 0; i < sizeof not / sizeof not[0]; i++) {
        assert_false(str_may_be_shown(not[i]));
    }
    assert_true(str_may_be_shown(' ') && str_may_be_shown('~') && str_may_be_shown(0xa0) &&
                str_may_be_shown(0xfffd) && str_may_be_shown(0x10ffff));
}

static void note_line(void *data, const char *line)
{
    char *seen = data;

    seen += strlen(seen);
    memcpy(seen, line, strlen(line));
    memcpy(seen + strlen(line), "|", 2);
}

static void whole_lines_are_taken(void **state)
{
    char text[16] = "one\n\ntwo\nth";
    char seen[16] = "";

    (void) state;
    assert_int_equal(str_take_lines(text, 11, note_line, seen), 2);
    assert_string_equal(seen, "one||two|");
    assert_memory_equal(text, "th", 2);
    memcpy(text + 2, "ree\n", 4);
    assert_int_equal(str_take_lines(text, 6, note_line, seen), 0);
    assert_string_equal(seen, "one||two|three|");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_the_callers),
        cmocka_unit_test(arrays_grow_with_zeroed_ends),
        cmocka_unit_test(zeroed_memory_of_any_size),
        cmocka_unit_test(null_equals_only_null),
        cmocka_unit_test(prefixes),
        cmocka_unit_test(whole_numbers_only),
        cmocka_unit_test(utf8_is_read_as_its_standard_has_it),
        cmocka_unit_test(digests),
        cmocka_unit_test(only_what_xml_holds_is_shown),
        cmocka_unit_test(whole_lines_are_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
