/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/migration: the table written down a second time, and what must hold over all of it: a guest
 * is never let run here that may run there, and nothing is ended that may be the only one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <libvirt/libvirt.h>

#include "model/migration.h"

#define S(NAME) GUEST_END_##NAME

struct expected {
    enum guest_end source, target;
    int ran; /* -1: either */
    enum migration_deed first, then;
};

static const struct expected each_row[] = {
    {S(ABSENT), S(RUNS), -1, MIGRATION_MOVED, MIGRATION_MOVED},
    {S(ABSENT), S(STANDS), -1, MIGRATION_WAIT, MIGRATION_MOVED},
    {S(ABSENT), S(ABSENT), -1, MIGRATION_WAIT, MIGRATION_LOST},
    {S(RUNS), S(ABSENT), -1, MIGRATION_STAYED, MIGRATION_STAYED},
    {S(RUNS), S(STANDS), -1, MIGRATION_WAIT, MIGRATION_END_TARGET},
    {S(RUNS), S(UNKNOWN), -1, MIGRATION_WAIT, MIGRATION_STAYED},
    {S(RESUMED), S(RUNS), -1, MIGRATION_END_SOURCE, MIGRATION_END_SOURCE},
    {S(RESUMED), S(UNKNOWN), -1, MIGRATION_WAIT, MIGRATION_END_SOURCE},
    {S(RESUMED), S(ABSENT), 0, MIGRATION_STAYED, MIGRATION_STAYED},
    {S(RESUMED), S(ABSENT), 1, MIGRATION_END_SOURCE, MIGRATION_END_SOURCE},
    {S(RESUMED), S(STANDS), -1, MIGRATION_WAIT, MIGRATION_END_TARGET},
    {S(STANDS), S(RUNS), -1, MIGRATION_WAIT, MIGRATION_END_SOURCE},
    {S(STANDS), S(STANDS), 0, MIGRATION_WAIT, MIGRATION_END_TARGET},
    {S(STANDS), S(ABSENT), 0, MIGRATION_WAIT, MIGRATION_RESUME_SOURCE},
    {S(STANDS), S(ABSENT), 1, MIGRATION_WAIT, MIGRATION_END_SOURCE},
    {S(SPLIT), S(RUNS), -1, MIGRATION_WAIT, MIGRATION_DOUBT},
    {S(SPLIT), S(ABSENT), -1, MIGRATION_WAIT, MIGRATION_END_SOURCE},
    {S(BROKEN), S(ABSENT), -1, MIGRATION_STAYED, MIGRATION_STAYED},
    {S(BROKEN), S(STANDS), -1, MIGRATION_WAIT, MIGRATION_END_TARGET},
};

enum { ROWS = sizeof each_row / sizeof each_row[0] };

static const struct expected *expected_of(enum guest_end s, enum guest_end t, int ran)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (each_row[i].source == s && each_row[i].target == t &&
            (each_row[i].ran == -1 || each_row[i].ran == ran)) {
            return &each_row[i];
        }
    }
    return NULL;
}

static void each_combination_is_as_written_here(void **state)
{
    (void) state;
    for (int s = 0; s < GUEST_END_LAST; s++) {
        for (int t = 0; t < GUEST_END_LAST; t++) {
            for (int ran = 0; ran < 2; ran++) {
                enum guest_end source = (enum guest_end) s;
                enum guest_end target = (enum guest_end) t;
                const struct expected *e = expected_of(source, target, ran);

                assert_int_equal(migration_deed_of(source, target, ran, true),
                                 e ? e->first : MIGRATION_WAIT);
                assert_int_equal(migration_deed_of(source, target, ran, false),
                                 e ? e->then : MIGRATION_DOUBT);
            }
        }
    }
}

static bool may_run_there(enum guest_end target)
{
    return target == GUEST_END_RUNS || target == GUEST_END_UNKNOWN;
}

static void no_deed_makes_two_or_none(void **state)
{
    (void) state;
    for (int s = 0; s < GUEST_END_LAST; s++) {
        for (int t = 0; t < GUEST_END_LAST; t++) {
            for (int i = 0; i < 4; i++) {
                enum guest_end source = (enum guest_end) s;
                enum guest_end target = (enum guest_end) t;
                enum migration_deed d = migration_deed_of(source, target, i & 1, i & 2);

                if (d == MIGRATION_RESUME_SOURCE) {
                    assert_int_equal(target, GUEST_END_ABSENT);
                    assert_int_equal(source, GUEST_END_STANDS);
                    assert_false(i & 1);
                }
                if (d == MIGRATION_END_TARGET) {
                    assert_int_equal(target, GUEST_END_STANDS);
                }
                if (d == MIGRATION_MOVED) {
                    assert_int_equal(source, GUEST_END_ABSENT);
                    assert_int_not_equal(target, GUEST_END_UNKNOWN);
                }
                if (d == MIGRATION_STAYED) {
                    assert_true(source == GUEST_END_RUNS || !may_run_there(target));
                }
                if (d == MIGRATION_END_SOURCE) {
                    assert_int_not_equal(source, GUEST_END_RUNS);
                    assert_int_not_equal(source, GUEST_END_BROKEN);
                }
            }
        }
    }
}

static enum guest_end source_of(enum condition c, int state, int reason)
{
    struct observation seen = {.libvirt = LIBVIRT_KNOWS, .state = state, .reason = reason};

    return migration_source(c, &seen, VIR_DOMAIN_RUNNING_UNPAUSED);
}

