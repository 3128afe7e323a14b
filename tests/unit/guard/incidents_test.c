/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an action that looks itself makes of the record's incident; nothing is saved, so neither
 * files nor libvirt are needed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <libvirt/libvirt.h>

#include <cmocka.h>

#include "guard/incidents.h"

static struct params params;
static struct guest guest;

static int setup(void **state)
{
    (void) state;
    params_defaults(&params);
    guest = (struct guest) { .params = &params, .record = record_new() };
    return 0;
}

static int teardown(void **state)
{
    (void) state;
    record_free(guest.record);
    params_free(&params);
    return 0;
}

static struct sighting seen_as(enum condition c, int libvirt_state)
{
    return (struct sighting) {
        .seen = { .libvirt = LIBVIRT_KNOWS, .state = libvirt_state },
        .condition = c, .detail = "seen by a test",
    };
}

static void broken(enum condition c, int libvirt_state, enum incident_step step)
{
    struct sighting s = seen_as(c, libvirt_state);

    guest.changed = false;
    guest_note_broken(&guest, &s, step);
}

static void forget(void)
{
    record_clear_incident(guest.record);
}

static void each_condition_has_its_cause(void **state)
{
    static const struct { enum condition c; int state; enum incident_cause cause; } causes[] = {
        { CONDITION_IO_ERROR, VIR_DOMAIN_PAUSED, CAUSE_IO_ERROR },
        { CONDITION_HUNG, VIR_DOMAIN_PAUSED, CAUSE_WATCHDOG },
        { CONDITION_CRASHED, VIR_DOMAIN_CRASHED, CAUSE_PANIC },
        { CONDITION_CRASHED, VIR_DOMAIN_PAUSED, CAUSE_INTERNAL },
        { CONDITION_THAWED, VIR_DOMAIN_CRASHED, CAUSE_PANIC },
        { CONDITION_THAWED, VIR_DOMAIN_RUNNING, CAUSE_INTERNAL },
    };
    const struct incident *i = &guest.record->incident;

    (void) state;
    for (size_t n = 0; n < sizeof causes / sizeof causes[0]; n++) {
        int64_t before = clock_mono_us();

        broken(causes[n].c, causes[n].state, STEP_BROKE);
        assert_true(guest.changed);
        assert_int_equal(i->state, INCIDENT_SEEN);
        assert_int_equal(i->cause, causes[n].cause);
        assert_int_equal(i->condition, causes[n].c);
        assert_non_null(strstr(i->reason, "(seen by a test)"));
        assert_true(i->seen_mono_us >= before && i->seen_mono_us <= clock_mono_us());
        assert_int_equal(i->moment_count, 1);
        forget();
    }
}

/* libvirt that does not answer says nothing of a panic, whatever its state was filled with. */
static void a_panic_is_libvirts_word(void **state)
{
    struct sighting s = seen_as(CONDITION_CRASHED, VIR_DOMAIN_CRASHED);

    (void) state;
    s.seen.libvirt = LIBVIRT_SILENT;
    guest_note_broken(&guest, &s, STEP_REPORTED);
    assert_int_equal(guest.record->incident.cause, CAUSE_INTERNAL);
    assert_int_equal(guest.record->incident.state, INCIDENT_REPORTED);
}

static void other_conditions_are_no_incident(void **state)
{
    static const enum condition others[] = {
        CONDITION_UNKNOWN, CONDITION_RUNNING, CONDITION_BUSY, CONDITION_PAUSED,
        CONDITION_SELF_RECOVERING, CONDITION_SLEEPING, CONDITION_STOPPING, CONDITION_FROZEN,
        CONDITION_ABSENT, CONDITION_SILENT,
    };

    (void) state;
    assert_int_equal(sizeof others / sizeof others[0], CONDITION_LAST - 4);
    for (size_t n = 0; n < sizeof others / sizeof others[0]; n++) {
        broken(others[n], VIR_DOMAIN_CRASHED, STEP_BROKE);
        assert_false(guest.changed);
        assert_int_equal(guest.record->incident.state, INCIDENT_NONE);
        assert_null(guest.record->incident.reason);
    }
}

