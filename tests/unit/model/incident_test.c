/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/incident and its words: each row of the table taken, each pair that is not in it
 * refused, and what an incident makes of a guest that runs, to the microsecond.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "model/incident.h"
#include "model/incident_rows.h"
#include "model/record.h"

enum { S = 1000 * 1000, SEEN = 100 * S, MOMENTS_MOST = 64 };

static const struct incident_row *row_of(enum incident_state from, enum incident_step step)
{
    size_t count;
    const struct incident_row *row = incident_rows(&count);

    for (size_t i = 0; i < count; i++) {
        if (row[i].from == from && row[i].step == step) {
            return &row[i];
        }
    }
    return NULL;
}

/* The table written down a second time on purpose: its words and deeds are a contract. */
static const struct incident_row contract[] = {
    { INCIDENT_NONE, STEP_BROKE, INCIDENT_SEEN, DEED_REPORT },
    { INCIDENT_NONE, STEP_MAY_RECOVER, INCIDENT_RECOVERING, DEED_WAIT },
    { INCIDENT_NONE, STEP_REPORTED, INCIDENT_REPORTED, DEED_ANNOUNCE },
    { INCIDENT_NONE, STEP_FROZEN, INCIDENT_FROZEN, DEED_ANNOUNCE },
    { INCIDENT_SEEN, STEP_BROKE, INCIDENT_SEEN, DEED_NOTHING },
    { INCIDENT_SEEN, STEP_MAY_RECOVER, INCIDENT_RECOVERING, DEED_WAIT },
    { INCIDENT_SEEN, STEP_RECOVERED, INCIDENT_RECOVERED, DEED_CLEAR },
    { INCIDENT_SEEN, STEP_REPORTED, INCIDENT_REPORTED, DEED_NOTHING },
    { INCIDENT_SEEN, STEP_FROZEN, INCIDENT_FROZEN, DEED_ANNOUNCE },
    { INCIDENT_SEEN, STEP_ENDED, INCIDENT_RELEASED, DEED_NOTHING },
    { INCIDENT_RECOVERING, STEP_MAY_RECOVER, INCIDENT_RECOVERING, DEED_NOTHING },
    { INCIDENT_RECOVERING, STEP_BROKE, INCIDENT_SEEN, DEED_REPORT },
    { INCIDENT_RECOVERING, STEP_GRACE_OVER, INCIDENT_SEEN, DEED_REPORT },
    { INCIDENT_RECOVERING, STEP_RECOVERED, INCIDENT_RECOVERED, DEED_CLEAR },
    { INCIDENT_RECOVERING, STEP_REPORTED, INCIDENT_REPORTED, DEED_ANNOUNCE },
    { INCIDENT_RECOVERING, STEP_FROZEN, INCIDENT_FROZEN, DEED_ANNOUNCE },
    { INCIDENT_RECOVERING, STEP_ENDED, INCIDENT_RELEASED, DEED_NOTHING },
    { INCIDENT_RECOVERED, STEP_BROKE, INCIDENT_SEEN, DEED_REPORT },
    { INCIDENT_RECOVERED, STEP_MAY_RECOVER, INCIDENT_RECOVERING, DEED_WAIT },
    { INCIDENT_RECOVERED, STEP_RECOVERED, INCIDENT_RECOVERED, DEED_NOTHING },
    { INCIDENT_RECOVERED, STEP_REPORTED, INCIDENT_REPORTED, DEED_ANNOUNCE },
    { INCIDENT_RECOVERED, STEP_FROZEN, INCIDENT_FROZEN, DEED_ANNOUNCE },
    { INCIDENT_RECOVERED, STEP_ENDED, INCIDENT_RELEASED, DEED_NOTHING },
    { INCIDENT_REPORTED, STEP_REPORTED, INCIDENT_REPORTED, DEED_NOTHING },
    { INCIDENT_REPORTED, STEP_BROKE, INCIDENT_REPORTED, DEED_NOTHING },
    { INCIDENT_REPORTED, STEP_MAY_RECOVER, INCIDENT_REPORTED, DEED_NOTHING },
    { INCIDENT_REPORTED, STEP_RECOVERED, INCIDENT_RECOVERED, DEED_CLEAR },
    { INCIDENT_REPORTED, STEP_FROZEN, INCIDENT_FROZEN, DEED_ANNOUNCE },
    { INCIDENT_REPORTED, STEP_ENDED, INCIDENT_RELEASED, DEED_NOTHING },
    { INCIDENT_FROZEN, STEP_FROZEN, INCIDENT_FROZEN, DEED_NOTHING },
    { INCIDENT_FROZEN, STEP_DUMP_BEGUN, INCIDENT_DUMPING, DEED_ANNOUNCE },
    { INCIDENT_FROZEN, STEP_ENDED, INCIDENT_RELEASED, DEED_ANNOUNCE },
    { INCIDENT_DUMPING, STEP_DUMP_ENDED, INCIDENT_KEPT, DEED_ANNOUNCE },
    { INCIDENT_DUMPING, STEP_FROZEN, INCIDENT_FROZEN, DEED_ANNOUNCE },
    { INCIDENT_DUMPING, STEP_ENDED, INCIDENT_RELEASED, DEED_ANNOUNCE },
    { INCIDENT_KEPT, STEP_DUMP_BEGUN, INCIDENT_DUMPING, DEED_ANNOUNCE },
    { INCIDENT_KEPT, STEP_FROZEN, INCIDENT_FROZEN, DEED_ANNOUNCE },
    { INCIDENT_KEPT, STEP_ENDED, INCIDENT_RELEASED, DEED_ANNOUNCE },
    { INCIDENT_RELEASED, STEP_ENDED, INCIDENT_RELEASED, DEED_NOTHING },
};

