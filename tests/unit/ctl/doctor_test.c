/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The doctor's text: all that its facts say, in it, and nothing that a terminal could obey.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "ctl/doctor.h"

static struct findings few, locked, none;

static char *text_of(const struct findings *node, const struct patient *p)
{
    struct json_object *facts = json_object_new_object();
    struct json_object *guests = json_object_new_array();
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    if (p) {
        json_object_array_add(guests, doctor_guest(p));
    }
    json_object_object_add(facts, "findings", doctor_findings(node));
    json_object_object_add(facts, "guests", guests);
    doctor_text(out, facts);
    assert_int_equal(fclose(out), 0);
    json_object_put(facts);
    return text;
}

static void says(const char *text, const char *words)
{
    if (!strstr(text, words)) {
        fail_msg("'%s' is not in: %s", words, text);
    }
}

static struct domxml *domain_with(const char *devices)
{
    _cleanup_free_ char *xml = str_printf("<domain><name>x</name><devices>"
                                          "<disk type='file'><target dev='vda'/></disk>"
                                          "<interface type='network'/>%s</devices></domain>",
                                          devices);
    struct domxml *d = NULL;
    struct err why = {0};

    assert_int_equal(domxml_parse(xml, strlen(xml), &d, &why), 0);
    return d;
}

static void test_a_healthy_node(void **state)
{
    _cleanup_free_ char *text = text_of(&none, NULL);

    (void) state;
    assert_string_equal(text, "this node: nothing found\n");
}

static void test_every_finding_is_told_whole(void **state)
{
    struct patient p = {.name = "web", .config = "/x", .findings = &few};
    _cleanup_free_ char *text = text_of(&few, &p);
    const char *first = strstr(text, "conflict autostart");

    (void) state;
    says(text, "this node: 1 conflict, 1 warning, 2 notes\n");
    says(text, "guest web: 1 conflict, 1 warning, 2 notes\n");
    for (size_t i = 0; i < few.count; i++) {
        _cleanup_free_ char *remedy = finding_remedy(&few.list[i]);

        says(text, conflict_row(few.list[i].what)->word);
        says(text, conflict_row(few.list[i].what)->why);
        says(text, remedy);
    }
    says(text, "found: web: it is ?[2J so");
    assert_null(strchr(text, '\033'));
    assert_true(first < strstr(text, "warning panic")); /* heaviest first */
}

static void test_what_a_crash_does(void **state)
{
    _cleanup_domxml_ struct domxml *good = domain_with("");
    _cleanup_domxml_ struct domxml *bad = domain_with("<hostdev type='pci'/>");
    struct patient p = {.name = "web", .config = "/x", .findings = &none, .domain = good};
    _cleanup_free_ char *frozen = text_of(&none, &p);

    (void) state;
    says(frozen, "a crash freezes it");
    says(frozen, "  its devices, by its config:\n");
    says(frozen, "    disk file vda: can be frozen\n");
    says(frozen, "    interface network: can be frozen: what libvirt's network makes of it");
    p.live = true;
    _cleanup_free_ char *live = text_of(&none, &p);

    says(live, "  its devices, as it runs:\n    disk file vda: can be frozen\n");
    says(live, "    interface network: can be frozen\n");
    p.policy = CRASH_DESTROY;
    _cleanup_free_ char *destroyed = text_of(&none, &p);

    says(destroyed, "a crash ends it, as crash_policy says");
    p.policy = CRASH_FREEZE;
    p.domain = bad;
    _cleanup_free_ char *ended = text_of(&none, &p);

    says(ended, "a crash ends it instead of freezing it");
    says(ended, "    hostdev pci: cannot be frozen: it reads and writes the host's device");
    p.domain = good;
    p.findings = &locked;
    _cleanup_free_ char *held = text_of(&none, &p);

    says(held, "a crash ends it instead of freezing it");
    says(held, "    lock_manager is sanlock: cannot be frozen: ");
}

static int setup(void **state)
{
    (void) state;
    findings_add(&few, CONFLICT_DEFINED, "web", "defined");
    findings_add(&few, CONFLICT_PANIC, "web", "no panic device");
    findings_add(&few, CONFLICT_AUTOSTART, "web", "it is \033[2J so");
    findings_add(&few, CONFLICT_IO_URING, "web", "io_uring");
    findings_add(&locked, CONFLICT_LOCK_SOCKET, "web", "lock_manager is sanlock");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_healthy_node),
        cmocka_unit_test(test_every_finding_is_told_whole),
        cmocka_unit_test(test_what_a_crash_does),
    };
    int failed = cmocka_run_group_tests(tests, setup, NULL);

    xmlCleanupParser();
    return failed;
}