static void silence_and_its_end(void **state)
{
    struct sighting s = seen_as(CONDITION_CRASHED, VIR_DOMAIN_CRASHED);
    struct incident *i = &guest.record->incident;
    int64_t since;

    (void) state;
    guest_note_silent(&guest, STEP_BROKE, 75);
    assert_true(guest.changed);
    assert_int_equal(i->cause, CAUSE_SILENT);
    assert_int_equal(i->state, INCIDENT_SEEN);
    assert_int_equal(i->condition, CONDITION_HUNG);
    assert_non_null(strstr(i->reason, "silent for 75 s"));
    assert_null(strstr(i->reason, "NMI"));
    since = i->seen_mono_us;
    guest_note_silent(&guest, STEP_MAY_RECOVER, 75);
    assert_int_equal(i->cause, CAUSE_SILENT_NMI);
    assert_int_equal(i->state, INCIDENT_RECOVERING);
    assert_true(i->seen_mono_us == since);
    assert_non_null(strstr(i->reason, "NMI sent"));
    broken(CONDITION_HUNG, VIR_DOMAIN_RUNNING, STEP_REPORTED);
    assert_int_equal(i->state, INCIDENT_REPORTED);
    assert_int_equal(i->cause, CAUSE_SILENT_NMI);
    s.seen.runstate = RUNSTATE_GUEST_PANICKED;
    guest_note_broken(&guest, &s, STEP_REPORTED);
    assert_int_equal(i->cause, CAUSE_PANIC);
    forget();
    guest_note_silent(&guest, STEP_BROKE, 60);
    i->evidence.folder = strdup("/srv/dumps/x");
    guest.changed = false;
    guest_note_alive(&guest);
    assert_true(guest.changed);
    assert_int_equal(i->state, INCIDENT_RECOVERED);
    assert_null(i->evidence.folder);
}

/* The watch knew before, and better. */
static void an_open_incident_is_not_explained_anew(void **state)
{
    struct incident *i = &guest.record->incident;

    (void) state;
    record_note_incident(guest.record, CAUSE_WATCHDOG_RESET, CONDITION_HUNG, "it was reset", 5,
                         6);
    assert_int_equal(incident_step(i, STEP_MAY_RECOVER, 5, 6, NULL), DEED_WAIT);
    broken(CONDITION_HUNG, VIR_DOMAIN_RUNNING, STEP_REPORTED);
    assert_true(guest.changed);
    assert_int_equal(i->state, INCIDENT_REPORTED);
    assert_int_equal(i->cause, CAUSE_WATCHDOG_RESET);
    assert_string_equal(i->reason, "it was reset");
    assert_int_equal(i->seen_mono_us, 6);
    assert_int_equal(i->moment_count, 2);
    /* told twice */
    broken(CONDITION_HUNG, VIR_DOMAIN_RUNNING, STEP_REPORTED);
    assert_int_equal(i->moment_count, 2);
}

static void one_that_is_over_is_followed_by_another(void **state)
{
    struct incident *i = &guest.record->incident;

    (void) state;
    record_note_incident(guest.record, CAUSE_WATCHDOG_RESET, CONDITION_HUNG, "it was reset", 5,
                         6);
    assert_int_equal(incident_step(i, STEP_MAY_RECOVER, 5, 6, NULL), DEED_WAIT);
    assert_int_equal(incident_step(i, STEP_RECOVERED, 7, 8, NULL), DEED_CLEAR);
    broken(CONDITION_CRASHED, VIR_DOMAIN_CRASHED, STEP_BROKE);
    assert_int_equal(i->state, INCIDENT_SEEN);
    assert_int_equal(i->cause, CAUSE_PANIC);
    assert_true(i->seen_mono_us > 6);
    assert_int_equal(i->moment_count, 1);
}

/* A stop that tries a freeze again: what is frozen does not break a second time. */
static void what_is_frozen_stays_so(void **state)
{
    struct incident *i = &guest.record->incident;

    (void) state;
    broken(CONDITION_CRASHED, VIR_DOMAIN_CRASHED, STEP_FROZEN);
    assert_int_equal(i->state, INCIDENT_FROZEN);
    broken(CONDITION_THAWED, VIR_DOMAIN_RUNNING, STEP_BROKE);
    assert_int_equal(i->state, INCIDENT_FROZEN);
    assert_int_equal(i->cause, CAUSE_PANIC);
    assert_int_equal(i->moment_count, 1);
}

