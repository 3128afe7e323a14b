/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/record in memory: lists, incident, names; NULL is fine everywhere it
 * says so. Its text is record_read_test.c's business.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "model/record.h"

static void a_new_record_knows_nothing(void **state)
{
    struct record *r = record_new();

    (void) state;
    assert_null(r->name);
    assert_int_equal(r->phase, PHASE_KNOWN);
    assert_int_equal(r->process.pid, 0);
    assert_int_equal(r->incident.condition, CONDITION_UNKNOWN);
    assert_int_equal(r->incident.state, INCIDENT_NONE);
    assert_int_equal(r->incident.cause, CAUSE_NONE);
    assert_int_equal(r->watchdog_fired, 0);
    assert_int_equal(r->ending.by, ENDED_BY_UNKNOWN);
    assert_string_equal(r->ending.text, "");
    record_free(r);
    record_free(NULL);
    _cleanup_record_ struct record *none = NULL;
    (void) none;
}

static void an_incident_can_be_forgotten_in_parts(void **state)
{
    _cleanup_record_ struct record *r = record_new();

    (void) state;
    r->incident.condition = CONDITION_CRASHED;
    r->incident.reason = str_dup("guest panicked");
    r->incident.frozen_wall_ms = 5;
    for (int i = 0; i < 20; i++) {
        record_add_step(r, "drain", i);
        record_add_proof(r, i % 2, "file descriptors", i % 3 ? "none" : NULL);
    }
    assert_int_equal(r->incident.step_count, 20);
    assert_int_equal(r->incident.step[19].us, 19);
    assert_string_equal(r->incident.proof[1].seen, "none");
    assert_null(r->incident.proof[3].seen);
    assert_int_equal(incident_step(&r->incident, STEP_BROKE, 1, 1, NULL), DEED_REPORT);
    record_clear_proofs(r);
    assert_int_equal(r->incident.proof_count, 0);
    assert_int_equal(r->incident.step_count, 20);
    record_clear_steps(r);
    assert_int_equal(r->incident.step_count, 0);
    assert_string_equal(r->incident.reason, "guest panicked");
    assert_int_equal(r->incident.moment_count, 1);
    record_add_step(r, "again", 1);
    assert_int_equal(r->incident.step_count, 1);
    record_clear_incident(r);
    assert_int_equal(r->incident.step_count, 0);
    assert_null(r->incident.reason);
    assert_int_equal(r->incident.condition, CONDITION_UNKNOWN);
    assert_int_equal(r->incident.frozen_wall_ms, 0);
    assert_int_equal(r->incident.state, INCIDENT_NONE);
    assert_int_equal(r->incident.moment_count, 0);
}

static void a_first_sign_is_kept(void **state)
{
    _cleanup_record_ struct record *r = record_new();
    struct incident *i = &r->incident;
    char reason[] = "its watchdog fired";

    (void) state;
    record_note_incident(r, CAUSE_WATCHDOG_NMI, CONDITION_HUNG, reason, 10, 20);
    reason[0] = 'X'; /* the record has its own */
    assert_int_equal(i->state, INCIDENT_NONE); /* is incident_step's */
    assert_int_equal(i->cause, CAUSE_WATCHDOG_NMI);
    assert_int_equal(i->condition, CONDITION_HUNG);
    assert_string_equal(i->reason, "its watchdog fired");
    assert_int_equal(i->seen_wall_ms, 10);
    assert_int_equal(i->seen_mono_us, 20);
    assert_int_equal(incident_step(i, STEP_MAY_RECOVER, 10, 20, NULL), DEED_WAIT);
}

static void a_further_sign_leaves_the_time_of_the_first(void **state)
{
    _cleanup_record_ struct record *r = record_new();
    struct incident *i = &r->incident;

    (void) state;
    record_note_incident(r, CAUSE_WATCHDOG_NMI, CONDITION_HUNG, "fired", 10, 20);
    assert_int_equal(incident_step(i, STEP_MAY_RECOVER, 10, 20, NULL), DEED_WAIT);
    record_add_step(r, "drain", 1);
    i->resumed_mono_us = 25;
    i->halted = true;
    record_note_incident(r, CAUSE_PANIC, CONDITION_CRASHED, "panicked", 30, 40);
    assert_int_equal(i->state, INCIDENT_RECOVERING);
    assert_int_equal(i->cause, CAUSE_PANIC);
    assert_int_equal(i->condition, CONDITION_CRASHED);
    assert_string_equal(i->reason, "panicked");
    assert_int_equal(i->seen_wall_ms, 10);
    assert_int_equal(i->seen_mono_us, 20);
    assert_false(i->halted);
    assert_int_equal(i->resumed_mono_us, 0); /* what fails again does not run any more */
    assert_int_equal(i->moment_count, 1);
    assert_int_equal(i->step_count, 1);
    record_note_incident(r, CAUSE_PANIC, CONDITION_CRASHED, NULL, 50, 60);
    assert_null(i->reason);
}

