/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/clock: deadlines never grow, never go below zero, and pauses end.
 */
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"

static void monotonic_goes_on(void **state)
{
    int64_t a = clock_mono_us();

    (void) state;
    assert_true(a > 0);
    assert_true(clock_mono_us() >= a);
    /* after 2020, before 2200 */
    assert_in_range(clock_wall_ms(), INT64_C(1577836800000), INT64_C(7258118400000));
}

static void wall_time_in_words(void **state)
{
    static const struct { int64_t ms; const char *text; } times[] = {
        { 0, "1970-01-01T00:00:00.000Z" },
        { 999, "1970-01-01T00:00:00.999Z" },
        { INT64_C(951782399001), "2000-02-28T23:59:59.001Z" },
        { INT64_C(951782400010), "2000-02-29T00:00:00.010Z" },
        { INT64_C(1763661900123), "2025-11-20T18:05:00.123Z" },
        { INT64_C(4102444800000), "2100-01-01T00:00:00.000Z" },
        { INT64_MAX, "292278994-08-17T07:12:55.807Z" },
    };
    char text[CLOCK_TEXT_SIZE];

    (void) state;
    /* UTC, wherever the node is */
    assert_int_equal(setenv("TZ", "Asia/Kathmandu", 1), 0);
    tzset();
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        clock_wall_text(times[i].ms, text);
        assert_string_equal(text, times[i].text);
    }
    unsetenv("TZ");
    tzset();
}

static void left_is_bounded(void **state)
{
    (void) state;
    assert_int_equal(deadline_left_ms(deadline_in_ms(0)), 0);
    assert_int_equal(deadline_left_ms(deadline_in_ms(-5)), 0);
    assert_true(deadline_over(deadline_in_ms(0)));
    assert_true(deadline_over(deadline_in_ms(INT64_MIN)));
    assert_false(deadline_over(deadline_in_ms(60000)));
    assert_in_range(deadline_left_ms(deadline_in_ms(60000)), 59000, 60000);
    assert_int_equal(deadline_left_ms(deadline_in_ms(INT64_MAX)), INT_MAX);
    /* what is left of a millisecond is one, else poll would spin */
    struct deadline soon = { .at_us = clock_mono_us() + 900 };

    assert_in_range(deadline_left_ms(soon), 0, 1);
}

static void a_part_is_never_more_than_the_whole(void **state)
{
    struct deadline d = deadline_in_ms(10000);

    (void) state;
    assert_in_range(deadline_left_ms(deadline_part(d, 50, INT64_MAX)), 4900, 5000);
    assert_in_range(deadline_left_ms(deadline_part(d, 50, 100)), 1, 100);
    assert_true(deadline_part(d, 100, INT64_MAX).at_us <= d.at_us);
    assert_true(deadline_part(d, 300, INT64_MAX).at_us <= d.at_us);
    assert_true(deadline_over(deadline_part(deadline_in_ms(0), 50, 1000)));
    assert_true(deadline_over(deadline_part(d, 0, 1000)));
}

static void min_takes_the_earlier(void **state)
{
    struct deadline a = { .at_us = 5 };
    struct deadline b = { .at_us = 6 };

    (void) state;
    assert_int_equal(deadline_min(a, b).at_us, 5);
    assert_int_equal(deadline_min(b, a).at_us, 5);
}

static void pauses_end(void **state)
{
    int64_t begin = clock_mono_us();

    (void) state;
    clock_pause_ms(20, deadline_in_ms(60000));
    assert_true(clock_mono_us() - begin >= 20000);
    begin = clock_mono_us();
    clock_pause_ms(60000, deadline_in_ms(20));
    assert_in_range(clock_mono_us() - begin, 20000, 30000000);
    clock_pause_ms(60000, deadline_in_ms(0));
    clock_pause_ms(-1, deadline_in_ms(60000));
    assert_true(clock_mono_us() - begin < 30000000);
}

static void nothing(int sig)
{
    (void) sig;
}

static void signals_do_not_shorten_a_pause(void **state)
{
    struct sigaction act = { .sa_handler = nothing };
    struct itimerval often = { { 0, 2000 }, { 0, 2000 } };
    struct itimerval never = { { 0, 0 }, { 0, 0 } };

    (void) state;
    assert_int_equal(sigaction(SIGALRM, &act, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    int64_t begin = clock_mono_us();

    clock_pause_ms(50, deadline_in_ms(60000));
    assert_true(clock_mono_us() - begin >= 50000);
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(monotonic_goes_on),
        cmocka_unit_test(wall_time_in_words),
        cmocka_unit_test(left_is_bounded),
        cmocka_unit_test(a_part_is_never_more_than_the_whole),
        cmocka_unit_test(min_takes_the_earlier),
        cmocka_unit_test(pauses_end),
        cmocka_unit_test(signals_do_not_shorten_a_pause),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
