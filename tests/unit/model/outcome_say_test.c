/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/outcome_say: what people read of an outcome, and the incident's own clock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/outcome.h"
#include "model/record.h"

enum { S = 1000 * 1000, SEEN = 100 * S };
enum { FAILED = 1, DEGRADED = 190 };

static const struct outcome outcome = { .ocf = DEGRADED, .text = "the guest is unwell" };

struct expected {
    enum condition condition;
    enum incident_state state;
    enum incident_cause cause;
    const char *reason;
    int64_t at_us;
    const char *text;
};

static const struct expected sayings[] = {
    /* without an incident, or with one that is over, only what the condition means */
    { CONDITION_PAUSED, INCIDENT_NONE, CAUSE_NONE, NULL, SEEN, "the guest is unwell" },
    { CONDITION_PAUSED, INCIDENT_NONE, CAUSE_PANIC, "old", SEEN, "the guest is unwell" },
    { CONDITION_PAUSED, INCIDENT_RECOVERED, CAUSE_PANIC, "old", SEEN, "the guest is unwell" },
    { CONDITION_ABSENT, INCIDENT_RELEASED, CAUSE_PANIC, "old", SEEN, "the guest is unwell" },
    /* an open one knows what happened */
    { CONDITION_CRASHED, INCIDENT_SEEN, CAUSE_PANIC, "guest panicked", SEEN,
      "guest panicked: the guest is unwell" },
    { CONDITION_CRASHED, INCIDENT_REPORTED, CAUSE_PANIC, "guest panicked", SEEN,
      "guest panicked: the guest is unwell" },
    { CONDITION_FROZEN, INCIDENT_KEPT, CAUSE_PANIC, "guest panicked", SEEN,
      "guest panicked: the guest is unwell" },
    { CONDITION_HUNG, INCIDENT_SEEN, CAUSE_WATCHDOG, NULL, SEEN, "the guest is unwell" },
    /* a grace is told in seconds that were begun, until its very end */
    { CONDITION_SELF_RECOVERING, INCIDENT_RECOVERING, CAUSE_CRASHLOAD, "it dumps itself", SEEN,
      "it dumps itself: the guest is unwell; 300 s left" },
    { CONDITION_SELF_RECOVERING, INCIDENT_RECOVERING, CAUSE_CRASHLOAD, "it dumps itself",
      SEEN + 1, "it dumps itself: the guest is unwell; 300 s left" },
    { CONDITION_SELF_RECOVERING, INCIDENT_RECOVERING, CAUSE_CRASHLOAD, NULL,
      SEEN + (int64_t) 299 * S, "the guest is unwell; 1 s left" },
    { CONDITION_SELF_RECOVERING, INCIDENT_RECOVERING, CAUSE_CRASHLOAD, NULL,
      SEEN + (int64_t) 300 * S - 1, "the guest is unwell; 1 s left" },
    { CONDITION_SELF_RECOVERING, INCIDENT_RECOVERING, CAUSE_CRASHLOAD, NULL,
      SEEN + (int64_t) 300 * S, "the guest is unwell" },
    { CONDITION_IO_ERROR, INCIDENT_RECOVERING, CAUSE_IO_ERROR, "vda: no space", SEEN + 15 * S,
      "vda: no space: the guest is unwell; 45 s left" },
    { CONDITION_IO_ERROR, INCIDENT_REPORTED, CAUSE_IO_ERROR, "vda: no space", SEEN + 60 * S,
      "vda: no space: the guest is unwell" },
    /* of other conditions a grace is nobody's business */
    { CONDITION_CRASHED, INCIDENT_RECOVERING, CAUSE_CRASHLOAD, NULL, SEEN,
      "the guest is unwell" },
    { CONDITION_HUNG, INCIDENT_RECOVERING, CAUSE_WATCHDOG_NMI, NULL, SEEN,
      "the guest is unwell" },
};

static struct incident incident_of(const struct expected *e, char *reason)
{
    return (struct incident) {
        .state = e->state, .cause = e->cause, .condition = e->condition, .reason = reason,
        .seen_mono_us = SEEN,
    };
}

static void say(const struct expected *e, const struct params *p, char *to, size_t size)
{
    char *reason = e->reason ? strdup(e->reason) : NULL;
    struct incident i = incident_of(e, reason);

    memset(to, 'x', size);
    outcome_say(&outcome, e->condition, &i, p, e->at_us, to, size);
    free(reason);
}