static void the_table_is_the_one_agreed_on(void **state)
{
    size_t count;

    (void) state;
    incident_rows(&count);
    assert_int_equal(count, sizeof contract / sizeof contract[0]);
    for (size_t i = 0; i < count; i++) {
        const struct incident_row *row = row_of(contract[i].from, contract[i].step);

        assert_non_null(row);
        assert_int_equal(row->to, contract[i].to);
        assert_int_equal(row->deed, contract[i].deed);
    }
}

/* A record whose incident is in that state, with one moment. */
static struct record *in_state(enum incident_state state)
{
    struct record *r = record_new();

    record_note_incident(r, CAUSE_PANIC, CONDITION_CRASHED, "guest panicked", 1, SEEN);
    assert_true(incident_step(&r->incident, STEP_BROKE, 1, SEEN, NULL) >= 0);
    r->incident.state = state;
    return r;
}

static void takes(const struct incident_row *row)
{
    _cleanup_record_ struct record *r = in_state(row->from);
    struct incident *i = &r->incident;
    struct err why = { .text = "" };
    bool stays = row->from == row->to;

    assert_int_equal(incident_step(i, row->step, 77, 88, &why), row->deed);
    assert_int_equal(i->state, row->to);
    assert_string_equal(why.text, "");
    /* told twice: as before, and nothing is done */
    assert_int_equal(i->moment_count, stays ? 1 : 2);
    if (stays) {
        assert_int_equal(row->deed, DEED_NOTHING);
    } else {
        assert_string_equal(i->moment[1].what, incident_state_name(row->to));
        assert_int_equal(i->moment[1].wall_ms, 77);
        assert_int_equal(i->moment[1].mono_us, 88);
    }
    assert_int_equal(i->moment[0].mono_us, SEEN);
    /* a step is no sign: what is known of the incident stays */
    assert_int_equal(i->cause, CAUSE_PANIC);
    assert_int_equal(i->condition, CONDITION_CRASHED);
    assert_string_equal(i->reason, "guest panicked");
    assert_int_equal(i->seen_wall_ms, 1);
    assert_int_equal(i->seen_mono_us, SEEN);
}

