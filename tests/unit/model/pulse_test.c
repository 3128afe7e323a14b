/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/pulse: looks in a row, and what becomes of them. A guest that makes any progress is never
 * held for hung, nor one whose agent was never there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/pulse.h"

#define S INT64_C(1000000)

enum { SILENCE_S = 60 };

static struct pulse p;
static struct activity now;
static int64_t clock_us;

static int setup(void **state)
{
    (void) state;
    p = (struct pulse) {0};
    now = (struct activity) {
        .counted = true, .asleep = true, .run_us = 900, .wakeups = 70, .disk_ops = 5,
    };
    clock_us = 1000 * S;
    return 0;
}

static enum pulse_verdict look(enum agent_answer agent, int64_t after_s)
{
    struct pulse_look l = {.agent = agent, .activity = now};

    clock_us += after_s * S;
    return pulse_take(&p, &l, SILENCE_S * S, clock_us);
}

static bool is_mute(void)
{
    return pulse_is_mute(&p, SILENCE_S * S, clock_us);
}

/* An agent that was there falls silent. */
static void fall_silent(void)
{
    assert_int_equal(look(AGENT_ANSWERS, 0), PULSE_FINE);
    assert_int_equal(look(AGENT_SILENT, 1), PULSE_STANDS);
}

static void never_seen_never_fails(void **state)
{
    static const enum agent_answer answers[] = {AGENT_SILENT, AGENT_NONE, AGENT_SILENT};

    (void) state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        assert_int_equal(look(answers[i], 10 * SILENCE_S), PULSE_FINE);
        assert_false(is_mute());
    }
    assert_false(p.agent_seen);
}

static void standing_still_for_long_enough_is_hung(void **state)
{
    (void) state;
    fall_silent();
    assert_int_equal(look(AGENT_SILENT, SILENCE_S - 1), PULSE_STANDS);
    assert_false(is_mute());
    assert_int_equal(look(AGENT_SILENT, 1), PULSE_STILL);
    assert_int_equal(look(AGENT_SILENT, 100), PULSE_STILL);
    assert_int_equal(look(AGENT_ANSWERS, 1), PULSE_FINE);
    assert_false(is_mute());
    assert_int_equal(look(AGENT_SILENT, 1), PULSE_STANDS);
}

/* What each of these does between two looks, and no other, keeps the guest alive for ever. */
static void disk(void) { now.disk_ops++; }
static void processor(void) { now.run_us += 20 * 1000; }
static void timer(void) { now.wakeups += 40; }
static void spin(void) { now.asleep = false; }
static void fewer_vcpus(void) { now.run_us -= 1; }

static void whatever_moves_is_no_hang(void **state)
{
    static void (*const moves[])(void) = {disk, processor, timer, spin};

    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        setup(state);
        fall_silent();
        for (int n = 0; n < 100; n++) {
            moves[i]();
            assert_int_equal(look(AGENT_SILENT, 20), PULSE_FINE);
        }
        assert_true(is_mute());
    }
    setup(state);
    fall_silent();
    fewer_vcpus();
    assert_int_equal(look(AGENT_SILENT, SILENCE_S), PULSE_FINE);
}

/* A tickless kernel without work: once a second for 40 us. */
static void an_idle_guest_is_no_hang(void **state)
{
    (void) state;
    fall_silent();
    for (int n = 0; n < 1000; n++) {
        now.wakeups += 20;
        now.run_us += 800;
        assert_int_not_equal(look(AGENT_SILENT, 20), PULSE_STILL);
    }
}

/* QEMU's own kicks: none of the guest's doing. */
static void a_stir_now_and_then_is_no_progress(void **state)
{
    (void) state;
    fall_silent();
    for (int n = 1; n <= 6; n++) {
        now.wakeups++;
        now.run_us += 50;
        assert_int_equal(look(AGENT_SILENT, 10), n < 6 ? PULSE_STANDS : PULSE_STILL);
    }
}

static void doubt_is_no_hang(void **state)
{
    (void) state;
    fall_silent();
    assert_int_equal(look(AGENT_UNKNOWN, 2 * SILENCE_S), PULSE_UNKNOWN);
    now.counted = false;
    assert_int_equal(look(AGENT_SILENT, 2 * SILENCE_S), PULSE_UNKNOWN);
    assert_true(is_mute());
}

/* What was done to it made it move: a NMI. */
static void begun_again_is_neither(void **state)
{
    (void) state;
    fall_silent();
    assert_int_equal(look(AGENT_SILENT, SILENCE_S), PULSE_STILL);
    now.run_us += 5000;
    now.wakeups += 50;
    pulse_begin_again(&p, &now, clock_us);
    assert_int_equal(look(AGENT_SILENT, 10), PULSE_STANDS);
    processor();
    assert_int_equal(look(AGENT_SILENT, 10), PULSE_FINE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(never_seen_never_fails, setup),
        cmocka_unit_test_setup(standing_still_for_long_enough_is_hung, setup),
        cmocka_unit_test_setup(whatever_moves_is_no_hang, setup),
        cmocka_unit_test_setup(an_idle_guest_is_no_hang, setup),
        cmocka_unit_test_setup(a_stir_now_and_then_is_no_progress, setup),
        cmocka_unit_test_setup(doubt_is_no_hang, setup),
        cmocka_unit_test_setup(begun_again_is_neither, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
