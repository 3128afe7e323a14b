/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/verdict: the design's table row by row, written down a second time, and
 * how it is printed.
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

/* A panicked guest that QEMU lets run on is libvirt's "crashed" and QEMU's "running". */
static void incidents_of_guests_that_run(void **state)
{
    static const struct { int state; int reason; enum runstate r; } runs[] = {
        { VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_BOOTED, RUNSTATE_UNKNOWN },
        { VIR_DOMAIN_BLOCKED, VIR_DOMAIN_BLOCKED_UNKNOWN, RUNSTATE_UNKNOWN },
        { VIR_DOMAIN_CRASHED, VIR_DOMAIN_CRASHED_PANICKED, RUNSTATE_RUNNING },
        { VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_UNKNOWN, RUNSTATE_RUNNING },
    };
    static const enum condition seen_as[] = {
        [VIEW_NONE] = CONDITION_RUNNING, [VIEW_RECOVERING] = CONDITION_SELF_RECOVERING,
        [VIEW_HUNG] = CONDITION_HUNG, [VIEW_CRASHED] = CONDITION_CRASHED,
    };

    (void) state;
    for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
        for (size_t v = 0; v < sizeof(seen_as) / sizeof(seen_as[0]); v++) {
            struct observation o = {
                .libvirt = LIBVIRT_KNOWS, .state = runs[i].state, .reason = runs[i].reason,
                .runstate = runs[i].r, .process = PROCESS_ALIVE, .record = RECORD_KNOWN,
                .incident = (enum incident_view) v,
            };

            assert_int_equal(verdict_of(&o), seen_as[v]);
            /* a freeze is a proof; an incident before it none */
            o.record = RECORD_FROZEN_HOLDS;
            assert_int_equal(verdict_of(&o), CONDITION_THAWED);
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
    o.state = VIR_DOMAIN_BLOCKED;
    o.reason = VIR_DOMAIN_BLOCKED_UNKNOWN;
    assert_int_equal(verdict_of(&o), CONDITION_THAWED);
    o.state = VIR_DOMAIN_PMSUSPENDED;
    o.reason = VIR_DOMAIN_PMSUSPENDED_UNKNOWN;
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
    table_print(out, verdict_tell);
    fclose(out);
    assert_non_null(strstr(text, "crashed        panicked             crashed         "
                                 "can clear it\n"));
    assert_non_null(strstr(text, "shut off       daemon               absent          no\n"));
    for (int r = 1; r < RUNSTATE_LAST; r++) {
        assert_non_null(strstr(text, runstate_name((enum runstate) r)));
    }
    assert_non_null(strstr(text, "\nnone           running         "));
    assert_non_null(strstr(text, "\nin grace       self-recovering "));
    assert_non_null(strstr(text, "\nhung           hung            "));
    assert_non_null(strstr(text, "\ngrace over     crashed         "));
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
        cmocka_unit_test(unambiguous_states),
        cmocka_unit_test(ambiguous_states),
        cmocka_unit_test(incidents_of_guests_that_run),
        cmocka_unit_test(zero_is_unknown),
        cmocka_unit_test(shutoff_and_not_found_are_judged_alike),
        cmocka_unit_test(resuming_a_frozen_guest_thaws_it),
        cmocka_unit_test(prints_every_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
