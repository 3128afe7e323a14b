/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of every kind through every verb: the XML is what guardedvm.rng says, text, XML and
 * JSON agree. A fact or a word that the schema does not have fails here, and so does an
 * element of the schema that no verb shows.
 */
#include "../sys/own_process.h"
#include "../sys/scratch_state.h"

#include <fcntl.h>

#include "../guard/child.h"
#include "../model/record_sample.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "ctl/doctor.h"
#include "forms.h"
#include "guard/announce.h"
#include "schema.h"
#include "sys/statedir.h"

/* Markup, quotes, control characters of all kinds, what XML excludes, what is no UTF-8. */
#define ODD "<a href='x'>&amp;\"]]>\001\033[2J\t\177\xc2\x9b\xef\xbf\xbf\xff\xc3\xb6 \xe2\x82\xac"


static const struct ctl_check checks[] = {
    {.alive = false},
    {.alive = true},
    {.made = true, .holds = true, .alive = true},
    {.made = true, .holds = false, .alive = true, .why = {.text = "a disk is open: " ODD}},
};
enum { CHECK_COUNT = sizeof checks / sizeof checks[0] };

static void replace(char **text, const char *with)
{
    free(*text);
    *text = str_dup(with);
}

static struct record *odd_record(void)
{
    struct record *r = full_record();

    replace(&r->name, ODD);
    replace(&r->resource, ODD);
    replace(&r->config, "/srv/" ODD);
    replace(&r->disk[0].path, "/srv/" ODD);
    replace(&r->incident.reason, ODD);
    replace(&r->incident.step[0].name, ODD);
    replace(&r->incident.proof[0].seen, ODD);
    return r;
}

/* Takes the facts over. */
static void is_fit(const char *key, struct json_object *of_it)
{
    struct json_object *facts = json_object_new_object();
    _cleanup_free_ char *xml = NULL;

    json_object_object_add(facts, key, of_it);
    xml = form_of(facts, CTL_OUTPUT_XML);
    if (!schema_allows(xml)) {
        fail_msg("not what the schema says:\n%s", xml);
    }
    forms_agree(facts);
    json_object_put(facts);
}

/* As list, show and verify show it, whatever a look at it finds. */
static void is_shown_well(const struct record *r)
{
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        struct json_object *list = json_object_new_array();

        json_object_array_add(list, ctl_facts(r, &checks[i], false));
        json_object_array_add(list, ctl_facts(r, &checks[0], false));
        is_fit("guests", list);
        is_fit("guest", ctl_facts(r, &checks[i], true));
    }
    is_fit("released", ctl_released(r, 4711));
    is_fit("dumped", ctl_dumped(r));
    is_fit("log", ctl_log_facts(r, "/x/kernel.log", "[    0.1] one\n\n<two>&\x1b\n"));
    is_fit("log", ctl_log_facts(r, "/x/kernel.log", ""));
    is_fit("screenshot", ctl_file_facts(r, "/x/screen.png"));
    is_fit("debug", ctl_debug_facts(r, NULL));
    is_fit("debug", ctl_debug_facts(r, "/run/guardedvm/.gdb-4711.socket"));
}

static void test_the_least_and_the_most(void **state)
{
    _cleanup_record_ struct record *least = record_new();
    _cleanup_record_ struct record *full = full_record();
    _cleanup_record_ struct record *odd = odd_record();

    (void) state;
    least->name = str_dup("x");
    is_shown_well(least);
    is_shown_well(full);
    is_shown_well(odd);
    is_fit("guests", json_object_new_array());
}

/* As attributes may be, whoever set them. */
static void test_what_the_cluster_was_told(void **state)
{
    static const char *const values[] = {
        "crashed: guest panicked; 2026-11-24T11:02:03.123Z", "ended: by itself", ODD, "x", "; ",
        "frozen: " ODD "; 2026-13-24T11:02:03.123Z",
    };
    struct json_object *list = json_object_new_array();

    (void) state;
    is_fit("incidents", json_object_new_array());
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct announced a = {
            .node = (char *) (uintptr_t) "n1", .resource = (char *) (uintptr_t) (i ? ODD : "")
        };

        announced_read(values[i], &a);
        json_object_array_add(list, ctl_announced(&a));
        free(a.reason);
        free(a.time);
    }
    is_fit("incidents", list);
}

