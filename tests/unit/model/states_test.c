/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/states: no reason of the libvirt headers in use lacks a row, no pair has
 * two, and the rows say what the design says. A newer libvirt with a new reason
 * fails here, by name, instead of failing to build.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define VIR_ENUM_SENTINELS
#include <libvirt/libvirt.h>

#include <cmocka.h>

#include "model/states.h"

static const struct {
    int state;
    int reason_last;
} all_states[] = {
    { VIR_DOMAIN_NOSTATE, VIR_DOMAIN_NOSTATE_LAST },
    { VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_LAST },
    { VIR_DOMAIN_BLOCKED, VIR_DOMAIN_BLOCKED_LAST },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_LAST },
    { VIR_DOMAIN_SHUTDOWN, VIR_DOMAIN_SHUTDOWN_LAST },
    { VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_LAST },
    { VIR_DOMAIN_CRASHED, VIR_DOMAIN_CRASHED_LAST },
    { VIR_DOMAIN_PMSUSPENDED, VIR_DOMAIN_PMSUSPENDED_LAST },
};

static void each_state_is_looked_at(void **state)
{
    (void) state;
    assert_int_equal(sizeof(all_states) / sizeof(all_states[0]), VIR_DOMAIN_LAST);
    for (int s = 0; s < VIR_DOMAIN_LAST; s++) {
        assert_int_equal(all_states[s].state, s);
    }
}

static void each_reason_has_one_row(void **state)
{
    size_t count;
    const struct state_row *rows = state_rows(&count);
    size_t expected = 0;

    (void) state;
    for (int s = 0; s < VIR_DOMAIN_LAST; s++) {
        for (int reason = 0; reason < all_states[s].reason_last; reason++) {
            size_t found = 0;

            for (size_t i = 0; i < count; i++) {
                found += rows[i].state == s && rows[i].reason == reason;
            }
            if (found != 1) {
                fail_msg("state %d, reason %d has %zu rows", s, reason, found);
            }
            expected++;
        }
    }
    assert_int_equal(count, expected);
}

static void words_are_unique_within_a_state(void **state)
{
    size_t count;
    const struct state_row *rows = state_rows(&count);

    (void) state;
    for (size_t i = 0; i < count; i++) {
        assert_true(strlen(rows[i].word) > 0);
        for (size_t j = 0; j < i; j++) {
            assert_false(rows[i].state == rows[j].state &&
                         strcmp(rows[i].word, rows[j].word) == 0);
        }
    }
}

static void only_shutoff_is_absent(void **state)
{
    size_t count;
    const struct state_row *rows = state_rows(&count);

    (void) state;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(rows[i].condition == CONDITION_ABSENT,
                         rows[i].state == VIR_DOMAIN_SHUTOFF);
        assert_int_not_equal(rows[i].condition, CONDITION_FROZEN);
        assert_int_not_equal(rows[i].condition, CONDITION_THAWED);
        assert_int_not_equal(rows[i].condition, CONDITION_SILENT);
    }
}

static void unknown_reasons_fall_back(void **state)
{
    (void) state;
    for (int s = 0; s < VIR_DOMAIN_LAST; s++) {
        assert_ptr_equal(state_row_of(s, 1000), state_row_exact(s, 0));
        assert_ptr_equal(state_row_of(s, -1), state_row_exact(s, 0));
    }
    assert_ptr_equal(state_row_of(VIR_DOMAIN_LAST, 0), state_row_exact(VIR_DOMAIN_NOSTATE, 0));
    assert_ptr_equal(state_row_of(-1, 5), state_row_exact(VIR_DOMAIN_NOSTATE, 0));
    assert_null(state_row_exact(VIR_DOMAIN_PAUSED, 1000));
}

static void each_run_state_has_a_word_and_a_condition(void **state)
{
    (void) state;
    for (int r = RUNSTATE_UNKNOWN; r < RUNSTATE_LAST; r++) {
        const struct runstate_row *row = runstate_row_of((enum runstate) r);

        assert_non_null(row->word);
        assert_int_equal(row->condition == CONDITION_UNKNOWN, r == RUNSTATE_UNKNOWN);
        assert_int_not_equal(row->condition, CONDITION_ABSENT);
        assert_int_not_equal(row->condition, CONDITION_FROZEN);
    }
    assert_ptr_equal(runstate_row_of((enum runstate) 1000), runstate_row_of(RUNSTATE_UNKNOWN));
    assert_ptr_equal(runstate_row_of((enum runstate) -1), runstate_row_of(RUNSTATE_UNKNOWN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_state_is_looked_at),
        cmocka_unit_test(each_reason_has_one_row),
        cmocka_unit_test(words_are_unique_within_a_state),
        cmocka_unit_test(only_shutoff_is_absent),
        cmocka_unit_test(unknown_reasons_fall_back),
        cmocka_unit_test(each_run_state_has_a_word_and_a_condition),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
