/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/outcome: over every condition, question and policy, "not running" is said
 * of frozen and absent guests only, and doubt is never health.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/outcome.h"

enum { OK = 0, FAILED = 1, GONE = 7, DEGRADED = 190 };

typedef void (*check_fn)(enum condition c, const struct params *p, int grace_over);

static void with_each_policy(check_fn check)
{
    struct params p;

    params_defaults(&p);
    for (int i = 0; i < 3 * 3 * 3 * 3 * 2 * 2 * 2; i++) {
        int n = i;

        p.on_pause = (enum on_pause) (n % 3), n /= 3;
        p.on_io_error = (enum on_io_error) (n % 3), n /= 3;
        p.on_watchdog = (enum on_watchdog) (n % 3), n /= 3;
        p.on_pmsuspend = (enum on_pmsuspend) (n % 3), n /= 3;
        p.crash_policy = (enum crash_policy) (n % 2), n /= 2;
        p.force_stop = n % 2, n /= 2;
        for (int c = 0; c < CONDITION_LAST; c++) {
            check((enum condition) c, &p, n % 2);
        }
    }
    params_free(&p);
}

static void check_codes(enum condition c, const struct params *p, int grace_over)
{
    struct outcome monitor = outcome_of(c, QUESTION_MONITOR, p, grace_over);
    struct outcome probe = outcome_of(c, QUESTION_PROBE, p, grace_over);
    bool stopped = c == CONDITION_ABSENT || c == CONDITION_FROZEN;

    assert_int_equal(monitor.ocf == GONE, stopped);
    assert_int_equal(probe.ocf == GONE, stopped);
    assert_true(monitor.ocf == OK || monitor.ocf == FAILED || monitor.ocf == GONE ||
                monitor.ocf == DEGRADED);
    /* degraded is for recurring monitors: a probe only asks whether it is here */
    assert_true(probe.ocf == OK || probe.ocf == FAILED || probe.ocf == GONE);
    assert_true(monitor.text && *monitor.text);
    assert_string_equal(monitor.text, probe.text);
    assert_null(strpbrk(monitor.text, "\n\t"));
}

static void only_the_proven_are_not_running(void **state)
{
    (void) state;
    with_each_policy(check_codes);
}

static void check_unpolicied(enum condition c, const struct params *p, int grace_over)
{
    static const struct { enum condition c; int monitor; int probe; } fixed[] = {
        { CONDITION_UNKNOWN, FAILED, FAILED }, { CONDITION_RUNNING, OK, OK },
        { CONDITION_BUSY, OK, OK }, { CONDITION_CRASHED, FAILED, FAILED },
        { CONDITION_SELF_RECOVERING, DEGRADED, OK }, { CONDITION_STOPPING, FAILED, OK },
        { CONDITION_FROZEN, GONE, GONE }, { CONDITION_THAWED, FAILED, FAILED },
        { CONDITION_ABSENT, GONE, GONE }, { CONDITION_SILENT, DEGRADED, OK },
    };

    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
        if (fixed[i].c == c) {
            assert_int_equal(outcome_of(c, QUESTION_MONITOR, p, grace_over).ocf,
                             fixed[i].monitor);
            assert_int_equal(outcome_of(c, QUESTION_PROBE, p, grace_over).ocf, fixed[i].probe);
        }
    }
}

static void no_policy_changes_the_rest(void **state)
{
    (void) state;
    with_each_policy(check_unpolicied);
}

static int monitor(enum condition c, const struct params *p, int grace_over)
{
    return outcome_of(c, QUESTION_MONITOR, p, grace_over).ocf;
}

static int probe(enum condition c, const struct params *p)
{
    return outcome_of(c, QUESTION_PROBE, p, 0).ocf;
}

static void policies_of_pause_and_sleep(void **state)
{
    static const int pause[] = {
        [ON_PAUSE_DEGRADED] = DEGRADED, [ON_PAUSE_OK] = OK, [ON_PAUSE_FAIL] = FAILED,
    };
    static const int sleep[] = {
        [ON_PMSUSPEND_OK] = OK, [ON_PMSUSPEND_WAKEUP] = DEGRADED, [ON_PMSUSPEND_FAIL] = FAILED,
    };
    struct params p;

    (void) state;
    params_defaults(&p);
    for (int i = 0; i < 3; i++) {
        p.on_pause = (enum on_pause) i;
        p.on_pmsuspend = (enum on_pmsuspend) i;
        assert_int_equal(monitor(CONDITION_PAUSED, &p, 0), pause[i]);
        assert_int_equal(probe(CONDITION_PAUSED, &p), OK);
        assert_int_equal(monitor(CONDITION_SLEEPING, &p, 0), sleep[i]);
        assert_int_equal(probe(CONDITION_SLEEPING, &p), OK);
    }
    params_free(&p);
}

