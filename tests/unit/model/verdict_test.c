/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/verdict: invariants 1 and 2 over every combination that can be observed,
 * garbage included, and the design's table row by row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvirt/libvirt.h>

#include <cmocka.h>

#include "model/verdict.h"

/* Beyond each end, so that what a newer libvirt or a damaged memory says is in it too. */
enum {
    STATE_FROM = -1, STATE_TO = VIR_DOMAIN_PMSUSPENDED + 2,
    REASON_FROM = -1, REASON_TO = 17,
    LIBVIRT_TO = LIBVIRT_NOT_FOUND + 1,
    PROCESS_TO = PROCESS_DEAD + 1,
    RECORD_TO = RECORD_FROZEN_BROKEN + 1
};

typedef void (*check_fn)(const struct observation *seen, enum condition c);

static void say(const struct observation *o, enum condition c)
{
    print_error("libvirt %d, state %d, reason %d, run state %d, process %d, record %d -> %s\n",
                (int) o->libvirt, o->state, o->reason, (int) o->runstate, (int) o->process,
                (int) o->record, condition_name(c));
}

#define HOLDS(O, C, EXPRESSION)                \
    do {                                       \
        if (!(EXPRESSION)) {                   \
            say(O, C);                         \
            fail_msg("not so: " #EXPRESSION);  \
        }                                      \
    } while (0)

static void with_each_witness(struct observation *o, check_fn check)
{
    for (int process = 0; process <= PROCESS_TO; process++) {
        for (int record = 0; record <= RECORD_TO; record++) {
            for (int r = 0; r <= RUNSTATE_LAST; r++) {
                o->process = (enum process_state) process;
                o->record = (enum record_state) record;
                o->runstate = (enum runstate) r;
                check(o, verdict_of(o));
            }
        }
    }
}

static void everywhere(check_fn check)
{
    struct observation o;

    for (int l = 0; l <= LIBVIRT_TO; l++) {
        for (o.state = STATE_FROM; o.state <= STATE_TO; o.state++) {
            for (o.reason = REASON_FROM; o.reason <= REASON_TO; o.reason++) {
                o.libvirt = (enum libvirt_answer) l;
                with_each_witness(&o, check);
            }
        }
    }
}

static bool libvirt_says_it_lives(const struct observation *o)
{
    return o->libvirt == LIBVIRT_KNOWS && o->state != VIR_DOMAIN_SHUTOFF;
}

static void check_proofs(const struct observation *o, enum condition c)
{
    HOLDS(o, c, c >= 0 && c < CONDITION_LAST);
    /* absent: a proven death, and nobody who contradicts it */
    if (c == CONDITION_ABSENT) {
        HOLDS(o, c, o->process == PROCESS_DEAD);
        HOLDS(o, c, !libvirt_says_it_lives(o));
    }
    /* frozen: a verification that holds, of a process that is not known to be dead */
    if (c == CONDITION_FROZEN) {
        HOLDS(o, c, o->record == RECORD_FROZEN_HOLDS);
        HOLDS(o, c, o->process != PROCESS_DEAD);
        HOLDS(o, c, o->libvirt != LIBVIRT_KNOWS || o->state != VIR_DOMAIN_RUNNING);
        HOLDS(o, c, o->libvirt != LIBVIRT_KNOWS || o->runstate != RUNSTATE_RUNNING ||
                        o->state == VIR_DOMAIN_SHUTOFF);
    }
    if (c == CONDITION_THAWED) {
        HOLDS(o, c, o->record == RECORD_FROZEN_HOLDS || o->record == RECORD_FROZEN_BROKEN);
    }
    /* nobody here keeps the clock of a guest that recovers itself */
    HOLDS(o, c, c != CONDITION_SELF_RECOVERING);
}

static void stopped_is_only_said_with_proof(void **state)
{
    (void) state;
    everywhere(check_proofs);
}

static void check_death(const struct observation *o, enum condition c)
{
    if (o->process == PROCESS_DEAD) {
        HOLDS(o, c, c == (libvirt_says_it_lives(o) ? CONDITION_UNKNOWN : CONDITION_ABSENT));
    }
    if (o->process == PROCESS_ALIVE) {
        HOLDS(o, c, c != CONDITION_UNKNOWN && c != CONDITION_ABSENT);
    }
}

static void the_dead_are_absent_or_doubted_and_the_living_neither(void **state)
{
    (void) state;
    everywhere(check_death);
}

static void check_doubt(const struct observation *o, enum condition c)
{
    bool frozen = o->record == RECORD_FROZEN_HOLDS || o->record == RECORD_FROZEN_BROKEN;

    /* without libvirt, health is not known: never running, paused, crashed, ... */
    if (!libvirt_says_it_lives(o) && o->process != PROCESS_DEAD && !frozen) {
        HOLDS(o, c, c == (o->process == PROCESS_ALIVE ? CONDITION_SILENT : CONDITION_UNKNOWN));
    }
    if (o->record == RECORD_FROZEN_BROKEN && o->process != PROCESS_DEAD) {
        HOLDS(o, c, c == CONDITION_THAWED);
    }
    if (o->record == RECORD_FROZEN_HOLDS && o->process != PROCESS_DEAD) {
        HOLDS(o, c, c == CONDITION_FROZEN || c == CONDITION_THAWED);
    }
}

static void doubt_is_never_health(void **state)
{
    (void) state;
    everywhere(check_doubt);
}

static void check_record_is_only_evidence_of_a_freeze(const struct observation *o,
                                                      enum condition c)
{
    struct observation other = *o;

    if (o->record == RECORD_KNOWN) {
        other.record = RECORD_NONE;
        HOLDS(o, c, verdict_of(&other) == c);
    }
}

static void a_record_alone_changes_nothing(void **state)
{
    (void) state;
    everywhere(check_record_is_only_evidence_of_a_freeze);
}

static void check_runstate_is_asked_where_it_counts(const struct observation *o,
                                                    enum condition c)
{
    struct observation other = *o;

    if (o->libvirt == LIBVIRT_KNOWS && o->record == RECORD_NONE &&
        !verdict_needs_runstate(o->state, o->reason)) {
        other.runstate = RUNSTATE_UNKNOWN;
        HOLDS(o, c, verdict_of(&other) == c);
    }
}

static void who_need_not_ask_misses_nothing(void **state)
{
    (void) state;
    everywhere(check_runstate_is_asked_where_it_counts);
}

static enum condition alive(int st, int reason, enum runstate r)
{
    struct observation o = {
        .libvirt = LIBVIRT_KNOWS, .state = st, .reason = reason, .runstate = r,
        .process = PROCESS_ALIVE, .record = RECORD_KNOWN,
    };

    return verdict_of(&o);
}

struct expected {
    int state;
    int reason;
    enum condition condition;
};

/* The design's first column, written down a second time on purpose. */
static const struct expected unambiguous[] = {
    { VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_BOOTED, CONDITION_RUNNING },
    { VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_CRASHED, CONDITION_RUNNING },
    { VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNPAUSED, CONDITION_RUNNING },
    { VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_POSTCOPY, CONDITION_BUSY },
    { VIR_DOMAIN_RUNNING, 999, CONDITION_RUNNING },
    { VIR_DOMAIN_BLOCKED, VIR_DOMAIN_BLOCKED_UNKNOWN, CONDITION_RUNNING },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_MIGRATION, CONDITION_BUSY },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_SAVE, CONDITION_BUSY },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_DUMP, CONDITION_BUSY },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_SNAPSHOT, CONDITION_BUSY },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_FROM_SNAPSHOT, CONDITION_BUSY },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_STARTING_UP, CONDITION_BUSY },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_POSTCOPY, CONDITION_BUSY },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_POSTCOPY_FAILED, CONDITION_BUSY },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_IOERROR, CONDITION_IO_ERROR },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_WATCHDOG, CONDITION_HUNG },
    { VIR_DOMAIN_SHUTDOWN, VIR_DOMAIN_SHUTDOWN_USER, CONDITION_STOPPING },
    { VIR_DOMAIN_SHUTDOWN, VIR_DOMAIN_SHUTDOWN_UNKNOWN, CONDITION_STOPPING },
    { VIR_DOMAIN_PMSUSPENDED, VIR_DOMAIN_PMSUSPENDED_UNKNOWN, CONDITION_SLEEPING },
};

