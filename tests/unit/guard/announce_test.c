/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What people are told of an incident: the words, and that they stay the same until there is news.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/announce.h"
#include "model/incident.h"
#include "model/record.h"

/* 2026-11-24T11:02:03.123Z */
enum { S = 1000, MINUTE = 60 * S };
static const int64_t seen_ms = 1795518123123;

static struct record *record;

static int setup(void **state)
{
    (void) state;
    record = record_new();
    record->phase = PHASE_RUNNING;
    record_note_incident(record, CAUSE_PANIC, CONDITION_CRASHED, "guest panicked", seen_ms, 1);
    return 0;
}

static int teardown(void **state)
{
    (void) state;
    record_free(record);
    return 0;
}

static void step(enum incident_step s, int64_t wall_ms)
{
    struct err why = {0};

    if (incident_step(&record->incident, s, wall_ms, 1, &why) < 0) {
        fail_msg("%s", why.text);
    }
}

static void expect(const char *words)
{
    _cleanup_free_ char *said = announce_incident(record);

    assert_string_equal(said, words);
}

static void as_long_as_it_is_open(void **state)
{
    static const char words[] = "crashed: guest panicked; 2026-11-24T11:02:03.123Z";

    (void) state;
    step(STEP_MAY_RECOVER, seen_ms);
    expect(words);
    step(STEP_GRACE_OVER, seen_ms + MINUTE);
    expect(words);
    step(STEP_REPORTED, seen_ms + MINUTE + S);
    expect(words);
}

static void frozen_with_the_time_of_that(void **state)
{
    (void) state;
    step(STEP_FROZEN, seen_ms + S);
    record->phase = PHASE_FROZEN;
    record->incident.frozen_wall_ms = seen_ms + S;
    expect("frozen: guest panicked; 2026-11-24T11:02:04.123Z");
}

static void recovered_with_the_time_of_that(void **state)
{
    (void) state;
    step(STEP_MAY_RECOVER, seen_ms);
    step(STEP_RECOVERED, seen_ms + MINUTE);
    expect("running: recovered by itself: guest panicked; 2026-11-24T11:03:03.123Z");
}

static void without_a_reason_its_cause(void **state)
{
    (void) state;
    free(record->incident.reason);
    record->incident.reason = NULL;
    step(STEP_BROKE, seen_ms);
    expect("crashed: panic; 2026-11-24T11:02:03.123Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(as_long_as_it_is_open, setup, teardown),
        cmocka_unit_test_setup_teardown(frozen_with_the_time_of_that, setup, teardown),
        cmocka_unit_test_setup_teardown(recovered_with_the_time_of_that, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_reason_its_cause, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