static void refuses(enum incident_state from, enum incident_step step)
{
    _cleanup_record_ struct record *r = in_state(from);
    struct incident before = r->incident;
    struct err why = { .text = "" };
    char named[64];

    assert_int_equal(incident_step(&r->incident, step, 77, 88, &why), -EPROTO);
    assert_memory_equal(&r->incident, &before, sizeof before);
    assert_string_equal(r->incident.moment[0].what, "seen");
    assert_int_equal(why.kind, ERR_GENERIC);
    snprintf(named, sizeof named, " is %s ", incident_state_name(from));
    assert_non_null(strstr(why.text, named));
    snprintf(named, sizeof named, "'%s'", incident_step_name(step));
    assert_non_null(strstr(why.text, named));
    assert_int_equal(incident_step(&r->incident, step, 77, 88, NULL), -EPROTO);
}

static void each_row_is_taken_and_no_other(void **state)
{
    size_t count;
    size_t taken = 0;

    (void) state;
    incident_rows(&count);
    for (int from = 0; from < INCIDENT_STATE_LAST; from++) {
        for (int step = 0; step < STEP_LAST; step++) {
            const struct incident_row *row =
                row_of((enum incident_state) from, (enum incident_step) step);

            if (row) {
                takes(row);
                taken++;
            } else {
                refuses((enum incident_state) from, (enum incident_step) step);
            }
        }
    }
    assert_int_equal(taken, count); /* no pair stands in two rows */
    refuses(INCIDENT_SEEN, STEP_LAST);
    refuses(INCIDENT_SEEN, (enum incident_step) -1);
    refuses(INCIDENT_STATE_LAST, STEP_BROKE);
}

static bool needs_help(enum incident_state s)
{
    return s == INCIDENT_SEEN || s == INCIDENT_RECOVERING || s == INCIDENT_REPORTED;
}

static bool is_frozen(enum incident_state s)
{
    return s == INCIDENT_FROZEN || s == INCIDENT_DUMPING || s == INCIDENT_KEPT;
}

/* What holds of the table, whichever rows it has. */
static void check_row(const struct incident_row *r)
{
    assert_int_not_equal(r->to, INCIDENT_NONE);
    if (r->from != r->to) {
        assert_int_equal(r->deed == DEED_REPORT, r->to == INCIDENT_SEEN);
        assert_int_equal(r->deed == DEED_WAIT, r->to == INCIDENT_RECOVERING);
        assert_int_equal(r->deed == DEED_CLEAR, r->to == INCIDENT_RECOVERED);
    }
    /* a frozen guest never recovers: it stays frozen, or its process ends */
    if (is_frozen(r->from)) {
        assert_true(is_frozen(r->to) || r->to == INCIDENT_RELEASED);
    }
    if (r->from == INCIDENT_RELEASED) {
        assert_int_equal(r->to, INCIDENT_RELEASED);
    }
    assert_int_equal(r->step == STEP_ENDED, r->to == INCIDENT_RELEASED);
    assert_int_equal(r->step == STEP_RECOVERED, r->to == INCIDENT_RECOVERED);
}

static void the_table_keeps_its_promises(void **state)
{
    size_t count;
    const struct incident_row *row = incident_rows(&count);
    bool reached[INCIDENT_STATE_LAST] = { [INCIDENT_NONE] = true };
    bool used[STEP_LAST] = { false };

    (void) state;
    for (size_t i = 0; i < count; i++) {
        check_row(&row[i]);
        used[row[i].step] = true;
        if (row[i].from != row[i].to) {
            reached[row[i].to] = true;
        }
    }
    for (int s = 0; s < INCIDENT_STATE_LAST; s++) {
        enum incident_state from = (enum incident_state) s;

        assert_true(reached[s]);
        /* any process may end, and any that is not gone may be frozen */
        assert_int_equal(row_of(from, STEP_ENDED) != NULL, from != INCIDENT_NONE);
        assert_int_equal(row_of(from, STEP_FROZEN) != NULL, from != INCIDENT_RELEASED);
        /* who needs help may be reported and may recover; so may nobody who is frozen */
        assert_int_equal(row_of(from, STEP_REPORTED) != NULL,
                         !is_frozen(from) && from != INCIDENT_RELEASED);
        if (needs_help(from)) {
            assert_non_null(row_of(from, STEP_RECOVERED));
        }
    }
    for (int s = 0; s < STEP_LAST; s++) {
        assert_true(used[s]);
    }
}

