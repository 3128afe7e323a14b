/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/verdict: invariants 1 and 2 over every combination that can be observed,
 * garbage included. The table row by row is verdict_table_test.c's business.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <libvirt/libvirt.h>

#include <cmocka.h>

#include "model/verdict.h"

/* Beyond each end, so that what a newer libvirt or a damaged memory says is in it too. */
enum {
    STATE_FROM = -1, STATE_TO = VIR_DOMAIN_PMSUSPENDED + 2,
    REASON_FROM = -1, REASON_TO = 17,
    LIBVIRT_TO = LIBVIRT_NOT_FOUND + 1,
    PROCESS_TO = PROCESS_DEAD + 1,
    RECORD_TO = RECORD_FROZEN_BROKEN + 1,
    VIEW_TO = VIEW_CRASHED + 1
};

typedef void (*check_fn)(const struct observation *seen, enum condition c);

static void say(const struct observation *o, enum condition c)
{
    print_error("libvirt %d, state %d, reason %d, run state %d, process %d, record %d, "
                "incident %d -> %s\n",
                (int) o->libvirt, o->state, o->reason, (int) o->runstate, (int) o->process,
                (int) o->record, (int) o->incident, condition_name(c));
}

#define HOLDS(O, C, EXPRESSION)                \
    do {                                       \
        if (!(EXPRESSION)) {                   \
            say(O, C);                         \
            fail_msg("not so: " #EXPRESSION);  \
        }                                      \
    } while (0)

static void with_each_view(struct observation *o, check_fn check)
{
    for (int v = 0; v <= VIEW_TO; v++) {
        o->incident = (enum incident_view) v;
        check(o, verdict_of(o));
    }
}

static void with_each_witness(struct observation *o, check_fn check)
{
    for (int process = 0; process <= PROCESS_TO; process++) {
        for (int record = 0; record <= RECORD_TO; record++) {
            for (int r = 0; r <= RUNSTATE_LAST; r++) {
                o->process = (enum process_state) process;
                o->record = (enum record_state) record;
                o->runstate = (enum runstate) r;
                with_each_view(o, check);
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
    /* only an incident has the clock of a guest that recovers itself */
    if (c == CONDITION_SELF_RECOVERING) {
        HOLDS(o, c, o->incident == VIEW_RECOVERING);
    }
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

/* An incident explains a guest that seems to run, and nothing else. */
static void check_incident(const struct observation *o, enum condition c)
{
    static const enum condition seen_as[] = {
        [VIEW_NONE] = CONDITION_RUNNING, [VIEW_RECOVERING] = CONDITION_SELF_RECOVERING,
        [VIEW_HUNG] = CONDITION_HUNG, [VIEW_CRASHED] = CONDITION_CRASHED,
    };
    struct observation other = *o;
    enum condition without;

    other.incident = VIEW_NONE;
    without = verdict_of(&other);
    if (without != CONDITION_RUNNING) {
        HOLDS(o, c, c == without);
    } else if (o->incident <= VIEW_CRASHED) {
        HOLDS(o, c, c == seen_as[o->incident]);
    } else {
        HOLDS(o, c, c == CONDITION_SILENT || c == CONDITION_UNKNOWN);
    }
}

static void an_incident_explains_only_who_seems_to_run(void **state)
{
    (void) state;
    everywhere(check_incident);
}

static void check_who_is_halted_stands(const struct observation *o, enum condition c)
{
    struct observation other = *o;

    (void) c;
    if (!verdict_halted(o)) {
        return;
    }
    other.process = PROCESS_ALIVE;
    other.record = RECORD_NONE;
    other.incident = VIEW_NONE;
    c = verdict_of(&other);
    HOLDS(o, c, verdict_libvirt_active(o));
    HOLDS(o, c, c == CONDITION_CRASHED || c == CONDITION_HUNG || c == CONDITION_IO_ERROR);
    HOLDS(o, c, o->runstate != RUNSTATE_UNKNOWN || !verdict_needs_runstate(o->state, o->reason));
}

static void a_halted_guest_stands_by_every_word(void **state)
{
    struct observation paused_by_watchdog = {
        .libvirt = LIBVIRT_KNOWS, .state = VIR_DOMAIN_PAUSED,
        .reason = VIR_DOMAIN_PAUSED_WATCHDOG, .runstate = RUNSTATE_WATCHDOG,
    };

    (void) state;
    assert_true(verdict_halted(&paused_by_watchdog));
    everywhere(check_who_is_halted_stands);
}

static void who_was_sent_away_is_told_from_who_is_paused(void **state)
{
    struct observation o = {
        .libvirt = LIBVIRT_KNOWS, .state = VIR_DOMAIN_PAUSED,
        .reason = VIR_DOMAIN_PAUSED_MIGRATION,
    };

    (void) state;
    assert_true(verdict_stands(&o) && verdict_sent_away(&o));
    o.reason = VIR_DOMAIN_PAUSED_USER;
    assert_true(verdict_stands(&o) && !verdict_sent_away(&o));
    o.runstate = RUNSTATE_POSTMIGRATE;
    assert_true(verdict_sent_away(&o));
    o.libvirt = LIBVIRT_SILENT;
    assert_false(verdict_stands(&o) || verdict_sent_away(&o));
    o = (struct observation) {.libvirt = LIBVIRT_KNOWS, .state = VIR_DOMAIN_RUNNING,
                              .reason = VIR_DOMAIN_PAUSED_MIGRATION};
    assert_false(verdict_stands(&o) || verdict_sent_away(&o));
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

static void what_came_in_has_not_run(void **state)
{
    struct observation o = {
        .libvirt = LIBVIRT_KNOWS, .state = VIR_DOMAIN_PAUSED, .reason = VIR_DOMAIN_PAUSED_MIGRATION
    };

    (void) state;
    assert_true(verdict_came_in(&o));
    o.reason = VIR_DOMAIN_PAUSED_USER; /* by somebody, at any time */
    assert_false(verdict_came_in(&o));
    o.reason = VIR_DOMAIN_PAUSED_MIGRATION;
    o.libvirt = LIBVIRT_SILENT;
    assert_false(verdict_came_in(&o));
    o = (struct observation) {
        .libvirt = LIBVIRT_KNOWS, .state = VIR_DOMAIN_RUNNING, .reason = VIR_DOMAIN_PAUSED_MIGRATION
    };
    assert_false(verdict_came_in(&o));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_in_has_not_run),
        cmocka_unit_test(stopped_is_only_said_with_proof),
        cmocka_unit_test(the_dead_are_absent_or_doubted_and_the_living_neither),
        cmocka_unit_test(doubt_is_never_health),
        cmocka_unit_test(an_incident_explains_only_who_seems_to_run),
        cmocka_unit_test(a_halted_guest_stands_by_every_word),
        cmocka_unit_test(who_was_sent_away_is_told_from_who_is_paused),
        cmocka_unit_test(a_record_alone_changes_nothing),
        cmocka_unit_test(who_need_not_ask_misses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