/* What holds if QEMU does not tell. */
static const struct expected ambiguous[] = {
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_UNKNOWN, CONDITION_CRASHED },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_USER, CONDITION_PAUSED },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_SHUTTING_DOWN, CONDITION_STOPPING },
    { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_CRASHED, CONDITION_CRASHED },
    { VIR_DOMAIN_PAUSED, 999, CONDITION_CRASHED },
    { VIR_DOMAIN_CRASHED, VIR_DOMAIN_CRASHED_PANICKED, CONDITION_CRASHED },
    { VIR_DOMAIN_CRASHED, VIR_DOMAIN_CRASHED_UNKNOWN, CONDITION_CRASHED },
    { VIR_DOMAIN_NOSTATE, VIR_DOMAIN_NOSTATE_UNKNOWN, CONDITION_SILENT },
    { 42, 0, CONDITION_SILENT },
};

static void unambiguous_states(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof(unambiguous) / sizeof(unambiguous[0]); i++) {
        const struct expected *e = &unambiguous[i];

        assert_false(verdict_needs_runstate(e->state, e->reason));
        for (int r = 0; r < RUNSTATE_LAST; r++) {
            assert_int_equal(alive(e->state, e->reason, (enum runstate) r), e->condition);
        }
    }
}

/* Every pause that libvirt does not explain, and a crash, under every run state. */
static void ambiguous_states(void **state)
{
    static const struct { enum runstate r; enum condition pause; enum condition crash; } all[] = {
        { RUNSTATE_RUNNING, CONDITION_RUNNING, CONDITION_RUNNING }, /* it rebooted itself */
        { RUNSTATE_GUEST_PANICKED, CONDITION_CRASHED, CONDITION_CRASHED },
        { RUNSTATE_INTERNAL_ERROR, CONDITION_CRASHED, CONDITION_CRASHED },
        { RUNSTATE_WATCHDOG, CONDITION_HUNG, CONDITION_HUNG },
        { RUNSTATE_IO_ERROR, CONDITION_IO_ERROR, CONDITION_IO_ERROR },
        { RUNSTATE_SHUTDOWN, CONDITION_STOPPING, CONDITION_STOPPING },
        { RUNSTATE_SUSPENDED, CONDITION_SLEEPING, CONDITION_SLEEPING },
        { RUNSTATE_PAUSED, CONDITION_PAUSED, CONDITION_CRASHED },
        { RUNSTATE_PRELAUNCH, CONDITION_PAUSED, CONDITION_CRASHED },
        { RUNSTATE_DEBUG, CONDITION_PAUSED, CONDITION_CRASHED },
        { RUNSTATE_POSTMIGRATE, CONDITION_BUSY, CONDITION_CRASHED },
        { RUNSTATE_INMIGRATE, CONDITION_BUSY, CONDITION_CRASHED },
        { RUNSTATE_FINISH_MIGRATE, CONDITION_BUSY, CONDITION_CRASHED },
        { RUNSTATE_RESTORE_VM, CONDITION_BUSY, CONDITION_CRASHED },
        { RUNSTATE_SAVE_VM, CONDITION_BUSY, CONDITION_CRASHED },
        { RUNSTATE_COLO, CONDITION_BUSY, CONDITION_CRASHED },
    };

    (void) state;
    assert_int_equal(sizeof(all) / sizeof(all[0]), RUNSTATE_LAST - 1);
    for (size_t i = 0; i < sizeof(ambiguous) / sizeof(ambiguous[0]); i++) {
        const struct expected *e = &ambiguous[i];

        assert_true(verdict_needs_runstate(e->state, e->reason));
        assert_int_equal(alive(e->state, e->reason, RUNSTATE_UNKNOWN), e->condition);
        for (size_t k = 0; k < sizeof(all) / sizeof(all[0]); k++) {
            bool crash = e->state == VIR_DOMAIN_CRASHED ||
                         e->reason == VIR_DOMAIN_PAUSED_CRASHED;

            assert_int_equal(alive(e->state, e->reason, all[k].r),
                             crash ? all[k].crash : all[k].pause);
        }
    }
}

