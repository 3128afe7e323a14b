/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a waiting monitor and the watch say to each other: whole or nothing, and never more than
 * may be believed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/waiting.h"

static char *const environment[] = {
    (char *) "PATH=/bin", (char *) "OCF_RESKEY_config=/srv/vm one.xml",
    (char *) "OCF_RESOURCE_INSTANCE=vm", (char *) "OCF_RESKEY_CRM_meta_interval=1000",
    (char *) "OCF_ROOT=/usr/lib/ocf", (char *) "OCF_RESKEY_configured=no", (char *) NULL,
};

static char text[WAITING_REQUEST_SIZE];

static void a_request_travels(void **state)
{
    struct request r;
    size_t size = waiting_request("1.0", environment, text, sizeof text);

    (void) state;
    assert_true(size > 0);
    assert_true(waiting_parse("1.0", text, size, &r));
    assert_string_equal(waiting_value("OCF_RESKEY_config", &r), "/srv/vm one.xml");
    assert_string_equal(waiting_value("OCF_RESOURCE_INSTANCE", &r), "vm");
    assert_string_equal(waiting_value("OCF_RESKEY_CRM_meta_interval", &r), "1000");
    assert_null(waiting_value("PATH", &r));
    assert_null(waiting_value("OCF_ROOT", &r));
    assert_null(waiting_value("OCF_RESKEY_conf", &r));
}

static void one_that_does_not_fit_is_none(void **state)
{
    (void) state;
    assert_int_equal(waiting_request("1.0", environment, text, 40), 0);
    assert_int_equal(waiting_request("1.0", environment, text, 2), 0);
}

static void another_version_is_not_understood(void **state)
{
    struct request r;
    size_t size = waiting_request("1.0", environment, text, sizeof text);

    (void) state;
    assert_false(waiting_parse("1.1", text, size, &r));
    assert_false(waiting_parse("1.", text, size, &r));
    assert_false(waiting_parse("1.0", text, size - 1, &r)); /* not whole */
    assert_false(waiting_parse("1.0", "", 0, &r));
}

static struct answer there_and_back(const struct answer *a)
{
    char line[WAITING_ANSWER_SIZE];
    struct answer b = {.kind = ANSWER_DONE, .code = 99};

    assert_true(waiting_answer(a, line, sizeof line) < sizeof line);
    waiting_read_answer(line, &b);
    return b;
}

static void answers_travel(void **state)
{
    struct answer look = {.kind = ANSWER_LOOK};
    struct answer held = {.kind = ANSWER_HELD};
    struct answer well = {.kind = ANSWER_DONE, .code = 0, .age_ms = 1999};
    struct answer bad = {.kind = ANSWER_DONE, .code = 1, .age_ms = 20, .reason = "it is 1 bad"};
    struct answer so_so = {.kind = ANSWER_DONE, .code = 190, .age_ms = 90000, .reason = "so so"};
    struct answer b;

    (void) state;
    assert_int_equal(there_and_back(&look).kind, ANSWER_LOOK);
    assert_int_equal(there_and_back(&held).kind, ANSWER_HELD);
    b = there_and_back(&well);
    assert_int_equal(b.kind, ANSWER_DONE);
    assert_int_equal(b.code, 0);
    assert_string_equal(b.reason, "");
    b = there_and_back(&bad);
    assert_int_equal(b.kind, ANSWER_DONE);
    assert_int_equal(b.code, 1);
    assert_string_equal(b.reason, "it is 1 bad");
    b = there_and_back(&so_so);
    assert_int_equal(b.code, 190);
    assert_string_equal(b.reason, "so so");
}

static void what_takes_a_proof_is_never_believed(void **state)
{
    struct answer stopped = {.kind = ANSWER_DONE, .code = 7, .age_ms = 1};
    struct answer stale = {.kind = ANSWER_DONE, .code = 0, .age_ms = WAITING_FRESH_MS + 1};
    struct answer future = {.kind = ANSWER_DONE, .code = 0, .age_ms = -1};
    static const char *const nonsense[] = {
        "", "done", "done 0", "done x 1 ", "done 2 1 args", "done 5 1 none", "heldx", "hel",
        "done 0 99999999999999999999 ", "DONE 0 1 ",
    };
    struct answer b;

    (void) state;
    assert_int_equal(there_and_back(&stopped).kind, ANSWER_LOOK);
    assert_int_equal(there_and_back(&stale).kind, ANSWER_LOOK);
    assert_int_equal(there_and_back(&future).kind, ANSWER_LOOK);
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        waiting_read_answer(nonsense[i], &b);
        assert_int_equal(b.kind, ANSWER_LOOK);
    }
}

static void a_long_reason_is_cut(void **state)
{
    struct answer a = {.kind = ANSWER_DONE, .code = 1};
    struct answer b;

    (void) state;
    memset(a.reason, 'r', sizeof a.reason - 1);
    b = there_and_back(&a);
    assert_int_equal(b.code, 1);
    assert_int_equal(strlen(b.reason), sizeof b.reason - 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_travels),
        cmocka_unit_test(one_that_does_not_fit_is_none),
        cmocka_unit_test(another_version_is_not_understood),
        cmocka_unit_test(answers_travel),
        cmocka_unit_test(what_takes_a_proof_is_never_believed),
        cmocka_unit_test(a_long_reason_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
