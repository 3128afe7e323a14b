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

/* Which pasts of the target a line is about. */
enum { ANY = 7, SEEN = 6, UNSEEN = 1, NEVER = 2, RAN = 4 };

struct expected {
    enum guest_end source, target;
    int pasts;
    enum migration_deed first, then;
};

static const struct expected each_row[] = {
    {S(ABSENT), S(RUNS), ANY, MIGRATION_MOVED, MIGRATION_MOVED},
    {S(ABSENT), S(BROKEN), RAN, MIGRATION_MOVED, MIGRATION_MOVED},
    {S(ABSENT), S(STANDS), NEVER, MIGRATION_WAIT, MIGRATION_MOVED},
    {S(ABSENT), S(ABSENT), ANY, MIGRATION_WAIT, MIGRATION_LOST},
    {S(RUNS), S(ABSENT), ANY, MIGRATION_STAYED, MIGRATION_STAYED},
    {S(RUNS), S(STANDS), NEVER, MIGRATION_WAIT, MIGRATION_END_TARGET},
    {S(RUNS), S(UNKNOWN), ANY, MIGRATION_WAIT, MIGRATION_STAYED},
    {S(RESUMED), S(RUNS), ANY, MIGRATION_END_SOURCE, MIGRATION_END_SOURCE},
    {S(RESUMED), S(UNKNOWN), SEEN, MIGRATION_WAIT, MIGRATION_END_SOURCE},
    {S(RESUMED), S(ABSENT), UNSEEN | NEVER, MIGRATION_STAYED, MIGRATION_STAYED},
    {S(RESUMED), S(ABSENT), RAN, MIGRATION_END_SOURCE, MIGRATION_END_SOURCE},
    {S(RESUMED), S(BROKEN), RAN, MIGRATION_END_SOURCE, MIGRATION_END_SOURCE},
    {S(RESUMED), S(STANDS), NEVER, MIGRATION_WAIT, MIGRATION_END_TARGET},
    {S(STANDS), S(RUNS), ANY, MIGRATION_WAIT, MIGRATION_END_SOURCE},
    {S(STANDS), S(BROKEN), RAN, MIGRATION_WAIT, MIGRATION_END_SOURCE},
    {S(STANDS), S(STANDS), NEVER, MIGRATION_WAIT, MIGRATION_END_TARGET},
    {S(STANDS), S(ABSENT), NEVER, MIGRATION_WAIT, MIGRATION_RESUME_SOURCE},
    {S(STANDS), S(ABSENT), RAN, MIGRATION_WAIT, MIGRATION_END_SOURCE},
    {S(SPLIT), S(RUNS), ANY, MIGRATION_WAIT, MIGRATION_DOUBT},
    {S(SPLIT), S(ABSENT), SEEN, MIGRATION_WAIT, MIGRATION_END_SOURCE},
    {S(BROKEN), S(ABSENT), ANY, MIGRATION_STAYED, MIGRATION_STAYED},
    {S(BROKEN), S(STANDS), NEVER, MIGRATION_WAIT, MIGRATION_END_TARGET},
};

enum { ROWS = sizeof each_row / sizeof each_row[0] };

static const struct expected *expected_of(enum guest_end s, enum guest_end t, int past)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (each_row[i].source == s && each_row[i].target == t &&
            (each_row[i].pasts & 1 << past)) {
            return &each_row[i];
        }
    }
    return NULL;
}

struct combination {
    enum guest_end source, target;
    enum target_past past;
    bool patient;
};

static void each_combination(void (*check)(const struct combination *c, enum migration_deed d))
{
    for (int s = 0; s < GUEST_END_LAST; s++) {
        for (int t = 0; t < GUEST_END_LAST; t++) {
            for (int i = 0; i < TARGET_PAST_LAST * 2; i++) {
                struct combination c = {
                    .source = (enum guest_end) s, .target = (enum guest_end) t,
                    .past = (enum target_past) (i / 2), .patient = i % 2
                };

                check(&c, migration_deed_of(c.source, c.target, c.past, c.patient));
            }
        }
    }
}