static enum condition without_libvirt(enum libvirt_answer l, int st, enum process_state p,
                                      enum record_state r)
{
    struct observation o = { .libvirt = l, .state = st, .process = p, .record = r };

    return verdict_of(&o);
}

static void zero_is_unknown(void **state)
{
    struct observation o = { 0 };

    (void) state;
    assert_int_equal(verdict_of(&o), CONDITION_UNKNOWN);
}

static void shutoff_and_not_found_are_judged_alike(void **state)
{
    (void) state;
    for (int p = 0; p <= PROCESS_DEAD; p++) {
        for (int r = 0; r <= RECORD_FROZEN_BROKEN; r++) {
            enum process_state process = (enum process_state) p;
            enum record_state record = (enum record_state) r;

            assert_int_equal(
                without_libvirt(LIBVIRT_NOT_FOUND, 0, process, record),
                without_libvirt(LIBVIRT_KNOWS, VIR_DOMAIN_SHUTOFF, process, record));
        }
    }
    assert_int_equal(without_libvirt(LIBVIRT_SILENT, 0, PROCESS_DEAD, RECORD_NONE),
                     CONDITION_ABSENT);
    assert_int_equal(without_libvirt(LIBVIRT_NOT_FOUND, 0, PROCESS_ALIVE, RECORD_KNOWN),
                     CONDITION_SILENT);
    assert_int_equal(without_libvirt(LIBVIRT_NOT_FOUND, 0, PROCESS_ALIVE, RECORD_FROZEN_HOLDS),
                     CONDITION_FROZEN);
    assert_int_equal(without_libvirt(LIBVIRT_NOT_FOUND, 0, PROCESS_DEAD, RECORD_FROZEN_BROKEN),
                     CONDITION_ABSENT);
}