/* Takes both over. */
static void is_told_well(struct json_object *findings, struct json_object *guest)
{
    struct json_object *facts = json_object_new_object();
    struct json_object *guests = json_object_new_array();
    _cleanup_free_ char *xml = NULL;

    json_object_array_add(guests, guest);
    json_object_object_add(facts, "findings", findings);
    json_object_object_add(facts, "guests", guests);
    struct json_object *all = json_object_new_object();

    json_object_object_add(all, "doctor", facts);
    xml = form_of(all, CTL_OUTPUT_XML);
    if (!schema_allows(xml)) {
        fail_msg("not what the schema says:\n%s", xml);
    }
    json_object_put(all);
}

/* Every finding there is, and a guest that is known only in part. */
static void test_the_doctor(void **state)
{
    static const char xml[] = "<domain><name>x</name><devices><disk/><hostdev type='pci'/>"
                              "<interface type='network'/></devices></domain>";
    static struct findings all, none;
    _cleanup_domxml_ struct domxml *d = NULL;
    struct err why = {0};
    struct patient p = {.name = ODD, .config = "/srv/" ODD, .findings = &none};

    (void) state;
    for (int i = CONFLICT_NONE + 1; i < CONFLICT_LAST; i++) {
        findings_add(&all, (enum conflict) i, ODD, "%s", ODD);
    }
    is_told_well(doctor_findings(&none), doctor_guest(&p));
    assert_int_equal(domxml_parse(xml, strlen(xml), &d, &why), 0);
    p.resource = ODD;
    p.cluster = true;
    p.domain = d;
    p.findings = &all;
    is_told_well(doctor_findings(&all), doctor_guest(&p));
}

static void test_every_phase_of_every_incident(void **state)
{
    (void) state;
    for (int phase = PHASE_KNOWN; phase <= PHASE_FROZEN; phase++) {
        for (int s = INCIDENT_NONE; s < INCIDENT_STATE_LAST; s++) {
            _cleanup_record_ struct record *r = odd_record();

            r->phase = (enum phase) phase;
            r->incident.state = (enum incident_state) s;
            is_shown_well(r);
        }
    }
}

static void test_every_word(void **state)
{
    _cleanup_record_ struct record *r = full_record();

    (void) state;
    r->phase = PHASE_RUNNING;
    r->incident.state = INCIDENT_SEEN;
    for (int c = 0; c < CONDITION_LAST; c++) {
        r->incident.condition = (enum condition) c;
        is_shown_well(r);
    }
    for (int c = 0; c < CAUSE_LAST; c++) {
        r->incident.cause = (enum incident_cause) c;
        is_shown_well(r);
    }
    for (int by = 0; by < ENDED_BY_LAST; by++) {
        r->ending.by = (enum ending_by) by;
        is_shown_well(r);
    }
}

static void test_what_no_verb_says_is_not_allowed(void **state)
{
    (void) state;
    assert_false(schema_allows("<guardedvm/>"));
    assert_false(schema_allows("<guardedvm><guests/><guests/></guardedvm>"));
    assert_false(schema_allows("<guardedvm><guests><guest><name>x</name></guest></guests>"
                               "</guardedvm>"));
    assert_false(schema_allows("<guardedvm><guests><guest><name>x</name><state>dead</state>"
                               "<memory-mib>1</memory-mib></guest></guests></guardedvm>"));
    assert_false(schema_allows("<guardedvm><guests><guest><name>x</name><state>known</state>"
                               "<memory-mib>1</memory-mib><new>1</new></guest></guests>"
                               "</guardedvm>"));
    assert_true(schema_allows("<guardedvm><guests><guest><name>x</name><state>known</state>"
                              "<memory-mib>1</memory-mib></guest></guests></guardedvm>"));
}

static void test_the_schema_has_nothing_else(void **state)
{
    (void) state;
    schema_was_used_up();
}

/* What a verb prints; its exit code is `expected`. */
static char *printed(int (*verb)(const struct ctl_request *), const char *name,
                     enum ctl_output output, int expected)
{
    struct ctl_request request = {.name = name, .output = output, .force = true};
    _cleanup_fclose_ FILE *file = tmpfile();
    _cleanup_close_ int screen = dup(STDOUT_FILENO);
    char *text = mem_zero(64 * 1024, 1);
    int code;

    assert_non_null(file);
    fflush(stdout);
    assert_true(dup2(fileno(file), STDOUT_FILENO) >= 0);
    code = verb(&request);
    fflush(stdout);
    assert_true(dup2(screen, STDOUT_FILENO) >= 0);
    rewind(file);
    assert_true(fread(text, 1, 64 * 1024 - 1, file) > 0);
    assert_int_equal(code, expected);
    return text;
}

