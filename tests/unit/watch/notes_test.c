/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the watch learnt, merged into records on real files: beside what an action noted meanwhile,
 * under the guest's lock, and only of the same life.
 */
#include "scratch_watch.h"

enum { SEEN_US = 100, LATER_US = 200, TURN_MS = 60, TURNS = 100 };

static struct watched *g;

static int set_up(void **state)
{
    (void) state;
    if (scratch_watch_setup() < 0) {
        return -1;
    }
    scratch_save(scratch_record("vm"));
    if (guests_follow(&w, NULL) < 0 || w.guest_count != 1) {
        return -1;
    }
    g = w.guest[0];
    return 0;
}

static void note(struct record *r, enum incident_cause cause, int64_t seen_us, bool halted)
{
    struct incident *i = &r->incident;

    record_note_incident(r, cause, CONDITION_CRASHED, "a test's", 1, seen_us);
    assert_true(incident_step(i, STEP_BROKE, 1, seen_us, NULL) >= 0);
    i->halted = halted;
}

/* --- that its vCPUs stand: of one incident, whoever saw it --- */

static const struct carry {
    enum incident_cause cause_learnt, cause_on_disk;
    int64_t learnt_us, on_disk_us;
    bool learnt, on_disk, after;
} carries[] = {
    {CAUSE_PANIC, CAUSE_PANIC, SEEN_US, SEEN_US, false, false, false},
    {CAUSE_PANIC, CAUSE_PANIC, SEEN_US, SEEN_US, true, false, true},
    /* a monitor asked QEMU, which the watch cannot */
    {CAUSE_PANIC, CAUSE_PANIC, SEEN_US, SEEN_US, false, true, true},
    {CAUSE_PANIC, CAUSE_PANIC, SEEN_US, SEEN_US, true, true, true},
    /* the last incident's halt is not this one's */
    {CAUSE_PANIC, CAUSE_PANIC, LATER_US, SEEN_US, false, true, false},
    {CAUSE_PANIC, CAUSE_PANIC, LATER_US, SEEN_US, true, false, true},
    /* it stood on a disk error, was resumed, and panicked before that had settled */
    {CAUSE_PANIC, CAUSE_IO_ERROR, SEEN_US, SEEN_US, false, true, false},
};

static void a_halt_is_carried_over_within_its_incident(void **state)
{
    (void) state;
    for (size_t n = 0; n < sizeof carries / sizeof carries[0]; n++) {
        const struct carry *c = &carries[n];
        struct record *learnt = scratch_record("vm");
        struct record *on_disk = scratch_record("vm");

        note(learnt, c->cause_learnt, c->learnt_us, c->learnt);
        note(on_disk, c->cause_on_disk, c->on_disk_us, c->on_disk);
        notes_carry_over(learnt, on_disk);
        assert_int_equal(on_disk->incident.halted, c->after);
        assert_int_equal(on_disk->incident.cause, c->cause_learnt);
        assert_int_equal(on_disk->incident.seen_mono_us, c->learnt_us);
        record_free(learnt);
        record_free(on_disk);
    }
}

static void what_a_monitor_saw_stays_on_disk(void **state)
{
    struct record *r = scratch_load("vm");

    (void) state;
    note(g->record, CAUSE_PANIC, SEEN_US, false);
    note(r, CAUSE_PANIC, SEEN_US, true);
    scratch_save(r);
    notes_save(g);
    assert_false(g->unsaved);
    assert_true(g->record->incident.halted);
    r = scratch_load("vm");
    assert_true(r->incident.halted);
    record_free(r);
}

/* --- the rest --- */

static void what_an_action_noted_since_is_kept(void **state)
{
    struct record *r = scratch_load("vm");

    (void) state;
    r->memory_kib = 4096;
    scratch_save(r);
    g->record->watchdog_fired = 3;
    g->record->ending.by = ENDED_BY_GUEST;
    notes_save(g);
    r = scratch_load("vm");
    assert_int_equal(r->memory_kib, 4096);
    assert_int_equal(r->watchdog_fired, 3);
    assert_int_equal(r->ending.by, ENDED_BY_GUEST);
    record_free(r);
}

static void another_life_is_not_told_of_this_one(void **state)
{
    struct record *r = scratch_load("vm");

    (void) state;
    r->process.start_ticks++;
    scratch_save(r);
    g->record->watchdog_fired = 3;
    note(g->record, CAUSE_PANIC, SEEN_US, true);
    notes_save(g);
    assert_false(g->unsaved);
    r = scratch_load("vm");
    assert_int_equal(r->watchdog_fired, 0);
    assert_int_equal(r->incident.state, INCIDENT_NONE);
    record_free(r);
}

static void take_lock(void *arg)
{
    int fd;

    CHILD_CHECK(statedir_lock(arg, deadline_in_ms(5000), &fd, NULL) == 0);
}

static int64_t fired_on_disk(void)
{
    struct record *r = scratch_load("vm");
    int64_t fired = r->watchdog_fired;

    record_free(r);
    return fired;
}

static void a_note_waits_for_the_action_that_is_at_work(void **state)
{
    pid_t action = own_start(take_lock, (void *) "vm");

    (void) state;
    g->record->watchdog_fired = 3;
    assert_true(notes_are_locked_out(g));
    notes_save(g);
    assert_true(g->unsaved);
    assert_int_equal(fired_on_disk(), 0);
    own_end(action);
    assert_false(notes_are_locked_out(g));
    for (int i = 0; i < TURNS && g->unsaved; i++) {
        scratch_turn(TURN_MS);
    }
    assert_false(g->unsaved);
    assert_int_equal(fired_on_disk(), 3);
}

/* What waits to be saved survives that an action replaces the record. */
static void an_unsaved_note_survives_a_reading(void **state)
{
    pid_t action = own_start(take_lock, (void *) "vm");
    struct record *r = scratch_load("vm");

    (void) state;
    g->record->watchdog_fired = 3;
    note(g->record, CAUSE_PANIC, SEEN_US, false);
    notes_save(g);
    assert_true(g->unsaved);
    note(r, CAUSE_PANIC, SEEN_US, true);
    r->memory_kib = 4096;
    scratch_save(r);
    guests_catch_up(&w);
    assert_int_equal(g->record->memory_kib, 4096);
    assert_int_equal(g->record->watchdog_fired, 3);
    assert_true(g->record->incident.halted);
    own_end(action);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, scratch_watch_teardown)
    static const struct CMUnitTest tests[] = {
        T(a_halt_is_carried_over_within_its_incident), T(what_a_monitor_saw_stays_on_disk),
        T(what_an_action_noted_since_is_kept), T(another_life_is_not_told_of_this_one),
        T(a_note_waits_for_the_action_that_is_at_work), T(an_unsaved_note_survives_a_reading),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