static void policies_of_io_error_and_hang(void **state)
{
    struct params p;

    (void) state;
    params_defaults(&p);
    assert_int_equal(monitor(CONDITION_IO_ERROR, &p, 0), DEGRADED);
    assert_int_equal(monitor(CONDITION_IO_ERROR, &p, 1), FAILED);
    assert_int_equal(probe(CONDITION_IO_ERROR, &p), OK);
    assert_int_equal(monitor(CONDITION_HUNG, &p, 0), FAILED);
    assert_int_equal(probe(CONDITION_HUNG, &p), FAILED);
    p.on_io_error = ON_IO_ERROR_FREEZE;
    p.on_watchdog = ON_WATCHDOG_DEGRADED;
    for (int over = 0; over < 2; over++) {
        assert_int_equal(monitor(CONDITION_IO_ERROR, &p, over), FAILED);
        assert_int_equal(monitor(CONDITION_HUNG, &p, over), DEGRADED);
    }
    assert_int_equal(probe(CONDITION_HUNG, &p), OK);
    p.on_io_error = ON_IO_ERROR_DEGRADED;
    p.on_watchdog = ON_WATCHDOG_IGNORE;
    for (int over = 0; over < 2; over++) {
        assert_int_equal(monitor(CONDITION_IO_ERROR, &p, over), DEGRADED);
        assert_int_equal(monitor(CONDITION_HUNG, &p, over), OK);
    }
    params_free(&p);
}

static void check_plans(enum condition c, const struct params *p, int grace_over)
{
    enum stop_plan plan = stop_plan_of(c, p);
    bool stopped = c == CONDITION_ABSENT || c == CONDITION_FROZEN;

    (void) grace_over;
    assert_in_range(plan, 0, STOP_PLAN_LAST - 1);
    assert_int_equal(plan == STOP_NOTHING, stopped);
    if (p->crash_policy == CRASH_DESTROY) {
        assert_int_not_equal(plan, STOP_FREEZE);
    }
    if (p->force_stop) {
        assert_true(plan != STOP_SEQUENCE && plan != STOP_RESUME && plan != STOP_WAKE);
    }
    /* a crash keeps its memory, also of a guest that is always stopped by force */
    if (p->crash_policy == CRASH_FREEZE &&
        (c == CONDITION_CRASHED || c == CONDITION_HUNG || c == CONDITION_IO_ERROR ||
         c == CONDITION_THAWED)) {
        assert_int_equal(plan, STOP_FREEZE);
    }
}

static void stops_of_every_policy(void **state)
{
    (void) state;
    with_each_policy(check_plans);
}

static void stops_by_default(void **state)
{
    static const enum stop_plan plans[] = {
        [CONDITION_UNKNOWN] = STOP_KILL, [CONDITION_RUNNING] = STOP_SEQUENCE,
        [CONDITION_BUSY] = STOP_SETTLE, [CONDITION_PAUSED] = STOP_RESUME,
        [CONDITION_IO_ERROR] = STOP_FREEZE, [CONDITION_HUNG] = STOP_FREEZE,
        [CONDITION_CRASHED] = STOP_FREEZE, [CONDITION_SELF_RECOVERING] = STOP_SEQUENCE,
        [CONDITION_SLEEPING] = STOP_WAKE, [CONDITION_STOPPING] = STOP_WAIT,
        [CONDITION_FROZEN] = STOP_NOTHING, [CONDITION_THAWED] = STOP_FREEZE,
        [CONDITION_ABSENT] = STOP_NOTHING, [CONDITION_SILENT] = STOP_KILL,
    };
    struct params p;

    (void) state;
    params_defaults(&p);
    assert_int_equal(sizeof(plans) / sizeof(plans[0]), CONDITION_LAST);
    for (int c = 0; c < CONDITION_LAST; c++) {
        assert_int_equal(stop_plan_of((enum condition) c, &p), plans[c]);
    }
    params_free(&p);
}

static void garbage_is_doubt(void **state)
{
    struct params p;

    (void) state;
    params_defaults(&p);
    assert_int_equal(monitor((enum condition) 99, &p, 0), FAILED);
    assert_int_equal(probe((enum condition) -1, &p), FAILED);
    assert_int_equal(stop_plan_of((enum condition) 99, &p), STOP_KILL);
    p.on_pause = (enum on_pause) 99;
    assert_int_equal(monitor(CONDITION_PAUSED, &p, 0), FAILED);
    assert_string_equal(stop_plan_name((enum stop_plan) 99), "kill");
    params_free(&p);
}

static void prints_every_condition_and_plan(void **state)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void) state;
    assert_non_null(out);
    table_print(out, outcome_tell);
    fclose(out);
    char *stops = strstr(text, "What a stop does first");

    assert_non_null(stops);
    for (int c = 0; c < CONDITION_LAST; c++) {
        char line[64];

        snprintf(line, sizeof(line), "\n%s ", condition_name((enum condition) c));
        assert_non_null(strstr(stops, line));
        assert_true(strstr(text, line) < stops);
    }
    for (int plan = 0; plan < STOP_PLAN_LAST; plan++) {
        assert_non_null(strstr(stops, stop_plan_name((enum stop_plan) plan)));
    }
    assert_non_null(strstr(text, "\npaused           on_pause=degraded "));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_proven_are_not_running),
        cmocka_unit_test(no_policy_changes_the_rest),
        cmocka_unit_test(policies_of_pause_and_sleep),
        cmocka_unit_test(policies_of_io_error_and_hang),
        cmocka_unit_test(stops_of_every_policy),
        cmocka_unit_test(stops_by_default),
        cmocka_unit_test(garbage_is_doubt),
        cmocka_unit_test(prints_every_condition_and_plan),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
