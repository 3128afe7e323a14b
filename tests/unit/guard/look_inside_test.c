/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What QEMU says of itself can break a proof: each question answered wrongly once, against a
 * scripted QEMU.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "guard/look.h"
#include "script.h"

enum { QUESTIONS = 6 };

#define NAMED "{\"path\":\"/machine/peripheral\"}"
#define NAMELESS "{\"path\":\"/machine/peripheral-anon\"}"

static const struct line harmless[QUESTIONS] = {
    {"query-status", NULL, "{\"status\":\"guest-panicked\",\"running\":false}", NULL},
    {"query-named-block-nodes", NULL, "[{\"node-name\":\"n\",\"drv\":\"null-co\"}]", NULL},
    {"query-block-exports", NULL, "[]", NULL},
    {"query-jobs", NULL, "[]", NULL},
    {"qom-list", NAMED, "[{\"name\":\"a\",\"type\":\"child<virtio-blk-pci>\"},"
     "{\"name\":\"b\",\"type\":\"child<vhost-user-gpu-pci>\"},"
     "{\"name\":\"type\",\"type\":\"string\"}]", NULL},
    {"qom-list", NAMELESS, "[]", NULL},
};

/* The harmless answers but for one. */
static int look_with(size_t at, const char *reply, struct record *r, struct err *why)
{
    struct line lines[QUESTIONS];
    int rc;

    memcpy(lines, harmless, sizeof lines);
    lines[at].reply = reply;
    SCRIPT(lines);
    rc = look_inside(r, NULL, why);
    script_end();
    return rc;
}

static void nothing_contradicts(void **state)
{
    struct record *r = record_new();
    struct err why = {0};

    (void) state;
    assert_int_equal(look_with(0, harmless[0].reply, r, &why), 0);
    assert_int_equal(r->incident.proof_count, QUESTIONS);
    record_free(r);
}

static void each_answer_can_break_the_proof(void **state)
{
    static const char *const wrong[QUESTIONS] = {
        "{\"status\":\"running\",\"running\":true}",
        "[{\"node-name\":\"n\",\"drv\":\"qcow2\"}]",
        "[{\"id\":\"e\"}]",
        "[{\"id\":\"j\"}]",
        "[{\"name\":\"a\",\"type\":\"child<vhost-user-blk-pci>\"}]",
        "[{\"name\":\"device[0]\",\"type\":\"child<vhost-user-scsi-pci>\"}]",
    };

    (void) state;
    for (size_t i = 0; i < QUESTIONS; i++) {
        struct record *r = record_new();
        struct err why = {0};

        assert_int_equal(look_with(i, wrong[i], r, &why), -EBUSY);
        assert_non_null(strstr(why.text, harmless[i].command));
        assert_int_equal(r->incident.proof_count, QUESTIONS);
        assert_false(r->incident.proof[i].holds);
        record_free(r);
    }
}

static void no_list_is_no_proof(void **state)
{
    (void) state;
    for (size_t i = 1; i < QUESTIONS; i++) {
        struct line lines[QUESTIONS];
        struct record *r = record_new();
        struct err why = {0};

        memcpy(lines, harmless, sizeof lines);
        lines[i].reply = "{}";
        script_set(lines, i + 1, 0);
        assert_int_equal(look_inside(r, NULL, &why), -EBADMSG);
        script_end();
        record_free(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_contradicts),
        cmocka_unit_test(each_answer_can_break_the_proof),
        cmocka_unit_test(no_list_is_no_proof),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
