/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What nodes told, read back: the words that announce_words makes, and what people may have set
 * in their place. The attributes of a whole cluster come from a mock of crm_mon.
 */
#include "../sys/mock_tool.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/announce.h"

enum { LONG_MS = 20000 };

#define TIME "2026-11-24T11:02:03.123Z"

static const struct {
    const char *value;
    const char *state;
    const char *reason;
    const char *time;
} rows[] = {
    {"crashed: guest panicked; " TIME, "crashed", "guest panicked", TIME},
    {"io-error: no space; on: a; disk; " TIME, "io-error", "no space; on: a; disk", TIME},
    {"ended: shut down from inside; " TIME, "ended", "shut down from inside", TIME},
    {"released: guest panicked: BUG: a; b (dump: complete), evidence in /x; " TIME, "released",
     "guest panicked: BUG: a; b (dump: complete), evidence in /x", TIME},
    {"frozen: guest panicked", "frozen", "guest panicked", NULL},
    {"frozen: ; " TIME, "frozen", "", TIME},
    {"unknown: nobody knows", "unknown", "nobody knows", NULL},
    /* By hand, or by another version. */
    {"dead: as can be; " TIME, "unknown", "dead: as can be", TIME},
    {"frozen", "unknown", "frozen", NULL},
    {"crashed: x; 2026-11-24T11:02:03Z", "crashed", "x; 2026-11-24T11:02:03Z", NULL},
    {"crashed: x; 2026-13-24T11:02:03.123Z", "crashed", "x; 2026-13-24T11:02:03.123Z", NULL},
    {"crashed: x; 2026-02-30T11:02:03.123Z", "crashed", "x; 2026-02-30T11:02:03.123Z", NULL},
    {"crashed: x; " TIME " ", "crashed", "x; " TIME " ", NULL},
    {"crashed: x;" TIME, "crashed", "x;" TIME, NULL},
    {"; " TIME, "unknown", "", TIME},
    {"x", "unknown", "x", NULL},
};

static void values_are_taken_apart(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct announced a = {0};

        announced_read(rows[i].value, &a);
        assert_string_equal(a.state, rows[i].state);
        assert_string_equal(a.reason, rows[i].reason);
        assert_true(str_eq(a.time, rows[i].time));
        free(a.reason);
        free(a.time);
    }
}

static void what_is_told_comes_back(void **state)
{
    static const int64_t times[] = {0, 1, 1795518123123, 951782400000 /* a 29th of February */};

    (void) state;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        _cleanup_free_ char *words = announce_words("hung", "a: b; c", times[i]);
        char when[CLOCK_TEXT_SIZE];
        struct announced a = {0};

        clock_wall_text(times[i], when);
        announced_read(words, &a);
        assert_string_equal(a.state, "hung");
        assert_string_equal(a.reason, "a: b; c");
        assert_string_equal(a.time, when);
        free(a.reason);
        free(a.time);
    }
}

static void of_all_nodes(void **state)
{
    struct announced *list = NULL;
    struct err why = {0};
    size_t count = 0;

    (void) state;
    if (!mock_possible("crm_mon")) {
        SKIP("putting a mock in crm_mon's place needs root");
    }
    mock_tool("crm_mon", "cat <<'XML'\n<pacemaker-result><node_attributes>"
              "<node name='n1'><attribute name='guardedvm-web' value='crashed: x; " TIME "'/>"
              "<attribute name='guardedvm-old' value=''/><attribute name='x' value='y'/></node>"
              "<node name='n2'><attribute name='guardedvm-web' value='frozen: y'/></node>"
              "</node_attributes></pacemaker-result>\nXML\n");
    assert_int_equal(announced_list(&list, &count, deadline_in_ms(LONG_MS), &why), 0);
    assert_int_equal(count, 2);
    assert_string_equal(list[0].node, "n1");
    assert_string_equal(list[0].resource, "web");
    assert_string_equal(list[0].time, TIME);
    assert_string_equal(list[1].node, "n2");
    assert_string_equal(list[1].state, "frozen");
    announced_free(list, count);
    mock_tool("crm_mon", "exit 102");
    assert_int_equal(announced_list(&list, &count, deadline_in_ms(LONG_MS), &why), -ENOTCONN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_taken_apart),
        cmocka_unit_test(what_is_told_comes_back),
        cmocka_unit_test(of_all_nodes),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
