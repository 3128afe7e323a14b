/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the verbs show: the facts of a record, and that all three forms carry the same
 * ones, whatever a guest is called.
 */
#include "../sys/own_process.h"

#include "base/str.h"
#include "forms.h"

/* Markup, quotes, escape sequences of seven and eight bits, UTF-8. */
#define HOSTILE "<a href='x'>&amp;\"\033[2J\xc2\x9b\xc3\xb6"

static struct record *frozen_record(const char *name)
{
    struct record *r = record_new();

    r->name = str_dup(name);
    r->resource = str_dup("rsc");
    r->uuid = str_dup("3f0e2c1a-0000-4000-8000-0000000000aa");
    r->phase = PHASE_FROZEN;
    r->process = (struct process_id){.pid = 4711, .start_ticks = 99};
    r->memory_kib = 2048;
    r->watchdog_fired = 3;
    record_note_incident(r, CAUSE_PANIC, CONDITION_CRASHED, "the guest crashed", 1000, 5000000);
    incident_step(&r->incident, STEP_BROKE, 1000, 5000000, NULL);
    incident_step(&r->incident, STEP_FROZEN, 1784145600042, 5700999, NULL);
    r->incident.frozen_wall_ms = 1784145600042; /* 2026-07-15T20:00:00.042Z */
    record_add_step(r, "links down", 1200);
    record_add_step(r, "drain", 300);
    record_add_proof(r, true, "query-status", "the vCPUs are stopped");
    return r;
}

static const struct ctl_check held = {.made = true, .holds = true, .alive = true};

static struct json_object *facts_of(struct record *r, const struct ctl_check *check)
{
    struct json_object *facts = json_object_new_object();

    json_object_object_add(facts, "guest", ctl_facts(r, check, true));
    return facts;
}

static const char *word(struct json_object *facts, const char *key)
{
    struct json_object *guest = NULL;
    struct json_object *value = NULL;

    assert_true(json_object_object_get_ex(facts, "guest", &guest));
    return json_object_object_get_ex(guest, key, &value) ? json_object_get_string(value) : NULL;
}

static void state_is(const struct ctl_check *check, enum phase phase, enum incident_state incident,
                     const char *expected)
{
    struct record *r = frozen_record("vm");
    struct json_object *facts;

    r->phase = phase;
    r->incident.state = incident;
    facts = facts_of(r, check);
    assert_string_equal(word(facts, "state"), expected);
    json_object_put(facts);
    record_free(r);
}

static void test_state_in_one_word(void **state)
{
    const struct ctl_check broken = {.made = true, .holds = false, .alive = true};
    const struct ctl_check dead = {.alive = false};
    const struct ctl_check alive = {.alive = true};

    (void) state;
    state_is(&held, PHASE_FROZEN, INCIDENT_FROZEN, "frozen");
    state_is(&broken, PHASE_FROZEN, INCIDENT_FROZEN, "thawed");
    state_is(&dead, PHASE_FROZEN, INCIDENT_FROZEN, "ended");
    state_is(&dead, PHASE_RUNNING, INCIDENT_NONE, "ended");
    state_is(&dead, PHASE_RUNNING, INCIDENT_SEEN, "ended");
    state_is(&alive, PHASE_RUNNING, INCIDENT_NONE, "running");
    state_is(&dead, PHASE_KNOWN, INCIDENT_NONE, "known");
}

/* A guest that runs by its record, but not well, is shown as what its incident is. */
static void test_state_of_one_that_runs_with_an_incident(void **state)
{
    const struct ctl_check alive = {.alive = true};

    (void) state;
    state_is(&alive, PHASE_RUNNING, INCIDENT_SEEN, "crashed");
    state_is(&alive, PHASE_RUNNING, INCIDENT_RECOVERING, "crashed");
    state_is(&alive, PHASE_RUNNING, INCIDENT_REPORTED, "crashed");
    state_is(&alive, PHASE_RUNNING, INCIDENT_RECOVERED, "running");
    state_is(&alive, PHASE_RUNNING, INCIDENT_RELEASED, "running");
}