/* The way of a guest that panics, dumps itself in vain, is frozen, dumped and released. */
static void a_whole_life(void **state)
{
    static const struct { enum incident_step step; const char *then; int deed; } way[] = {
        { STEP_MAY_RECOVER, "recovering", DEED_WAIT },
        { STEP_MAY_RECOVER, NULL, DEED_NOTHING },
        { STEP_GRACE_OVER, "seen", DEED_REPORT },
        { STEP_BROKE, NULL, DEED_NOTHING },
        { STEP_REPORTED, "reported", DEED_NOTHING },
        { STEP_FROZEN, "frozen", DEED_ANNOUNCE },
        { STEP_DUMP_BEGUN, "dumping", DEED_ANNOUNCE },
        { STEP_DUMP_ENDED, "kept", DEED_ANNOUNCE },
        { STEP_ENDED, "released", DEED_ANNOUNCE },
    };
    _cleanup_record_ struct record *r = record_new();
    size_t moments = 0;

    (void) state;
    for (size_t i = 0; i < sizeof way / sizeof way[0]; i++) {
        assert_int_equal(incident_step(&r->incident, way[i].step, (int64_t) i, 0, NULL),
                         way[i].deed);
        moments += way[i].then != NULL;
        assert_int_equal(r->incident.moment_count, moments);
        if (way[i].then) {
            assert_string_equal(r->incident.moment[moments - 1].what, way[i].then);
            assert_int_equal(r->incident.moment[moments - 1].wall_ms, i);
        }
    }
}

/* A guest that goes to and fro all day: of its moments the first and the last are kept. */
static void moments_are_bounded(void **state)
{
    _cleanup_record_ struct record *r = record_new();
    const struct incident *i = &r->incident;

    (void) state;
    for (int n = 1; n <= 1000; n++) {
        enum incident_step step = n % 2 ? STEP_MAY_RECOVER : STEP_BROKE;

        assert_true(incident_step(&r->incident, step, n, n * 10, NULL) > 0);
        assert_int_equal(i->moment_count, n < MOMENTS_MOST ? n : MOMENTS_MOST);
        assert_int_equal(i->moment[0].wall_ms, 1);
        assert_int_equal(i->moment[i->moment_count - 1].wall_ms, n);
    }
    for (int n = 0; n < MOMENTS_MOST; n++) {
        const struct moment_record *m = &i->moment[n];
        int was = n < MOMENTS_MOST / 2 ? n + 1 : 1000 - MOMENTS_MOST + n + 1;

        assert_int_equal(m->wall_ms, was);
        assert_int_equal(m->mono_us, was * 10);
        assert_string_equal(m->what, was % 2 ? "recovering" : "seen");
    }
}

static void open_ones_concern_the_guest_that_runs(void **state)
{
    (void) state;
    for (int s = 0; s < INCIDENT_STATE_LAST; s++) {
        struct incident i = { .state = (enum incident_state) s };

        assert_int_equal(incident_is_open(&i), needs_help(i.state) || is_frozen(i.state));
    }
}

/* Policies that differ in every grace, and none that is another's. */
static struct params policy(void)
{
    return (struct params) {
        .kdump_grace_s = 300, .panic_grace_s = 7, .io_error_grace_s = 60,
        .on_io_error = ON_IO_ERROR_RETRY, .on_watchdog = ON_WATCHDOG_FREEZE,
    };
}