static void the_source_is_judged_by_its_condition(void **state)
{
    (void) state;
    assert_int_equal(source_of(CONDITION_ABSENT, 0, 0), GUEST_END_ABSENT);
    assert_int_equal(source_of(CONDITION_RUNNING, VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNPAUSED),
                     GUEST_END_RUNS);
    assert_int_equal(source_of(CONDITION_RUNNING, VIR_DOMAIN_RUNNING,
                               VIR_DOMAIN_RUNNING_MIGRATION_CANCELED), GUEST_END_RESUMED);
    assert_int_equal(source_of(CONDITION_BUSY, VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_MIGRATION),
                     GUEST_END_STANDS);
    assert_int_equal(source_of(CONDITION_BUSY, VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_UNKNOWN),
                     GUEST_END_STANDS); /* QEMU: postmigrate */
    assert_int_equal(source_of(CONDITION_BUSY, VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_POSTCOPY),
                     GUEST_END_SPLIT);
    assert_int_equal(source_of(CONDITION_BUSY, VIR_DOMAIN_PAUSED,
                               VIR_DOMAIN_PAUSED_POSTCOPY_FAILED), GUEST_END_SPLIT);
    assert_int_equal(source_of(CONDITION_BUSY, VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_SAVE),
                     GUEST_END_UNKNOWN);
    assert_int_equal(source_of(CONDITION_BUSY, VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_POSTCOPY),
                     GUEST_END_UNKNOWN);
    assert_int_equal(source_of(CONDITION_CRASHED, VIR_DOMAIN_CRASHED, 0), GUEST_END_BROKEN);
    assert_int_equal(source_of(CONDITION_PAUSED, VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_USER),
                     GUEST_END_BROKEN);
    assert_int_equal(source_of(CONDITION_SILENT, 0, 0), GUEST_END_UNKNOWN);
    assert_int_equal(source_of(CONDITION_UNKNOWN, 0, 0), GUEST_END_UNKNOWN);
}

/* A reason that it had before tells nothing of this migration. */
static void an_older_cancelled_migration_is_no_sign(void **state)
{
    struct observation seen = {
        .libvirt = LIBVIRT_KNOWS, .state = VIR_DOMAIN_RUNNING,
        .reason = VIR_DOMAIN_RUNNING_MIGRATION_CANCELED
    };

    (void) state;
    assert_int_equal(migration_source(CONDITION_RUNNING, &seen,
                                      VIR_DOMAIN_RUNNING_MIGRATION_CANCELED), GUEST_END_RUNS);
}

static void the_target_ran_unless_libvirt_says_that_it_comes_in(void **state)
{
    (void) state;
    assert_int_equal(migration_target(LIBVIRT_NOT_FOUND, 0, 0), GUEST_END_ABSENT);
    assert_int_equal(migration_target(LIBVIRT_SILENT, VIR_DOMAIN_RUNNING, 0), GUEST_END_UNKNOWN);
    assert_int_equal(migration_target(LIBVIRT_KNOWS, VIR_DOMAIN_NOSTATE, 0), GUEST_END_UNKNOWN);
    assert_int_equal(migration_target(LIBVIRT_KNOWS, VIR_DOMAIN_SHUTOFF, 0), GUEST_END_ABSENT);
    for (int reason = 0; reason <= VIR_DOMAIN_PAUSED_POSTCOPY_FAILED; reason++) {
        bool comes_in = reason == VIR_DOMAIN_PAUSED_MIGRATION ||
                        reason == VIR_DOMAIN_PAUSED_STARTING_UP;

        assert_int_equal(migration_target(LIBVIRT_KNOWS, VIR_DOMAIN_PAUSED, reason),
                         comes_in ? GUEST_END_STANDS : GUEST_END_RUNS);
    }
    assert_int_equal(migration_target(LIBVIRT_KNOWS, VIR_DOMAIN_RUNNING, 0), GUEST_END_RUNS);
    assert_int_equal(migration_target(LIBVIRT_KNOWS, VIR_DOMAIN_CRASHED, 0), GUEST_END_RUNS);
}

static void what_breaks_in_mid_migration_is_told_from_its_standstill(void **state)
{
    static const enum condition health[RUNSTATE_LAST] = {
        [RUNSTATE_GUEST_PANICKED] = CONDITION_CRASHED,
        [RUNSTATE_INTERNAL_ERROR] = CONDITION_CRASHED,
        [RUNSTATE_IO_ERROR] = CONDITION_IO_ERROR,
        [RUNSTATE_WATCHDOG] = CONDITION_HUNG,
    };

    (void) state;
    for (int r = 0; r < RUNSTATE_LAST; r++) {
        assert_int_equal(migration_health((enum runstate) r),
                         health[r] ? health[r] : CONDITION_BUSY);
    }
}

static void each_has_a_word(void **state)
{
    (void) state;
    for (int i = 0; i < GUEST_END_LAST; i++) {
        assert_non_null(guest_end_name((enum guest_end) i));
    }
    for (int i = 0; i < MIGRATION_DEED_LAST; i++) {
        assert_non_null(migration_deed_name((enum migration_deed) i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_combination_is_as_written_here),
        cmocka_unit_test(no_deed_makes_two_or_none),
        cmocka_unit_test(the_source_is_judged_by_its_condition),
        cmocka_unit_test(an_older_cancelled_migration_is_no_sign),
        cmocka_unit_test(the_target_ran_unless_libvirt_says_that_it_comes_in),
        cmocka_unit_test(what_breaks_in_mid_migration_is_told_from_its_standstill),
        cmocka_unit_test(each_has_a_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