static void one_that_is_over_goes_with_the_next(void **state)
{
    static const enum incident_step ends[] = { STEP_RECOVERED, STEP_ENDED };

    (void) state;
    for (size_t e = 0; e < sizeof ends / sizeof ends[0]; e++) {
        _cleanup_record_ struct record *r = record_new();
        struct incident *i = &r->incident;

        record_note_incident(r, CAUSE_IO_ERROR, CONDITION_IO_ERROR, "disk", 10, 20);
        assert_int_equal(incident_step(i, STEP_BROKE, 10, 20, NULL), DEED_REPORT);
        assert_true(incident_step(i, ends[e], 11, 21, NULL) >= 0);
        record_add_proof(r, true, "locks", NULL);
        i->frozen_wall_ms = 5;
        record_note_incident(r, CAUSE_PANIC, CONDITION_CRASHED, "panicked", 30, 40);
        assert_int_equal(i->state, INCIDENT_NONE);
        assert_int_equal(i->seen_wall_ms, 30);
        assert_int_equal(i->seen_mono_us, 40);
        assert_int_equal(i->frozen_wall_ms, 0);
        assert_int_equal(i->moment_count, 0);
        assert_null(i->moment);
        assert_int_equal(i->proof_count, 0);
        assert_string_equal(i->reason, "panicked");
    }
}

static void phases_have_names(void **state)
{
    (void) state;
    assert_string_equal(phase_name(PHASE_KNOWN), "known");
    assert_string_equal(phase_name(PHASE_STARTING), "starting");
    assert_string_equal(phase_name(PHASE_RUNNING), "running");
    assert_string_equal(phase_name(PHASE_FREEZING), "freezing");
    assert_string_equal(phase_name(PHASE_FROZEN), "frozen");
    assert_string_equal(phase_name((enum phase) 99), "unknown");
}

static void file_names_are_harmless(void **state)
{
    static const struct { const char *name; const char *file; } names[] = {
        { "vm1", "vm1.json" }, { "Web_2-b", "Web_2-b.json" }, { "..", "%2E%2E.json" },
        { "../../etc/passwd", "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd.json" }, { "a b", "a%20b.json" },
        { "a%20b", "a%2520b.json" }, { "x\ny\x01", "x%0Ay%01.json" }, { "-rf", "-rf.json" },
        { "\xc3\xa4", "\xc3\xa4.json" }, { "'\"$`", "%27%22%24%60.json" },
    };

    (void) state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *file = record_file_name(names[i].name);

        assert_string_equal(file, names[i].file);
        free(file);
    }
}

static void no_two_names_share_a_file(void **state)
{
    char *seen[255 * 2];
    size_t count = 0;

    (void) state;
    for (int c = 1; c < 256; c++) {
        char one[] = { (char) c, '\0' };
        char three[] = { 'a', (char) c, 'b', '\0' };

        seen[count++] = record_file_name(one);
        seen[count++] = record_file_name(three);
    }
    for (size_t i = 0; i < count; i++) {
        assert_null(strchr(seen[i], '/'));
        assert_int_not_equal(seen[i][0], '.');
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(seen[i], seen[j]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        free(seen[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_record_knows_nothing),
        cmocka_unit_test(an_incident_can_be_forgotten_in_parts),
        cmocka_unit_test(a_first_sign_is_kept),
        cmocka_unit_test(a_further_sign_leaves_the_time_of_the_first),
        cmocka_unit_test(one_that_is_over_goes_with_the_next),
        cmocka_unit_test(phases_have_names),
        cmocka_unit_test(file_names_are_harmless),
        cmocka_unit_test(no_two_names_share_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
