/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/utilization: what is told once is not told again, whatever others make of it; what the
 * guest changes is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "model/params.h"
#include "model/utilization.h"

static const struct guest_size size = {.vcpus = 2, .memory_kib = 65536};
static const int64_t LATER_US = INT64_C(3600) * 1000 * 1000;

static struct params params;
static struct utilization u;
static int64_t due[UTILIZATION_LAST];
static bool changed;

static int set_up(void **state)
{
    (void) state;
    params_free(&params);
    params_defaults(&params);
    u = (struct utilization) {0};
    return 0;
}

static bool is_due(const struct guest_size *s, int64_t now_us)
{
    return utilization_due(&u, &params, s, now_us, due, &changed);
}

static void due_is(int64_t cpu, int64_t host_memory, int64_t hv_memory)
{
    assert_true(due[UTILIZATION_CPU] == cpu);
    assert_true(due[UTILIZATION_HOST_MEMORY] == host_memory);
    assert_true(due[UTILIZATION_HV_MEMORY] == hv_memory);
}

static void told_once(void **state)
{
    (void) state;
    assert_true(is_due(&size, 1));
    due_is(2, 64, 64);
    utilization_settle(&u, due);
    assert_false(is_due(&size, LATER_US));
    assert_false(changed);
}

static void only_what_the_guest_changed(void **state)
{
    struct guest_size grown = {.vcpus = 3, .memory_kib = size.memory_kib};

    (void) state;
    is_due(&size, 1);
    utilization_settle(&u, due);
    assert_true(is_due(&grown, 2));
    due_is(3, UTILIZATION_LEAVE, UTILIZATION_LEAVE);
    utilization_settle(&u, due);
    assert_false(is_due(&grown, 3));
    assert_true(is_due(&size, 4));
    due_is(2, UTILIZATION_LEAVE, UTILIZATION_LEAVE);
}

/* As VirtualDomain does. */
static void mebibytes_are_whole(void **state)
{
    struct guest_size odd = {.vcpus = 1, .memory_kib = 65536 + 1023};

    (void) state;
    assert_true(is_due(&odd, 1));
    due_is(1, 64, 64);
    utilization_settle(&u, due);
    odd.memory_kib = 65536;
    assert_false(is_due(&odd, 2));
}

static void removed_once(void **state)
{
    (void) state;
    params.autoset_utilization_cpu = params.autoset_utilization_hv_memory = false;
    params.unset_utilization_cpu = true;
    assert_true(is_due(&size, 1));
    due_is(UTILIZATION_REMOVE, 64, UTILIZATION_LEAVE);
    utilization_settle(&u, due);
    assert_false(is_due(&size, LATER_US));
}

static void autoset_comes_before_unset(void **state)
{
    (void) state;
    params.unset_utilization_cpu = true;
    assert_true(is_due(&size, 1));
    due_is(2, 64, 64);
}

/* Handed to the administrator and back, it is written again. */
static void what_is_not_ours_is_forgotten(void **state)
{
    (void) state;
    is_due(&size, 1);
    utilization_settle(&u, due);
    params.autoset_utilization_cpu = false;
    assert_false(is_due(&size, 2));
    assert_true(changed);
    assert_false(is_due(&size, 3));
    assert_false(changed);
    params.autoset_utilization_cpu = true;
    assert_true(is_due(&size, 4));
    due_is(2, UTILIZATION_LEAVE, UTILIZATION_LEAVE);
}

static void a_failure_is_not_repeated_at_once(void **state)
{
    const int64_t again_us = (int64_t) UTILIZATION_AGAIN_S * 1000 * 1000;

    (void) state;
    assert_true(is_due(&size, 1));
    u.failed_mono_us = 1;
    assert_false(is_due(&size, again_us));
    assert_true(is_due(&size, again_us + 1));
    due_is(2, 64, 64);
    utilization_settle(&u, due);
    assert_true(u.failed_mono_us == 0);
}

static void words_for_people(void **state)
{
    static const int64_t nothing[UTILIZATION_LAST] = {0};
    static const int64_t some[UTILIZATION_LAST] = {2, UTILIZATION_LEAVE, UTILIZATION_REMOVE};
    _cleanup_free_ char *none = utilization_words(nothing);
    _cleanup_free_ char *text = utilization_words(some);

    (void) state;
    assert_string_equal(none, "");
    assert_string_equal(text, "cpu=2, hv_memory removed");
}

static int tear_down(void **state)
{
    (void) state;
    params_free(&params);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(told_once, set_up),
        cmocka_unit_test_setup(only_what_the_guest_changed, set_up),
        cmocka_unit_test_setup(mebibytes_are_whole, set_up),
        cmocka_unit_test_setup(removed_once, set_up),
        cmocka_unit_test_setup(autoset_comes_before_unset, set_up),
        cmocka_unit_test_setup(what_is_not_ours_is_forgotten, set_up),
        cmocka_unit_test_setup(a_failure_is_not_repeated_at_once, set_up),
        cmocka_unit_test(words_for_people),
    };

    return cmocka_run_group_tests(tests, NULL, tear_down);
}