static void as_written_here(const struct combination *c, enum migration_deed d)
{
    const struct expected *e = expected_of(c->source, c->target, (int) c->past);

    if (c->patient) {
        assert_int_equal(d, e ? e->first : MIGRATION_WAIT);
    } else {
        assert_int_equal(d, e ? e->then : MIGRATION_DOUBT);
    }
}

static void each_combination_is_as_written_here(void **state)
{
    (void) state;
    each_combination(as_written_here);
}

static bool may_run_there(enum guest_end target)
{
    return target == GUEST_END_RUNS || target == GUEST_END_UNKNOWN;
}

static void makes_neither_two_nor_none(const struct combination *c, enum migration_deed d)
{
    if (d == MIGRATION_RESUME_SOURCE) {
        assert_int_equal(c->target, GUEST_END_ABSENT);
        assert_int_equal(c->source, GUEST_END_STANDS);
        assert_int_equal(c->past, TARGET_NEVER_RAN);
    }
    if (d == MIGRATION_END_TARGET) {
        assert_int_equal(c->target, GUEST_END_STANDS);
        assert_int_equal(c->past, TARGET_NEVER_RAN);
    }
    if (d == MIGRATION_MOVED) {
        assert_int_equal(c->source, GUEST_END_ABSENT);
        assert_int_not_equal(c->target, GUEST_END_UNKNOWN);
        /* A frozen twin is no guest that was moved. */
        assert_true(c->target != GUEST_END_BROKEN || c->past == TARGET_RAN);
    }
    if (d == MIGRATION_STAYED) {
        assert_true(c->source == GUEST_END_RUNS || !may_run_there(c->target));
    }
    if (d == MIGRATION_END_SOURCE) {
        assert_int_not_equal(c->source, GUEST_END_RUNS);
        assert_int_not_equal(c->source, GUEST_END_BROKEN);
        /* Who did not see the migration ends only what runs there. */
        assert_true(c->past != TARGET_UNSEEN || c->target == GUEST_END_RUNS);
    }
}

static void no_deed_makes_two_or_none(void **state)
{
    (void) state;
    each_combination(makes_neither_two_nor_none);
}

static enum guest_end source_of(enum condition c, int state, int reason)
{
    struct observation seen = {.libvirt = LIBVIRT_KNOWS, .state = state, .reason = reason};

    return migration_source(c, &seen, VIR_DOMAIN_RUNNING_UNPAUSED, false);
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
    assert_false(migration_asks_copy(&seen, VIR_DOMAIN_RUNNING_MIGRATION_CANCELED));
    assert_int_equal(migration_source(CONDITION_RUNNING, &seen,
                                      VIR_DOMAIN_RUNNING_MIGRATION_CANCELED, false),
                     GUEST_END_RUNS);
}

/* A network that is cut while the guest stands: libvirt lets it run on, and it is the only one. */
static void one_whose_copy_failed_never_left(void **state)
{
    struct observation seen = {
        .libvirt = LIBVIRT_KNOWS, .state = VIR_DOMAIN_RUNNING,
        .reason = VIR_DOMAIN_RUNNING_MIGRATION_CANCELED
    };

    (void) state;
    assert_true(migration_asks_copy(&seen, VIR_DOMAIN_RUNNING_UNPAUSED));
    assert_int_equal(migration_source(CONDITION_RUNNING, &seen, VIR_DOMAIN_RUNNING_UNPAUSED, true),
                     GUEST_END_RUNS);
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
                         comes_in ? GUEST_END_STANDS : GUEST_END_BROKEN);
    }
    assert_int_equal(migration_target(LIBVIRT_KNOWS, VIR_DOMAIN_RUNNING, 0), GUEST_END_RUNS);
    assert_int_equal(migration_target(LIBVIRT_KNOWS, VIR_DOMAIN_CRASHED, 0), GUEST_END_BROKEN);
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
        cmocka_unit_test(one_whose_copy_failed_never_left),
        cmocka_unit_test(the_target_ran_unless_libvirt_says_that_it_comes_in),
        cmocka_unit_test(what_breaks_in_mid_migration_is_told_from_its_standstill),
        cmocka_unit_test(each_has_a_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
