/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sys/virt_save against libvirt's own test driver, which saves and restores for real, but for the
 * flags, which a mock keeps from it; and the guest's clock, which it has not, against a mock of the
 * one call.
 */
#include "scratch_dir.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "sys/virt_internal.h"
#include "sys/virt_save.h"
#include "virt_mock.h"

static struct virt *v;

static int setup(void **state)
{
    return scratch_setup(state) < 0
               ? -1 : virt_open("test:///default", deadline_in_ms(5000), &v, NULL);
}

static int teardown(void **state)
{
    virt_close(v);
    return scratch_teardown(state);
}

static int find(struct domain **ret)
{
    return virt_find(v, NULL, "test", ret, NULL);
}

static void what_is_saved_comes_back(void **state)
{
    const char *path = scratch_path("test.state");
    _cleanup_domain_ struct domain *d = NULL;
    _cleanup_domain_ struct domain *again = NULL;
    _cleanup_free_ char *xml = NULL;
    struct err why = {0};

    (void) state;
    assert_int_equal(find(&d), 0);
    assert_int_equal(virt_save(d, path, false, &why), 0);
    assert_int_equal(mock.save_flags, VIR_DOMAIN_SAVE_RUNNING);
    assert_int_equal(virt_saved_xml(v, path, &xml, &why), 0);
    assert_non_null(strstr(xml, "<name>test</name>"));
    /* The test driver takes no other XML than the file's. */
    assert_int_equal(virt_restore_paused(v, path, NULL, true, &why), 0);
    assert_int_equal(mock.restore_flags, VIR_DOMAIN_SAVE_PAUSED | VIR_DOMAIN_SAVE_BYPASS_CACHE);
    assert_int_equal(find(&again), 0);
}

static void what_is_no_saved_memory_is_told(void **state)
{
    char *xml = NULL;
    struct err why = {0};

    (void) state;
    scratch_put("garbled.state", "garbled");
    assert_true(virt_saved_xml(v, scratch_path("garbled.state"), &xml, &why) < 0);
    assert_non_null(strstr(why.text, "virDomainSaveImageGetXMLDesc '"));
    assert_non_null(strstr(why.text, "garbled.state"));
    assert_true(virt_restore_paused(v, scratch_path("absent"), NULL, true, &why) < 0);
    assert_null(xml);
}

static void the_clock_is_the_agents(void **state)
{
    _cleanup_domain_ struct domain *d = NULL;
    struct err why = {0};

    (void) state;
    assert_int_equal(find(&d), 0);
    mock.time_flags = 0;
    mock.time_rc = 0;
    assert_int_equal(virt_sync_time(d, &why), 0);
    assert_int_equal(mock.time_flags, VIR_DOMAIN_TIME_SYNC);
    mock.time_rc = -1;
    assert_true(virt_sync_time(d, &why) < 0);
    assert_non_null(strstr(why.text, "virDomainSetTime 'test'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_saved_comes_back),
        cmocka_unit_test(what_is_no_saved_memory_is_told),
        cmocka_unit_test(the_clock_is_the_agents),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