/* Says nothing on standard output. */
static void refuses(int (*verb)(const struct ctl_request *), const char *name, int expected)
{
    assert_int_equal(verb(&(struct ctl_request) {.name = name}), expected);
}

static void prints_well(int (*verb)(const struct ctl_request *), const char *name, int expected)
{
    _cleanup_free_ char *xml = printed(verb, name, CTL_OUTPUT_XML, expected);
    _cleanup_free_ char *json = printed(verb, name, CTL_OUTPUT_JSON, expected);
    struct json_object *facts = json_tokener_parse(json);

    if (!schema_allows(xml)) {
        fail_msg("not what the schema says:\n%s", xml);
    }
    assert_non_null(facts);
    forms_agree(facts);
    json_object_put(facts);
}

static void save(const char *name, enum phase phase, const struct process_id *process)
{
    _cleanup_record_ struct record *r = full_record();
    struct err why = {0};

    replace(&r->name, name);
    replace(&r->uri, "test:///default");
    replace(&r->resource, NULL); /* of which no cluster has to be told */
    r->phase = phase;
    r->process = *process;
    if (statedir_save(r, &why) < 0) {
        fail_msg("%s", why.text);
    }
}

/* The text is not drawn from the facts as the others' is: all words have to be found in it. */
static void text_has(const char *text, struct json_object *o)
{
    if (json_object_is_type(o, json_type_object)) {
        json_object_object_foreach(o, key, value) {
            (void) key;
            text_has(text, value);
        }
    } else if (json_object_is_type(o, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(o); i++) {
            text_has(text, json_object_array_get_idx(o, i));
        }
    } else if (!strstr(text, json_object_get_string(o))) {
        fail_msg("the tables as text do not have: %s", json_object_get_string(o));
    }
}

static void test_the_tables(void **state)
{
    _cleanup_free_ char *text = printed(ctl_policy, NULL, CTL_OUTPUT_TEXT, CTL_OK);
    _cleanup_free_ char *json = printed(ctl_policy, NULL, CTL_OUTPUT_JSON, CTL_OK);
    struct json_object *facts = json_tokener_parse(json);

    (void) state;
    prints_well(ctl_policy, NULL, CTL_OK);
    text_has(text, facts);
    json_object_put(facts);
}

static int hold_file(void *data)
{
    return open(data, O_RDWR | O_CREAT, 0600) < 0 ? errno : 0;
}

static void test_the_verbs_themselves(void **state)
{
    const struct process_id gone = {.pid = 4711, .start_ticks = 1};
    _cleanup_free_ char *xml = NULL;
    struct child frozen;
    struct child thawed;

    (void) state;
    child_start(&frozen, NULL, NULL);
    child_start(&thawed, hold_file, (void *) (uintptr_t) scratch_path("disk"));
    save("well", PHASE_RUNNING, &thawed.id);
    save(ODD, PHASE_FROZEN, &gone);
    save("frozen", PHASE_FROZEN, &frozen.id);
    save("thawed", PHASE_FROZEN, &thawed.id);
    prints_well(ctl_list, NULL, CTL_OK);
    prints_well(ctl_show, "well", CTL_OK);
    prints_well(ctl_show, ODD, CTL_OK);
    prints_well(ctl_verify, "frozen", CTL_OK);
    prints_well(ctl_verify, "thawed", CTL_UNPROVEN);
    prints_well(ctl_verify, ODD, CTL_REFUSED);
    refuses(ctl_debug, "well", CTL_REFUSED);
    refuses(ctl_debug, ODD, CTL_REFUSED);
    refuses(ctl_debug, "thawed", CTL_UNPROVEN);
    refuses(ctl_debug, "nobody", CTL_NO_GUEST);
    xml = printed(ctl_release, "frozen", CTL_OUTPUT_XML, CTL_OK);
    assert_true(schema_allows(xml));
    child_end(&frozen);
    child_end(&thawed);
}

static int setup(void **state)
{
    return schema_setup(state) < 0 ? -1 : scratch_state_setup(state);
}

static int teardown(void **state)
{
    return schema_teardown(state) | scratch_state_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_least_and_the_most),
        cmocka_unit_test(test_what_the_cluster_was_told),
        cmocka_unit_test(test_the_doctor),
        cmocka_unit_test(test_every_phase_of_every_incident),
        cmocka_unit_test(test_every_word),
        cmocka_unit_test(test_what_no_verb_says_is_not_allowed),
        cmocka_unit_test(test_the_tables),
        cmocka_unit_test(test_the_schema_has_nothing_else),
        cmocka_unit_test(test_the_verbs_themselves),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