static void what_happened_what_it_means_what_is_left(void **state)
{
    struct params p;
    char text[200];

    (void) state;
    params_defaults(&p);
    for (size_t i = 0; i < sizeof sayings / sizeof sayings[0]; i++) {
        say(&sayings[i], &p, text, sizeof text);
        assert_string_equal(text, sayings[i].text);
    }
    params_free(&p);
}

/* Who does not retry gives an I/O error no time. */
static void no_grace_is_told_that_is_not_given(void **state)
{
    static const struct expected e = {
        CONDITION_IO_ERROR, INCIDENT_SEEN, CAUSE_IO_ERROR, NULL, SEEN, "the guest is unwell",
    };
    struct params p;
    char text[200];

    (void) state;
    params_defaults(&p);
    for (int on = 0; on <= ON_IO_ERROR_DEGRADED; on++) {
        p.on_io_error = (enum on_io_error) on;
        say(&e, &p, text, sizeof text);
        assert_int_equal(strstr(text, "left") != NULL, on == ON_IO_ERROR_RETRY);
    }
    p.on_io_error = ON_IO_ERROR_RETRY;
    p.io_error_grace_s = 0;
    say(&e, &p, text, sizeof text);
    assert_string_equal(text, e.text);
    params_free(&p);
}

/* Of any size, down to the empty text, it is the beginning of the whole one. */
static void what_is_too_long_is_cut(void **state)
{
    static const struct expected e = {
        CONDITION_SELF_RECOVERING, INCIDENT_RECOVERING, CAUSE_CRASHLOAD, "it dumps itself", SEEN,
        "it dumps itself: the guest is unwell; 300 s left",
    };
    struct params p;

    (void) state;
    params_defaults(&p);
    for (size_t size = 1; size <= strlen(e.text) + 1; size++) {
        char *text = malloc(size); /* exactly as large, so that writing beyond it is seen */

        assert_non_null(text);
        say(&e, &p, text, size);
        assert_int_equal(strlen(text), size - 1);
        assert_memory_equal(text, e.text, size - 1);
        free(text);
    }
    params_free(&p);
}

static int answer(const struct incident *i, const struct params *p, int64_t mono_us)
{
    struct outcome monitor =
        outcome_of_incident(CONDITION_IO_ERROR, QUESTION_MONITOR, p, i, mono_us);
    bool over = monitor.ocf == FAILED;
    struct outcome plain = outcome_of(CONDITION_IO_ERROR, QUESTION_MONITOR, p, over);

    assert_string_equal(monitor.text, plain.text);
    return monitor.ocf;
}

static void the_clock_is_the_incidents(void **state)
{
    struct incident i = { .cause = CAUSE_IO_ERROR, .seen_mono_us = SEEN };
    struct params p;

    (void) state;
    params_defaults(&p);
    assert_int_equal(answer(&i, &p, SEEN), DEGRADED);
    assert_int_equal(answer(&i, &p, SEEN + 60 * S - 1), DEGRADED);
    assert_int_equal(answer(&i, &p, SEEN + 60 * S), FAILED);
    p.io_error_grace_s = 0;
    assert_int_equal(answer(&i, &p, SEEN), FAILED);
    params_free(&p);
}

/* The clock counts for a recurring monitor's I/O error only. */
static void other_questions_have_no_clock(void **state)
{
    struct params p;

    (void) state;
    params_defaults(&p);
    for (int c = 0; c < CONDITION_LAST; c++) {
        for (int q = 0; q < QUESTION_LAST; q++) {
            for (int cause = 0; cause < CAUSE_LAST; cause++) {
                struct incident i = { .cause = (enum incident_cause) cause,
                                      .seen_mono_us = SEEN };
                bool over = incident_grace_left_us(&i, &p, SEEN + S) == 0;
                struct outcome o = outcome_of_incident((enum condition) c, (enum question) q, &p,
                                                       &i, SEEN + S);

                assert_int_equal(o.ocf, outcome_of((enum condition) c, (enum question) q, &p,
                                                   over).ocf);
                if (c != CONDITION_IO_ERROR || q == QUESTION_PROBE) {
                    assert_int_equal(o.ocf, outcome_of((enum condition) c, (enum question) q, &p,
                                                       !over).ocf);
                }
            }
        }
    }
    params_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_happened_what_it_means_what_is_left),
        cmocka_unit_test(no_grace_is_told_that_is_not_given),
        cmocka_unit_test(what_is_too_long_is_cut),
        cmocka_unit_test(the_clock_is_the_incidents),
        cmocka_unit_test(other_questions_have_no_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