/* What was told of it does not explain why it stands now. */
static void an_open_incident_is_explained_anew_by_another_stop(void **state)
{
    struct incident *i = &guest.record->incident;
    struct sighting s = seen_as(CONDITION_CRASHED, VIR_DOMAIN_CRASHED);

    (void) state;
    broken(CONDITION_IO_ERROR, VIR_DOMAIN_PAUSED, STEP_MAY_RECOVER);
    guest_note_resumed(&guest);
    assert_true(guest.changed && i->resumed_mono_us > 0);
    s.seen.reason = VIR_DOMAIN_CRASHED_PANICKED;
    guest_note_broken(&guest, &s, STEP_REPORTED); /* QEMU did not say that it stands: a guess */
    assert_int_equal(i->cause, CAUSE_IO_ERROR);
    assert_int_equal(i->resumed_mono_us, 0);
    s.seen.runstate = RUNSTATE_GUEST_PANICKED;
    guest_note_broken(&guest, &s, STEP_REPORTED);
    assert_int_equal(i->cause, CAUSE_PANIC);
    assert_int_equal(i->condition, CONDITION_CRASHED);
    assert_int_equal(i->state, INCIDENT_REPORTED);
    assert_true(i->halted);
}

static void running_ends_only_what_had_stopped_it(void **state)
{
    static const struct {
        enum condition c;
        int state;
        int reason;
        enum runstate runstate;
        enum incident_state then;
    } ways[] = {
        { CONDITION_IO_ERROR, VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_IOERROR, RUNSTATE_UNKNOWN,
          INCIDENT_RECOVERED },
        { CONDITION_HUNG, VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_WATCHDOG, RUNSTATE_WATCHDOG,
          INCIDENT_RECOVERED },
        { CONDITION_CRASHED, VIR_DOMAIN_CRASHED, VIR_DOMAIN_CRASHED_PANICKED,
          RUNSTATE_GUEST_PANICKED, INCIDENT_RECOVERED },
        /* nobody knows whether it stood: QEMU did not say */
        { CONDITION_CRASHED, VIR_DOMAIN_CRASHED, VIR_DOMAIN_CRASHED_PANICKED, RUNSTATE_UNKNOWN,
          INCIDENT_SEEN },
        /* it was let run on, and its grace is over */
        { CONDITION_CRASHED, VIR_DOMAIN_CRASHED, VIR_DOMAIN_CRASHED_PANICKED, RUNSTATE_RUNNING,
          INCIDENT_SEEN },
        { CONDITION_HUNG, VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_BOOTED, RUNSTATE_UNKNOWN,
          INCIDENT_SEEN },
    };

    (void) state;
    guest_note_well(&guest);
    assert_false(guest.changed);
    assert_int_equal(guest.record->incident.state, INCIDENT_NONE);
    for (size_t n = 0; n < sizeof ways / sizeof ways[0]; n++) {
        struct sighting s = seen_as(ways[n].c, ways[n].state);

        s.seen.reason = ways[n].reason;
        s.seen.runstate = ways[n].runstate;
        guest_note_broken(&guest, &s, STEP_BROKE);
        guest.changed = false;
        guest_note_well(&guest);
        assert_int_equal(guest.record->incident.state, ways[n].then);
        assert_int_equal(guest.changed, ways[n].then == INCIDENT_RECOVERED);
        /* and no second time */
        guest.changed = false;
        guest_note_well(&guest);
        assert_false(guest.changed);
        forget();
    }
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_condition_has_its_cause),
        TEST(a_panic_is_libvirts_word),
        TEST(other_conditions_are_no_incident),
        TEST(silence_and_its_end),
        TEST(an_open_incident_is_not_explained_anew),
        TEST(one_that_is_over_is_followed_by_another),
        TEST(what_is_frozen_stays_so),
        TEST(an_open_incident_is_explained_anew_by_another_stop),
        TEST(running_ends_only_what_had_stopped_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
