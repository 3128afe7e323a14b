/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sys/cluster_shutdown: what attrd_updater answers when a node's Pacemaker is stopped, when it is
 * not, and when it cannot be asked; with a scripted one in its place (a mock, and named so).
 */
#include "mock_tool.h"
#include "own_process.h"

#include "sys/cluster.h"

enum { SHORT_MS = 500, LONG_MS = 20000 };

static int ask(const char *script, int ms, bool *ret, struct err *why)
{
    mock_tool("attrd_updater", script);
    return cluster_node_goes_down(ret, deadline_in_ms(ms), why);
}

static void expect(const char *script, bool goes_down)
{
    struct err why = {0};
    bool seen = !goes_down;

    assert_int_equal(ask(script, LONG_MS, &seen, &why), 0);
    assert_int_equal(seen, goes_down);
}

static void test_answers(void **state)
{
    (void) state;
    if (!mock_possible("attrd_updater")) {
        SKIP("putting a mock in attrd_updater's place needs root");
    }
    expect("echo 'name=\"shutdown\" host=\"n1\" value=\"1764507000\"'", true);
    expect("echo 'name=\"shutdown\" host=\"n1\" value=\"0\"'", false);
    expect("echo 'name=\"shutdown\" host=\"n1\" value=\"\"'", false);
    expect("echo 'name=\"shutdown\" host=\"n1\" value=\"(null)\"'", false);
    expect("", false);
    expect("exit 105", false); /* no such attribute */
}

static void test_words(void **state)
{
    (void) state;
    if (!mock_possible("attrd_updater")) {
        SKIP("putting a mock in attrd_updater's place needs root");
    }
    expect("[ \"$*\" = '--query --name=shutdown' ] || exit 1\n"
           "echo 'name=\"shutdown\" host=\"n1\" value=\"1\"'", true);
}

static void test_no_answer(void **state)
{
    struct err why = {0};
    bool seen = false;

    (void) state;
    if (!mock_possible("attrd_updater")) {
        SKIP("putting a mock in attrd_updater's place needs root");
    }
    assert_true(ask("exit 102", LONG_MS, &seen, &why) < 0);
    assert_non_null(strstr(why.text, "why Pacemaker stops: "));
    assert_int_equal(ask("trap '' TERM; while :; do read x < /dev/null; done", SHORT_MS, &seen,
                         &why), -ETIMEDOUT);
    assert_false(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers), cmocka_unit_test(test_words),
        cmocka_unit_test(test_no_answer),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
