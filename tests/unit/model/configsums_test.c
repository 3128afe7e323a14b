/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/configsums: when a config may be replaced, also after a kill at each point of a save.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/configsums.h"

enum { FILE_1 = 1, FILE_2, DOMAIN_1 = 11, DOMAIN_2, DOMAIN_3 };

static struct config_sums started(void)
{
    return (struct config_sums) {.file = FILE_1, .domain = DOMAIN_1};
}

static void what_did_not_change_is_not_written(void **state)
{
    struct config_sums s = started();

    (void) state;
    assert_int_equal(config_judge(&s, FILE_1, DOMAIN_1), CONFIG_SAME);
    assert_int_equal(config_judge(&s, DOMAIN_1, DOMAIN_1), CONFIG_SAME);
    assert_int_equal(s.saved, 0);
}

static void an_edited_file_is_left(void **state)
{
    struct config_sums s = started();

    (void) state;
    assert_int_equal(config_judge(&s, FILE_2, DOMAIN_2), CONFIG_EDITED);
    assert_int_equal(config_judge(&s, FILE_1, DOMAIN_2), CONFIG_CHANGED);
    assert_int_equal(config_judge(&s, FILE_2, DOMAIN_3), CONFIG_EDITED);
    assert_int_equal(config_judge(&s, FILE_2, DOMAIN_2), CONFIG_EDITED);
}

static void a_change_is_written_until_it_is_there(void **state)
{
    struct config_sums s = started();

    (void) state;
    assert_int_equal(config_judge(&s, FILE_1, DOMAIN_2), CONFIG_CHANGED);
    assert_int_equal(s.saved, DOMAIN_2);
    /* Killed before the file was written, and the change was taken back meanwhile, or not. */
    assert_int_equal(config_judge(&s, FILE_1, DOMAIN_2), CONFIG_CHANGED);
    assert_int_equal(config_judge(&s, DOMAIN_2, DOMAIN_2), CONFIG_SAME);
    /* Another change, killed before the file was written: it is still the first one's. */
    assert_int_equal(config_judge(&s, DOMAIN_2, DOMAIN_3), CONFIG_CHANGED);
    assert_int_equal(config_judge(&s, DOMAIN_2, DOMAIN_3), CONFIG_CHANGED);
    assert_int_equal(config_judge(&s, DOMAIN_3, DOMAIN_3), CONFIG_SAME);
    /* All of it taken back: what the guest started with has to be written as well. */
    assert_int_equal(config_judge(&s, DOMAIN_3, DOMAIN_1), CONFIG_CHANGED);
    assert_int_equal(config_judge(&s, FILE_2, DOMAIN_1), CONFIG_EDITED);
}

/* The guest was found running: somebody may have edited the file since it was started from it. */
static void what_was_never_noted_is_not_written(void **state)
{
    struct config_sums s = {.file = 0};
    struct config_sums same = {.file = 0};

    (void) state;
    assert_int_equal(config_judge(&s, FILE_1, DOMAIN_1), CONFIG_NOTED);
    assert_int_equal(s.file, FILE_1);
    assert_int_equal(s.domain, DOMAIN_1);
    assert_int_equal(s.saved, 0);
    assert_int_equal(config_judge(&s, FILE_1, DOMAIN_1), CONFIG_SAME);
    assert_int_equal(config_judge(&s, FILE_2, DOMAIN_1), CONFIG_EDITED);
    /* What is changed from then on is known. */
    assert_int_equal(config_judge(&s, FILE_1, DOMAIN_2), CONFIG_CHANGED);
    assert_int_equal(config_judge(&same, DOMAIN_1, DOMAIN_1), CONFIG_NOTED);
    assert_int_equal(config_judge(&same, DOMAIN_1, DOMAIN_2), CONFIG_CHANGED);
}

/* libvirt did not tell about the guest when it came to run, or the parameter was set later. */
static void what_was_noted_by_half_is_written(void **state)
{
    struct config_sums half = {.file = FILE_1};

    (void) state;
    assert_int_equal(config_judge(&half, FILE_1, DOMAIN_1), CONFIG_CHANGED);
    assert_int_equal(config_judge(&half, DOMAIN_1, DOMAIN_1), CONFIG_SAME);
    assert_int_equal(config_judge(&half, FILE_2, DOMAIN_1), CONFIG_EDITED);
}

static void sums_tell_texts_apart(void **state)
{
    (void) state;
    assert_true(config_sum("", 0) != 0);
    assert_true(config_sum("a", 1) != config_sum("b", 1));
    assert_true(config_sum("ab", 2) != config_sum("ba", 2));
    assert_true(config_sum("a\0b", 3) != config_sum("a\0c", 3));
    assert_true(config_sum("ab", 2) == config_sum("abc", 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_did_not_change_is_not_written),
        cmocka_unit_test(an_edited_file_is_left),
        cmocka_unit_test(a_change_is_written_until_it_is_there),
        cmocka_unit_test(what_was_never_noted_is_not_written),
        cmocka_unit_test(what_was_noted_by_half_is_written),
        cmocka_unit_test(sums_tell_texts_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