static void resuming_a_frozen_guest_thaws_it(void **state)
{
    struct observation o = {
        .libvirt = LIBVIRT_KNOWS, .state = VIR_DOMAIN_CRASHED,
        .reason = VIR_DOMAIN_CRASHED_PANICKED, .process = PROCESS_ALIVE,
        .runstate = RUNSTATE_GUEST_PANICKED, .record = RECORD_FROZEN_HOLDS,
    };

    (void) state;
    assert_int_equal(verdict_of(&o), CONDITION_FROZEN);
    o.runstate = RUNSTATE_RUNNING;
    assert_int_equal(verdict_of(&o), CONDITION_THAWED);
    o.state = VIR_DOMAIN_RUNNING;
    o.reason = VIR_DOMAIN_RUNNING_UNPAUSED;
    o.runstate = RUNSTATE_UNKNOWN;
    assert_int_equal(verdict_of(&o), CONDITION_THAWED);
}

/* The printed tables hold every row and keep their columns. */
static void prints_every_row(void **state)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void) state;
    assert_non_null(out);
    verdict_print(out);
    fclose(out);
    assert_non_null(strstr(text, "crashed        panicked             crashed         can clear it\n"));
    assert_non_null(strstr(text, "shut off       daemon               absent          no\n"));
    for (int r = 1; r < RUNSTATE_LAST; r++) {
        assert_non_null(strstr(text, runstate_name((enum runstate) r)));
    }
    assert_non_null(strstr(text, "dead         any       any                absent "));
    for (const char *p = text; *p; p += strcspn(p, "\n") + 1) {
        assert_true(strcspn(p, "\n") <= 100);
        assert_false(*p != '\n' && p[strcspn(p, "\n") - 1] == ' ');
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stopped_is_only_said_with_proof),
        cmocka_unit_test(the_dead_are_absent_or_doubted_and_the_living_neither),
        cmocka_unit_test(doubt_is_never_health),
        cmocka_unit_test(a_record_alone_changes_nothing),
        cmocka_unit_test(who_need_not_ask_misses_nothing),
        cmocka_unit_test(unambiguous_states),
        cmocka_unit_test(ambiguous_states),
        cmocka_unit_test(zero_is_unknown),
        cmocka_unit_test(shutoff_and_not_found_are_judged_alike),
        cmocka_unit_test(resuming_a_frozen_guest_thaws_it),
        cmocka_unit_test(prints_every_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
