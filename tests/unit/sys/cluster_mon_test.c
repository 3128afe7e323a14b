/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the cluster manages a resource, and the nodes' attributes: the real crm_mon, by a CIB in
 * a file, and a mock of it for what it never says.
 */
#include "mock_tool.h"

#include <errno.h>
#include <stdbool.h>

#include "sys/cluster.h"

enum { LONG_MS = 20000 };

#define PRIMITIVE(ID, META)                                                                        \
    "<primitive id='" ID "' class='ocf' provider='pacemaker' type='Dummy'>" META "</primitive>"
#define META(ID, NAME, VALUE)                                                                      \
    "<meta_attributes id='" ID "'><nvpair id='" ID "-1' name='" NAME "' value='" VALUE             \
    "'/></meta_attributes>"

static const char resources[] =
    "<resources>" PRIMITIVE("web", "") PRIMITIVE("web-2", META("m1", "is-managed", "false"))
        PRIMITIVE("alone", META("m2", "maintenance", "true"))
            "<group id='g'>" META("m3", "is-managed", "false") PRIMITIVE("first", "")
                PRIMITIVE("second", META("m4", "is-managed", "true")) "</group></resources>";

/* A CIB with these properties becomes the one that crm_mon reads. */
static void cib(const char *properties)
{
    FILE *f = fopen(scratch_path("cib.xml"), "w");

    assert_non_null(f);
    fprintf(f, "<cib crm_feature_set='3.16.1' validate-with='pacemaker-3.9' admin_epoch='0' "
            "epoch='1' num_updates='0'><configuration><crm_config>"
            "<cluster_property_set id='o'>%s</cluster_property_set></crm_config>"
            "<nodes><node id='1' uname='n1'/></nodes>%s<constraints/></configuration><status/>"
            "</cib>", properties, resources);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(setenv("CIB_file", scratch_path("cib.xml"), 1), 0);
}

static bool managed(const char *resource)
{
    struct err why = {0};
    bool ret = false;

    if (cluster_manages(resource, &ret, deadline_in_ms(LONG_MS), &why) < 0) {
        fail_msg("%s: %s", resource, why.text);
    }
    return ret;
}

static void test_wherever_it_is_set(void **state)
{
    (void) state;
    if (access("/usr/sbin/crm_mon", X_OK) != 0) {
        SKIP("crm_mon is not installed");
    }
    cib("");
    assert_true(managed("web"));
    assert_false(managed("web-2"));
    assert_false(managed("alone"));
    assert_false(managed("first"));
    assert_true(managed("second"));
    cib("<nvpair id='o1' name='maintenance-mode' value='true'/>");
    assert_false(managed("web"));
    assert_false(managed("second"));
}

static int refused(const char *resource, const char *reason)
{
    struct err why = {0};
    bool ret = true;
    int rc = cluster_manages(resource, &ret, deadline_in_ms(LONG_MS), &why);

    assert_true(ret); /* as it was */
    assert_non_null(strstr(why.text, reason));
    assert_non_null(strstr(why.text, resource));
    return rc;
}

static void test_of_an_unknown_resource(void **state)
{
    (void) state;
    if (access("/usr/sbin/crm_mon", X_OK) != 0) {
        SKIP("crm_mon is not installed");
    }
    cib("");
    assert_int_equal(refused("we", "does not tell"), -ENOENT);
    assert_int_equal(refused("g", "does not tell"), -ENOENT);
}

/* Without a cluster no node is online, and so none has attributes. */
static void test_of_no_node(void **state)
{
    struct crm_attribute *list = NULL;
    struct err why = {0};
    size_t count = 1;

    (void) state;
    if (access("/usr/sbin/crm_mon", X_OK) != 0) {
        SKIP("crm_mon is not installed");
    }
    cib("");
    assert_int_equal(cluster_attributes("guardedvm-", &list, &count, deadline_in_ms(LONG_MS),
                                        &why), 0);
    assert_int_equal(count, 0);
}

static void test_what_it_never_says(void **state)
{
    (void) state;
    if (!mock_possible("crm_mon")) {
        SKIP("putting a mock in crm_mon's place needs root");
    }
    mock_tool("crm_mon", "exit 105");
    assert_int_equal(refused("web", "exit code 105"), -EIO);
    mock_tool("crm_mon", "echo 'Connection to cluster failed'");
    assert_int_equal(refused("web", "no XML"), -EPROTO);
    mock_tool("crm_mon", "cat /dev/zero");
    assert_int_equal(refused("web", "crm_mon"), -EFBIG);
    mock_tool("crm_mon", "exit 102");
    assert_int_equal(refused("web", "does not run here"), -ENOTCONN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wherever_it_is_set), cmocka_unit_test(test_of_an_unknown_resource),
        cmocka_unit_test(test_of_no_node),
        cmocka_unit_test(test_what_it_never_says),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
