/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/care: when a frozen guest is due for what, who is given up first, and its dump in words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/care.h"

enum { S = 1000 * 1000, MIB = 1024 * 1024 };

/* Frozen at this second of the monotonic clock. */
static struct record *frozen(const char *name, enum incident_state state, int64_t at_s)
{
    struct record *r = record_new();
    struct moment_record *m =
        array_add(&r->incident.moment, &r->incident.moment_count, sizeof *m);

    m->what = str_dup("frozen");
    m->mono_us = at_s * S;
    r->name = str_dup(name);
    r->phase = PHASE_FROZEN;
    r->incident.state = state;
    r->care.frozen_max = 2;
    return r;
}

static void dumped(struct record *r)
{
    r->care.dump_format = DUMP_ELF;
    r->incident.evidence.dump = str_dup("core.elf");
}

static void only_a_frozen_guest_is_due(void **state)
{
    static const struct { enum incident_state state; enum care_need need; } rows[] = {
        {INCIDENT_NONE, CARE_NOTHING}, {INCIDENT_SEEN, CARE_NOTHING},
        {INCIDENT_RECOVERING, CARE_NOTHING}, {INCIDENT_RECOVERED, CARE_NOTHING},
        {INCIDENT_REPORTED, CARE_NOTHING}, {INCIDENT_FROZEN, CARE_COLLECT},
        {INCIDENT_DUMPING, CARE_COLLECT}, {INCIDENT_KEPT, CARE_NOTHING},
        {INCIDENT_RELEASED, CARE_NOTHING},
    };

    (void) state;
    assert_int_equal(sizeof rows / sizeof rows[0], INCIDENT_STATE_LAST);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        _cleanup_record_ struct record *r = frozen("x", rows[i].state, 1);

        assert_int_equal(care_due_of(r, 5 * S).need, rows[i].need);
        assert_true(care_due_of(r, 5 * S).wait_us == 0);
        r->phase = PHASE_RUNNING;
        assert_int_equal(care_due_of(r, 5 * S).need, CARE_NOTHING);
    }
}

static void a_complete_dump_is_followed_by_the_release(void **state)
{
    _cleanup_record_ struct record *r = frozen("x", INCIDENT_KEPT, 1);

    (void) state;
    r->care.dump_format = DUMP_ELF; /* it failed: its memory is all there is */
    assert_int_equal(care_due_of(r, 5 * S).need, CARE_NOTHING);
    dumped(r);
    r->care.dump_format = DUMP_NONE; /* by hand */
    assert_int_equal(care_due_of(r, 5 * S).need, CARE_NOTHING);
    r->care.dump_format = DUMP_ELF;
    assert_int_equal(care_due_of(r, 5 * S).need, CARE_RELEASE);
    assert_non_null(care_due_of(r, 5 * S).because);
    r->care.after_dump = AFTER_DUMP_KEEP;
    assert_int_equal(care_due_of(r, 5 * S).need, CARE_NOTHING);
    r->incident.state = INCIDENT_DUMPING;
    assert_int_equal(care_due_of(r, 5 * S).need, CARE_COLLECT);
}

static void frozen_keep_counts_from_the_freeze(void **state)
{
    _cleanup_record_ struct record *r = frozen("x", INCIDENT_KEPT, 100);

    (void) state;
    r->care.frozen_keep_s = 60;
    assert_int_equal(care_due_of(r, 130 * S).need, CARE_NOTHING);
    assert_true(care_due_of(r, 130 * S).wait_us == 30 * (int64_t) S);
    assert_int_equal(care_due_of(r, 160 * S).need, CARE_RELEASE);
    r->incident.state = INCIDENT_DUMPING; /* never while its dump is being made */
    assert_int_equal(care_due_of(r, 160 * S).need, CARE_COLLECT);
}

static void who_is_given_up_first(void **state)
{
    struct record *list[] = {
        frozen("failed", INCIDENT_KEPT, 1), frozen("unwanted", INCIDENT_KEPT, 2),
        frozen("dumped", INCIDENT_KEPT, 4), frozen("dumped-first", INCIDENT_KEPT, 3),
        frozen("to-be-dumped", INCIDENT_FROZEN, 0), frozen("dumping", INCIDENT_DUMPING, 9),
        frozen("runs", INCIDENT_NONE, 0),
    };
    static const char *const order[] = {"dumped-first", "dumped", "unwanted", "failed"};

    (void) state;
    list[0]->care.dump_format = DUMP_ELF;
    dumped(list[2]);
    dumped(list[3]);
    list[6]->phase = PHASE_RUNNING;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        const struct record *next = care_surplus(list, 7);

        assert_non_null(next);
        assert_string_equal(next->name, order[i]);
        assert_int_equal(care_expendable(list, 7) == next, i < 2);
        for (size_t k = 0; k < 7; k++) {
            list[k]->phase = list[k] == next ? PHASE_KNOWN : list[k]->phase;
        }
    }
    assert_null(care_surplus(list, 7)); /* two are left, which wait for their dumps */
    assert_null(care_expendable(list, 7));
    for (size_t k = 0; k < 7; k++) {
        record_free(list[k]);
    }
}

static void the_newest_policy_counts(void **state)
{
    struct record *list[] = {
        frozen("old", INCIDENT_KEPT, 1), frozen("older", INCIDENT_KEPT, 0),
        frozen("new", INCIDENT_KEPT, 2),
    };

    (void) state;
    assert_non_null(care_surplus(list, 3));
    assert_string_equal(care_surplus(list, 3)->name, "older");
    list[2]->care.frozen_max = 3;
    assert_null(care_surplus(list, 3));
    list[2]->care.frozen_max = 0; /* any number */
    assert_null(care_surplus(list, 3));
    assert_null(care_surplus(list, 0));
    for (size_t k = 0; k < 3; k++) {
        record_free(list[k]);
    }
}

static void words(struct record *r, bool coarse, const char *expected)
{
    _cleanup_free_ char *text = care_words(r, 12 * S, coarse);

    if (expected) {
        assert_string_equal(text, expected);
    } else {
        assert_null(text);
    }
}

static void a_dump_in_words(void **state)
{
    _cleanup_record_ struct record *r = frozen("x", INCIDENT_FROZEN, 1);
    struct evidence *e = &r->incident.evidence;

    (void) state;
    words(r, false, NULL);
    r->incident.state = INCIDENT_DUMPING;
    words(r, false, "evidence is being collected");
    words(r, true, NULL);
    e->begun_mono_us = 10 * S;
    e->total_bytes = INT64_C(400) * MIB;
    words(r, false, "0 %");
    e->done_bytes = INT64_C(100) * MIB;
    words(r, false, "25 %, 50 MiB/s, 6 s left");
    words(r, true, "20 %");
    e->done_bytes = e->total_bytes + 1; /* it lies */
    words(r, false, "evidence is being collected");
    r->incident.state = INCIDENT_KEPT;
    e->note = str_dup("why not");
    words(r, false, "none: why not");
    e->dump = str_dup("core.elf");
    words(r, false, "complete, why not");
    words(r, true, "complete, why not");
    r->incident.state = INCIDENT_RELEASED;
    words(r, true, "complete, why not");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_frozen_guest_is_due),
        cmocka_unit_test(a_complete_dump_is_followed_by_the_release),
        cmocka_unit_test(frozen_keep_counts_from_the_freeze),
        cmocka_unit_test(who_is_given_up_first),
        cmocka_unit_test(the_newest_policy_counts),
        cmocka_unit_test(a_dump_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
