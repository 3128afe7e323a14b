/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/err: text, code and kind of errors; above all that no foreign text can
 * forge a line of its own.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void sets_code_kind_and_text(void **state)
{
    struct err why = { .kind = ERR_GENERIC };

    (void) state;
    assert_int_equal(err_set(&why, -ENOENT, ERR_INSTALLED, "no '%s' in %d", "x", 3), -ENOENT);
    assert_int_equal(why.kind, ERR_INSTALLED);
    assert_string_equal(why.text, "no 'x' in 3");
}

static void takes_null(void **state)
{
    (void) state;
    assert_int_equal(err_set(NULL, -EIO, ERR_PERM, "x"), -EIO);
    assert_int_equal(err_prefix(NULL, -EIO, "x"), -EIO);
}

static void prefix_keeps_kind_and_text(void **state)
{
    struct err why;

    (void) state;
    err_set(&why, -EIO, ERR_ARGS, "line %d", 7);
    assert_int_equal(err_prefix(&why, -EINVAL, "config '%s'", "/a"), -EINVAL);
    assert_int_equal(why.kind, ERR_ARGS);
    assert_string_equal(why.text, "config '/a': line 7");
}

static void own_text_may_be_an_argument(void **state)
{
    struct err why;

    (void) state;
    err_set(&why, -EIO, ERR_ARGS, "inner");
    err_set(&why, -EIO, ERR_ARGS, "outer (%s)", why.text);
    assert_string_equal(why.text, "outer (inner)");
    err_prefix(&why, -EIO, "%s", why.text);
    assert_string_equal(why.text, "outer (inner): outer (inner)");
}

static void controls_become_question_marks(void **state)
{
    struct err why;

    (void) state;
    err_set(&why, -EIO, ERR_ARGS, "a%sb", "\nocf-exit-reason:forged\r\x1b[2J\x7f\t");
    assert_string_equal(why.text, "a?ocf-exit-reason:forged??[2J??b");
    /* U+0085 and U+009B are line break and escape in UTF-8; U+00A0 is neither */
    err_set(&why, -EIO, ERR_ARGS, "x\xc2\x85y\xc2\x9bz\xc2\xa0");
    assert_string_equal(why.text, "x??y??z\xc2\xa0");
    err_prefix(&why, -EIO, "p\nq");
    assert_null(strchr(why.text, '\n'));
}

static void long_text_is_cut_at_a_character(void **state)
{
    static const char *const characters[] = { "a", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x90\xa7" };
    char text[4 * ERR_TEXT_SIZE + 1];
    struct err why;

    (void) state;
    for (size_t c = 0; c < 4; c++) {
        for (size_t shift = 0; shift < 4; shift++) {
            size_t len = strlen(characters[c]);

            memset(text, 'x', sizeof(text));
            for (size_t i = shift; i + len < sizeof(text); i += len) {
                memcpy(text + i, characters[c], len);
            }
            text[sizeof(text) - 1] = '\0';
            err_set(&why, -EIO, ERR_GENERIC, "%s", text);
            size_t got = strlen(why.text);

            assert_true(got < ERR_TEXT_SIZE && got >= ERR_TEXT_SIZE - len);
            assert_int_equal((got - shift) % len, 0);
            err_prefix(&why, -EIO, "%s", text);
            assert_int_equal((strlen(why.text) - shift) % len, 0);
        }
    }
}

static void prefix_that_just_fills_is_no_overflow(void **state)
{
    char text[ERR_TEXT_SIZE + 8];
    struct err why;

    (void) state;
    for (size_t len = ERR_TEXT_SIZE - 8; len < sizeof(text); len++) {
        memset(text, 'p', len);
        text[len < sizeof(text) ? len : len - 1] = '\0';
        err_set(&why, -EIO, ERR_GENERIC, "inner");
        err_prefix(&why, -EIO, "%s", text);
        assert_in_range(strlen(why.text), ERR_TEXT_SIZE - 9, ERR_TEXT_SIZE - 1);
    }
}

static void each_kind_has_its_ocf_code(void **state)
{
    static const int codes[] = {
        [ERR_GENERIC] = 1, [ERR_ARGS] = 2, [ERR_PERM] = 4, [ERR_INSTALLED] = 5,
        [ERR_CONFIGURED] = 6,
    };

    (void) state;
    assert_int_equal(sizeof(codes) / sizeof(codes[0]), ERR_KIND_LAST);
    for (int kind = 0; kind < ERR_KIND_LAST; kind++) {
        assert_int_equal(err_ocf_code((enum err_kind) kind), codes[kind]);
    }
    assert_int_equal(err_ocf_code((enum err_kind) 77), 1);
    assert_int_equal(err_ocf_code((enum err_kind) -1), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_code_kind_and_text),
        cmocka_unit_test(takes_null),
        cmocka_unit_test(prefix_keeps_kind_and_text),
        cmocka_unit_test(own_text_may_be_an_argument),
        cmocka_unit_test(controls_become_question_marks),
        cmocka_unit_test(long_text_is_cut_at_a_character),
        cmocka_unit_test(prefix_that_just_fills_is_no_overflow),
        cmocka_unit_test(each_kind_has_its_ocf_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