static const struct {
    int64_t grace_s;
    enum incident_view within;
    enum incident_view after;
} by_cause[CAUSE_LAST] = {
    [CAUSE_NONE] = { 0, VIEW_NONE, VIEW_NONE },
    [CAUSE_PANIC] = { 7, VIEW_RECOVERING, VIEW_CRASHED },
    [CAUSE_CRASHLOAD] = { 300, VIEW_RECOVERING, VIEW_CRASHED },
    [CAUSE_WATCHDOG] = { 0, VIEW_HUNG, VIEW_HUNG },
    [CAUSE_WATCHDOG_RESET] = { 10, VIEW_RECOVERING, VIEW_HUNG },
    [CAUSE_WATCHDOG_NMI] = { 10, VIEW_RECOVERING, VIEW_HUNG },
    [CAUSE_WATCHDOG_SHUTDOWN] = { 30, VIEW_RECOVERING, VIEW_HUNG },
    [CAUSE_IO_ERROR] = { 60, VIEW_NONE, VIEW_NONE },
    [CAUSE_INTERNAL] = { 0, VIEW_NONE, VIEW_NONE },
    [CAUSE_SILENT] = { 0, VIEW_HUNG, VIEW_HUNG },
    [CAUSE_SILENT_NMI] = { 10, VIEW_RECOVERING, VIEW_HUNG },
};

static void each_cause_has_its_grace(void **state)
{
    const struct params p = policy();

    (void) state;
    for (int c = 0; c < CAUSE_LAST; c++) {
        struct incident i = { .cause = (enum incident_cause) c, .seen_mono_us = SEEN };
        int64_t grace_us = by_cause[c].grace_s * S;

        assert_true(incident_grace_us(i.cause, &p) == grace_us);
        assert_true(incident_grace_left_us(&i, &p, SEEN) == grace_us);
        if (grace_us) {
            assert_true(incident_grace_left_us(&i, &p, SEEN + 1) == grace_us - 1);
            assert_true(incident_grace_left_us(&i, &p, SEEN + grace_us - 1) == 1);
        }
        assert_true(incident_grace_left_us(&i, &p, SEEN + grace_us) == 0);
        assert_true(incident_grace_left_us(&i, &p, INT64_MAX / 2) == 0);
    }
    assert_int_equal(incident_grace_us(CAUSE_LAST, &p), 0);
    assert_int_equal(incident_grace_us((enum incident_cause) -1, &p), 0);
}

static void a_policy_can_give_none(void **state)
{
    struct params p = policy();

    (void) state;
    p.on_io_error = ON_IO_ERROR_FREEZE;
    assert_int_equal(incident_grace_us(CAUSE_IO_ERROR, &p), 0);
    p.on_io_error = ON_IO_ERROR_DEGRADED;
    assert_int_equal(incident_grace_us(CAUSE_IO_ERROR, &p), 0);
    p.kdump_grace_s = 0;
    p.panic_grace_s = 0;
    assert_int_equal(incident_grace_us(CAUSE_CRASHLOAD, &p), 0);
    assert_int_equal(incident_grace_us(CAUSE_PANIC, &p), 0);
    /* the longest that can be asked for is no overflow */
    p.kdump_grace_s = 7 * 24 * 3600;
    assert_true(incident_grace_us(CAUSE_CRASHLOAD, &p) == p.kdump_grace_s * S);
}

static void view_is(enum incident_state s, enum incident_cause c, const struct params *p,
                    int64_t after_us, enum incident_view expected)
{
    struct incident i = { .state = s, .cause = c, .seen_mono_us = SEEN };
    enum incident_view view = incident_view_of(&i, p, SEEN + after_us);

    if (view != expected) {
        fail_msg("%s, %s, %lld us after it was seen: view %d, expected %d",
                 incident_state_name(s), incident_cause_name(c), (long long) after_us, (int) view,
                 (int) expected);
    }
}

static void views_of(enum incident_state s, enum incident_cause c)
{
    const struct params p = policy();
    int64_t grace_us = by_cause[c].grace_s * S;
    bool counts = needs_help(s);

    if (grace_us) {
        view_is(s, c, &p, 0, counts ? by_cause[c].within : VIEW_NONE);
        view_is(s, c, &p, grace_us - 1, counts ? by_cause[c].within : VIEW_NONE);
    }
    view_is(s, c, &p, grace_us, counts ? by_cause[c].after : VIEW_NONE);
    view_is(s, c, &p, grace_us + 1, counts ? by_cause[c].after : VIEW_NONE);
}