static void test_incident_and_ending(void **state)
{
    struct record *r = frozen_record("vm");
    struct json_object *facts = facts_of(r, &held);

    (void) state;
    assert_string_equal(word(facts, "incident"), "frozen");
    assert_string_equal(word(facts, "cause"), "panic");
    assert_string_equal(word(facts, "condition"), "crashed");
    assert_string_equal(word(facts, "reason"), "the guest crashed");
    assert_null(word(facts, "ended-by")); /* nobody did */
    assert_null(word(facts, "ended-how"));
    json_object_put(facts);
    record_clear_incident(r);
    r->ending = (struct ending){.by = ENDED_BY_GUEST, .text = "it was shut down from inside"};
    facts = facts_of(r, &held);
    assert_string_equal(word(facts, "ended-by"), "guest");
    assert_string_equal(word(facts, "ended-how"), "it was shut down from inside");
    assert_null(word(facts, "incident"));
    assert_null(word(facts, "cause"));
    json_object_put(facts);
    record_free(r);
}

static void test_times_and_sizes(void **state)
{
    struct record *r = frozen_record("vm");
    struct json_object *facts = facts_of(r, &held);

    (void) state;
    assert_string_equal(word(facts, "frozen"), "2026-07-15T20:00:00.042Z");
    assert_string_equal(word(facts, "seen"), "1970-01-01T00:00:01.000Z");
    assert_null(word(facts, "started")); /* not known: not shown */
    assert_string_equal(word(facts, "watchdog-fired"), "3");
    assert_string_equal(word(facts, "memory-mib"), "2");
    json_object_put(facts);
    record_free(r);
}

static void test_all_forms_carry_the_same_facts(void **state)
{
    struct record *r = frozen_record(HOSTILE);
    struct json_object *facts = facts_of(r, &held);

    (void) state;
    forms_agree(facts);
    json_object_put(facts);
    record_free(r);
}

static void test_text_has_no_escape_sequence(void **state)
{
    struct record *r = frozen_record(HOSTILE);
    struct json_object *facts = facts_of(r, &held);
    char *text = form_of(facts, CTL_OUTPUT_TEXT);

    (void) state;
    assert_null(strchr(text, '\033'));
    assert_non_null(strstr(text, "  name:           <a href='x'>&amp;\"?[2J?\xc3\xb6\n"));
    assert_non_null(strstr(text, "  proven-now:     yes\n"));
    assert_non_null(strstr(text, "  moments:\n"
                                 "    WHAT    WHEN                      MILLISECONDS\n"
                                 "    seen    1970-01-01T00:00:01.000Z  0\n"
                                 "    frozen  2026-07-15T20:00:00.042Z  700\n"));
    assert_non_null(strstr(text, "  steps:\n"
                                 "    NAME        MICROSECONDS\n"
                                 "    links down  1200\n"
                                 "    drain       300\n"));
    assert_non_null(strstr(text, "  disks: none\n"));
    json_object_put(facts);
    free(text);
    record_free(r);
}

/* A fact that only some guests have still has its column, and the others a dash in it. */
static void test_a_list_is_a_table(void **state)
{
    struct json_object *facts = json_tokener_parse(
        "{\"guests\": [{\"name\": \"\xc3\xb6l\", \"state\": \"running\"},"
        " {\"name\": \"database\", \"state\": \"frozen\", \"proven-now\": true}]}");
    char *text = form_of(facts, CTL_OUTPUT_TEXT);

    (void) state;
    assert_string_equal(text, "guests:\n"
                              "  NAME      STATE    PROVEN-NOW\n"
                              "  \xc3\xb6l        running  -\n"
                              "  database  frozen   yes\n");
    json_object_put(facts);
    free(text);
}

static void test_output_words(void **state)
{
    enum ctl_output output = CTL_OUTPUT_TEXT;

    (void) state;
    assert_true(ctl_output_from_word("xml", &output));
    assert_int_equal(output, CTL_OUTPUT_XML);
    assert_true(ctl_output_from_word("json", &output));
    assert_int_equal(output, CTL_OUTPUT_JSON);
    assert_false(ctl_output_from_word("html", &output));
    assert_false(ctl_output_from_word("", &output));
    assert_int_equal(output, CTL_OUTPUT_JSON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_state_in_one_word),
        cmocka_unit_test(test_state_of_one_that_runs_with_an_incident),
        cmocka_unit_test(test_incident_and_ending),
        cmocka_unit_test(test_times_and_sizes),
        cmocka_unit_test(test_all_forms_carry_the_same_facts),
        cmocka_unit_test(test_text_has_no_escape_sequence),
        cmocka_unit_test(test_a_list_is_a_table),
        cmocka_unit_test(test_output_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
