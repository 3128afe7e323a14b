/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/series: only a monitor that comes when the answer to the last one let expect it goes on
 * with a series; in doubt it is a first one, which is never held.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/series.h"

enum { INTERVAL_MS = 10000, ANSWERED_MS = 5000, DUE_MS = ANSWERED_MS + INTERVAL_MS };

static const uint64_t DIGEST = UINT64_C(0xfedcba9876543210);

/* A first monitor has come and got its answer. */
static struct series answered(void)
{
    struct series s = {0};

    assert_false(series_comes(&s, INTERVAL_MS, DIGEST, ANSWERED_MS - 1000));
    series_answered(&s, ANSWERED_MS);
    return s;
}

static void the_first_ever_is_not_held(void **state)
{
    struct series s = {0};

    (void) state;
    assert_false(series_comes(&s, INTERVAL_MS, DIGEST, DUE_MS));
    /* not even one that looks like what nobody has seen yet */
    s = (struct series) {0};
    assert_false(series_comes(&s, 0, 0, 0));
}

static void only_one_in_time_goes_on(void **state)
{
    static const struct { int64_t at_ms; bool goes_on; } times[] = {
        { 0, false }, /* before the answer: another boot's clock */
        { ANSWERED_MS, false },
        { DUE_MS - 1, false },
        { DUE_MS, true },
        { DUE_MS + 1, true },
        { DUE_MS + SERIES_LATE_MS, true },
        { DUE_MS + SERIES_LATE_MS + 1, false },
        { DUE_MS + INTERVAL_MS, false },
        { INT64_MAX, false },
    };

    (void) state;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        struct series s = answered();

        if (series_comes(&s, INTERVAL_MS, DIGEST, times[i].at_ms) != times[i].goes_on) {
            fail_msg("at %lld ms", (long long) times[i].at_ms);
        }
    }
}

static void another_kind_begins_another_series(void **state)
{
    struct series s = answered();

    (void) state;
    assert_false(series_comes(&s, INTERVAL_MS, DIGEST + 1, DUE_MS));
    s = answered();
    assert_false(series_comes(&s, INTERVAL_MS + 1, DIGEST, DUE_MS + 1));
    s = answered();
    assert_false(series_comes(&s, INTERVAL_MS - 1, DIGEST, DUE_MS));
}

/* Whatever came is the series from then on, and due counts from its own answer. */
static void what_comes_is_what_goes_on(void **state)
{
    struct series s = answered();

    (void) state;
    assert_false(series_comes(&s, 3000, DIGEST + 1, DUE_MS));
    series_answered(&s, DUE_MS + 7);
    assert_true(series_comes(&s, 3000, DIGEST + 1, DUE_MS + 3007));
    series_answered(&s, DUE_MS + 9000); /* held for long: the next is due after that */
    assert_false(series_comes(&s, 3000, DIGEST + 1, DUE_MS + 11999));
    series_answered(&s, DUE_MS + 12000);
    assert_true(series_comes(&s, 3000, DIGEST + 1, DUE_MS + 15500));
}

static void one_that_was_cancelled_has_no_next(void **state)
{
    struct series s = answered();

    (void) state;
    assert_true(series_comes(&s, INTERVAL_MS, DIGEST, DUE_MS)); /* held, and cancelled */
    assert_false(series_comes(&s, INTERVAL_MS, DIGEST, DUE_MS));
    assert_false(series_comes(&s, INTERVAL_MS, DIGEST, DUE_MS + INTERVAL_MS));
    series_answered(&s, DUE_MS + INTERVAL_MS);
    assert_true(series_comes(&s, INTERVAL_MS, DIGEST, DUE_MS + 2 * INTERVAL_MS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_ever_is_not_held),
        cmocka_unit_test(only_one_in_time_goes_on),
        cmocka_unit_test(another_kind_begins_another_series),
        cmocka_unit_test(what_comes_is_what_goes_on),
        cmocka_unit_test(one_that_was_cancelled_has_no_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