/* Of every cause in every state, right before and at the end of its grace. */
static void a_grace_ends_at_its_end(void **state)
{
    (void) state;
    for (int s = 0; s < INCIDENT_STATE_LAST; s++) {
        for (int c = 0; c < CAUSE_LAST; c++) {
            views_of((enum incident_state) s, (enum incident_cause) c);
        }
    }
}

static void who_ignores_watchdogs_is_told_of_none(void **state)
{
    struct params p = policy();

    (void) state;
    p.on_watchdog = ON_WATCHDOG_IGNORE;
    for (int c = CAUSE_WATCHDOG; c <= CAUSE_WATCHDOG_SHUTDOWN; c++) {
        view_is(INCIDENT_RECOVERING, (enum incident_cause) c, &p, 0, VIEW_HUNG);
        view_is(INCIDENT_SEEN, (enum incident_cause) c, &p, 60 * S, VIEW_HUNG);
    }
    view_is(INCIDENT_RECOVERING, CAUSE_SILENT_NMI, &p, 0, VIEW_HUNG);
    view_is(INCIDENT_RECOVERING, CAUSE_CRASHLOAD, &p, 0, VIEW_RECOVERING);
    p.on_watchdog = ON_WATCHDOG_DEGRADED;
    view_is(INCIDENT_RECOVERING, CAUSE_WATCHDOG_RESET, &p, 0, VIEW_RECOVERING);
}

/* Storage that came back has to stay: resumed is not recovered, for IO_SETTLE_S. */
static void storage_has_to_stay(void **state)
{
    const struct params p = policy();
    struct incident i = {
        .state = INCIDENT_RECOVERING, .cause = CAUSE_IO_ERROR, .seen_mono_us = SEEN,
    };
    int64_t resumed = SEEN + 55 * S;

    (void) state;
    assert_int_equal(incident_view_of(&i, &p, resumed), VIEW_NONE);
    i.resumed_mono_us = resumed;
    assert_int_equal(incident_view_of(&i, &p, resumed), VIEW_RECOVERING);
    /* also beyond the grace: it runs, and need not be failed any more */
    assert_int_equal(incident_view_of(&i, &p, resumed + IO_SETTLE_S * S - 1), VIEW_RECOVERING);
    assert_int_equal(incident_view_of(&i, &p, resumed + IO_SETTLE_S * S), VIEW_NONE);
    i.state = INCIDENT_RECOVERED;
    assert_int_equal(incident_view_of(&i, &p, resumed), VIEW_NONE);
    /* of other causes a resume says nothing */
    i.state = INCIDENT_RECOVERING;
    i.cause = CAUSE_INTERNAL;
    assert_int_equal(incident_view_of(&i, &p, resumed), VIEW_NONE);
}

/* QEMU had stopped it: it runs because somebody let it, and no grace is owed or over. */
static void who_was_halted_and_runs_was_let_run(void **state)
{
    const struct params p = policy();

    (void) state;
    for (int s = 0; s < INCIDENT_STATE_LAST; s++) {
        for (int c = 0; c < CAUSE_LAST; c++) {
            struct incident i = {
                .state = (enum incident_state) s, .cause = (enum incident_cause) c,
                .seen_mono_us = SEEN,
            };
            bool open = incident_is_open(&i);

            assert_int_equal(incident_ends_by_running(&i), open && c == CAUSE_IO_ERROR);
            i.halted = true;
            assert_int_equal(incident_ends_by_running(&i), open);
            assert_int_equal(incident_view_of(&i, &p, SEEN), VIEW_NONE);
            assert_int_equal(incident_view_of(&i, &p, SEEN + (int64_t) 3600 * S), VIEW_NONE);
        }
    }
}

static void silence_is_open_and_of_its_causes(void **state)
{
    (void) state;
    for (int s = 0; s < INCIDENT_STATE_LAST; s++) {
        for (int c = 0; c < CAUSE_LAST; c++) {
            struct incident i = {
                .state = (enum incident_state) s, .cause = (enum incident_cause) c,
            };

            assert_int_equal(incident_is_silence(&i),
                             incident_is_open(&i) &&
                             (c == CAUSE_SILENT || c == CAUSE_SILENT_NMI));
        }
    }
}

