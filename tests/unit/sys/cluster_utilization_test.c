/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sys/cluster_utilization: Pacemaker's own library changes a real configuration, here one in a file
 * (CIB_file). The cluster's is tests/scenario/utilization.bats' business.
 */
#include "scratch_dir.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/cluster.h"
#include "sys/stage.h"

#ifndef HAVE_PACEMAKER_CIB

int main(void)
{
    return 77; /* nothing to be tested */
}

#else

enum { MOST_MS = 20 * 1000 };

static const char configuration[] =
    "<cib crm_feature_set='3.0' validate-with='pacemaker-3.0' epoch='5' num_updates='0' "
    "admin_epoch='0'><configuration><crm_config/><nodes/><resources><group id='g'>"
    "<primitive id='vm' class='ocf' provider='pacemaker' type='Dummy'/>"
    "<primitive id='taken' class='ocf' provider='pacemaker' type='Dummy'/>"
    "<primitive id='taken-utilization-cpu' class='ocf' provider='pacemaker' type='Dummy'/>"
    "</group></resources><constraints/></configuration><status/></cib>\n";

struct request {
    const char *resource;
    int64_t due[UTILIZATION_LAST];
};

static int tell_stage(void *shared, const void *input, struct err *why)
{
    const struct request *r = input;

    return cluster_utilization(r->resource, r->due, shared, why);
}

/* In a child, as always: the library is not for a process that lives on. */
static int tell(const char *resource, int64_t cpu, int64_t hv_memory,
                struct utilization_done *ret)
{
    struct utilization_done *done = stage_memory(sizeof *done);
    struct request r = {.resource = resource,
                        .due = {[UTILIZATION_CPU] = cpu, [UTILIZATION_HV_MEMORY] = hv_memory}};
    struct err why = {0};
    int rc = stage_run("telling", tell_stage, done, &r, deadline_in_ms(MOST_MS), &why);

    *ret = *done;
    stage_memory_free(done, sizeof *done);
    if (rc < 0) {
        print_message("%d: %s\n", rc, why.text);
    }
    return rc;
}

static char *in_the_file(void)
{
    FILE *f = fopen(scratch_path("cib.xml"), "re");
    char text[8192];
    size_t size;

    assert_non_null(f);
    size = fread(text, 1, sizeof text - 1, f);
    text[size] = '\0';
    fclose(f);
    return str_dup(text);
}

static void expect(const char *words, bool there)
{
    _cleanup_free_ char *text = in_the_file();

    if (!strstr(text, words) == there) {
        fail_msg("'%s' in:\n%s", words, text);
    }
}

static void set_changed_and_removed(void **state)
{
    struct utilization_done done;

    (void) state;
    assert_int_equal(tell("vm", 2, 64, &done), 0);
    assert_true(done.changed[UTILIZATION_CPU] == 2 && done.changed[UTILIZATION_HV_MEMORY] == 64);
    assert_true(done.changed[UTILIZATION_HOST_MEMORY] == UTILIZATION_LEAVE);
    expect("<nvpair id=\"vm-utilization-cpu\" name=\"cpu\" value=\"2\"/>", true);
    expect("<nvpair id=\"vm-utilization-hv_memory\" name=\"hv_memory\" value=\"64\"/>", true);
    expect("host_memory", false);

    assert_int_equal(tell("vm", 3, UTILIZATION_REMOVE, &done), 0);
    expect("<nvpair id=\"vm-utilization-cpu\" name=\"cpu\" value=\"3\"/>", true);
    expect("hv_memory", false);
}

static void what_is_there_is_not_written(void **state)
{
    struct utilization_done done;

    (void) state;
    assert_int_equal(tell("vm", 4, UTILIZATION_LEAVE, &done), 0);
    _cleanup_free_ char *before = in_the_file();
    assert_int_equal(tell("vm", 4, UTILIZATION_REMOVE, &done), 0);
    _cleanup_free_ char *after = in_the_file();
    assert_true(done.changed[UTILIZATION_CPU] == UTILIZATION_LEAVE);
    assert_string_equal(before, after);
}

/* By a configuration that would not be valid any more: two elements of one id. */
static void what_the_cluster_refuses_is_not_changed(void **state)
{
    struct utilization_done done;

    (void) state;
    assert_true(tell("taken", 2, UTILIZATION_LEAVE, &done) < 0);
    assert_true(done.changed[UTILIZATION_CPU] == UTILIZATION_LEAVE);
}

static void resources_that_are_none(void **state)
{
    static const char *const names[] = {"stranger", "g", "", "x'] | //*['", "x:0/..", "a b"};
    _cleanup_free_ char *before = in_the_file();

    (void) state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct utilization_done done;

        assert_int_equal(tell(names[i], 9, 9, &done), -ENXIO);
    }
    _cleanup_free_ char *after = in_the_file();
    assert_string_equal(before, after);
}

static int set_up(void **state)
{
    FILE *f;

    if (scratch_setup(state) < 0) {
        return -1;
    }
    f = fopen(scratch_path("cib.xml"), "we");
    if (!f || fputs(configuration, f) < 0 || fclose(f) != 0) {
        return -1;
    }
    return setenv("CIB_file", scratch_path("cib.xml"), 1);
}

static int tear_down(void **state)
{
    (void) state;
    return scratch_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_changed_and_removed),
        cmocka_unit_test(what_is_there_is_not_written),
        cmocka_unit_test(what_the_cluster_refuses_is_not_changed),
        cmocka_unit_test(resources_that_are_none),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

#endif
