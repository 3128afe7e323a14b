/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sys/cluster_role: what is told to the cluster is told only where its tool says so; with scripted
 * tools in the place of Pacemaker's (mocks, and named so).
 */
#include "mock_tool.h"

#include "sys/cluster.h"

enum { LONG_MS = 20000 };

static bool has_mocks(void)
{
    return mock_possible("crm_resource") && mock_possible("crm_node");
}

static void test_stopped_is_what_the_tool_says(void **state)
{
    struct err why = {0};

    (void) state;
    if (!has_mocks()) {
        SKIP("putting mocks in the place of Pacemaker's tools needs root");
    }
    mock_tool("crm_resource", "[ \"$*\" = '--resource=vm --meta --set-parameter=target-role "
              "--parameter-value=Stopped' ]");
    assert_int_equal(cluster_stop_resource("vm", deadline_in_ms(LONG_MS), &why), 0);
    mock_tool("crm_resource", "exit 105");
    assert_int_equal(cluster_stop_resource("vm", deadline_in_ms(LONG_MS), &why), -EIO);
    assert_string_equal(why.text,
                        "target-role of resource 'vm': crm_resource failed with exit code 105");
}

static void test_clean_is_what_the_tool_says(void **state)
{
    struct err why = {0};

    (void) state;
    if (!has_mocks()) {
        SKIP("putting mocks in the place of Pacemaker's tools needs root");
    }
    mock_tool("crm_node", "echo n1");
    mock_tool("crm_resource", "[ \"$*\" = '--cleanup --resource=vm --node=n1' ]");
    assert_int_equal(cluster_clean_up("vm", deadline_in_ms(LONG_MS), &why), 0);
    mock_tool("crm_resource", "exit 1");
    assert_int_equal(cluster_clean_up("vm", deadline_in_ms(LONG_MS), &why), -EIO);
    assert_non_null(strstr(why.text, "crm_resource failed with exit code 1"));
    mock_tool("crm_node", "exit 102");
    assert_int_equal(cluster_clean_up("vm", deadline_in_ms(LONG_MS), &why), -EIO);
    assert_non_null(strstr(why.text, "crm_node failed"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stopped_is_what_the_tool_says),
        cmocka_unit_test(test_clean_is_what_the_tool_says),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