static void words_are_unlike(void **state)
{
    (void) state;
    for (int s = 0; s < INCIDENT_STATE_LAST; s++) {
        const char *word = incident_state_name((enum incident_state) s);

        assert_true(word && *word);
        for (int other = 0; other < s; other++) {
            assert_string_not_equal(word, incident_state_name((enum incident_state) other));
        }
    }
    for (int c = 0; c < CAUSE_LAST; c++) {
        const char *word = incident_cause_name((enum incident_cause) c);

        assert_true(word && *word);
        for (int other = 0; other < c; other++) {
            assert_string_not_equal(word, incident_cause_name((enum incident_cause) other));
        }
    }
    for (int s = 0; s < STEP_LAST; s++) {
        assert_true(*incident_step_name((enum incident_step) s));
        for (int other = 0; other < s; other++) {
            assert_string_not_equal(incident_step_name((enum incident_step) s),
                                    incident_step_name((enum incident_step) other));
        }
    }
}

static void strange_values_are_none(void **state)
{
    (void) state;
    assert_string_equal(incident_state_name(INCIDENT_STATE_LAST), "none");
    assert_string_equal(incident_state_name((enum incident_state) -1), "none");
    assert_string_equal(incident_cause_name(CAUSE_LAST), "none");
    assert_string_equal(incident_cause_name((enum incident_cause) -1), "none");
    assert_string_equal(incident_step_name(STEP_LAST), "unknown");
    assert_string_equal(incident_step_name((enum incident_step) -1), "unknown");
}

static void prints_every_state_and_row(void **state)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    size_t count;
    const struct incident_row *row = incident_rows(&count);

    (void) state;
    assert_non_null(out);
    incident_print(out);
    fclose(out);
    char *table = strstr(text, "\nFROM ");

    assert_non_null(table);
    for (int s = 0; s < INCIDENT_STATE_LAST; s++) {
        char line[64];

        snprintf(line, sizeof line, "\n%s ", incident_state_name((enum incident_state) s));
        assert_non_null(strstr(table, line));
        /* the picture has an arrow from or to each */
        snprintf(line, sizeof line, ")--> %s\n", incident_state_name((enum incident_state) s));
        assert_true(s == INCIDENT_NONE || (strstr(text, line) && strstr(text, line) < table));
    }
    for (size_t i = 0; i < count; i++) {
        char line[100];

        snprintf(line, sizeof line, "\n%-12s %-13s %-12s ", incident_state_name(row[i].from),
                 incident_step_name(row[i].step), incident_state_name(row[i].to));
        assert_non_null(strstr(table, line));
    }
    for (const char *p = text; *p; p += strcspn(p, "\n") + 1) {
        assert_true(strcspn(p, "\n") <= 100);
        assert_false(*p != '\n' && p[strcspn(p, "\n") - 1] == ' ');
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_the_one_agreed_on),
        cmocka_unit_test(each_row_is_taken_and_no_other),
        cmocka_unit_test(the_table_keeps_its_promises),
        cmocka_unit_test(a_whole_life),
        cmocka_unit_test(moments_are_bounded),
        cmocka_unit_test(open_ones_concern_the_guest_that_runs),
        cmocka_unit_test(each_cause_has_its_grace),
        cmocka_unit_test(a_policy_can_give_none),
        cmocka_unit_test(a_grace_ends_at_its_end),
        cmocka_unit_test(who_ignores_watchdogs_is_told_of_none),
        cmocka_unit_test(storage_has_to_stay),
        cmocka_unit_test(who_was_halted_and_runs_was_let_run),
        cmocka_unit_test(silence_is_open_and_of_its_causes),
        cmocka_unit_test(words_are_unlike),
        cmocka_unit_test(strange_values_are_none),
        cmocka_unit_test(prints_every_state_and_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
