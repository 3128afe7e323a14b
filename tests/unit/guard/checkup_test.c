/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A whole look at a guest, with libvirt's own test driver in libvirt's place, which has a
 * domain "test" defined and running.
 */
#include "../sys/own_process.h"
#include "../sys/scratch_dir.h"

#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/checkup.h"
#include "sys/nodeconf.h"

static bool has(const struct findings *f, enum conflict what)
{
    for (size_t i = 0; i < f->count; i++) {
        if (f->list[i].what == what) {
            return true;
        }
    }
    return false;
}

struct look {
    char *xml;
    struct domxml *domain;
    struct params params;
    struct checkup *found;
};

static void look_make(struct look *l, const char *name, const char *devices, const char *uri,
                      bool thorough)
{
    struct err why = {0};

    memset(l, 0, sizeof *l);
    l->xml = str_printf("<domain type='test'><name>%s</name><devices>%s</devices></domain>", name,
                        devices);
    assert_int_equal(domxml_parse(l->xml, strlen(l->xml), &l->domain, &why), 0);
    params_defaults(&l->params);
    free(l->params.hypervisor);
    l->params.hypervisor = str_dup(uri);
    struct checkup_guest g = {
        .domain = l->domain, .text = l->xml, .size = strlen(l->xml), .params = &l->params,
        .thorough = thorough
    };

    l->found = checkup_run(&g, deadline_in_ms(5000));
}

static void look_free(struct look *l)
{
    checkup_free(l->found);
    domxml_free(l->domain);
    params_free(&l->params);
    free(l->xml);
}

static void test_a_defined_guest_that_runs(void **state)
{
    struct look l;

    (void) state;
    look_make(&l, "test", "", "test:///default", true);
    assert_true(has(&l.found->guest, CONFLICT_DEFINED));
    assert_false(has(&l.found->guest, CONFLICT_UNCHECKED));
    assert_true(l.found->live_size > 0);
    assert_non_null(strstr(l.found->live, "<name>test</name>"));
    look_free(&l);
}

static void test_a_guest_that_libvirt_does_not_know(void **state)
{
    struct look l;

    (void) state;
    look_make(&l, "web", "<disk><source file='/nowhere/x'/><target dev='vda'/></disk>",
              "test:///default", true);
    assert_false(has(&l.found->guest, CONFLICT_DEFINED));
    assert_false(has(&l.found->guest, CONFLICT_UNCHECKED));
    assert_true(has(&l.found->guest, CONFLICT_DISK_MISSING));
    assert_int_equal(l.found->live_size, 0);
    look_free(&l);
}

/* Without libvirt the rest is looked at all the same. */
static void test_no_libvirt(void **state)
{
    struct look l;

    (void) state;
    look_make(&l, "web", "", "test:///nowhere/at/all", false);
    assert_true(has(&l.found->guest, CONFLICT_UNCHECKED));
    assert_true(has(&l.found->guest, CONFLICT_PANIC));
    look_free(&l);
}

static void test_a_config_that_is_refused(void **state)
{
    struct look l;

    (void) state;
    look_make(&l, "web", "<watchdog action='dump'/>", "test:///default", false);
    assert_true(has(&l.found->guest, CONFLICT_WATCHDOG_DUMP));
    assert_false(has(&l.found->guest, CONFLICT_CONFIG));
    look_free(&l);
}

/* Half a look is shown as one. */
static void test_no_time(void **state)
{
    struct checkup *c = checkup_run(NULL, deadline_in_ms(0));

    (void) state;
    assert_true(has(&c->node, CONFLICT_UNCHECKED));
    checkup_free(c);
    checkup_free(NULL);
}

static void test_the_node(void **state)
{
    struct checkup *c;

    (void) state;
    scratch_put("etc/libvirt/qemu.conf", "auto_shutdown_poweroff = \"all\"\n");
    c = checkup_run(NULL, deadline_in_ms(5000));
    assert_true(has(&c->node, CONFLICT_AUTO_SHUTDOWN));
    assert_int_equal(c->guest.count, 0);
    checkup_free(c);
}

static int setup(void **state)
{
    if (scratch_setup(state) < 0) {
        return -1;
    }
    mkdir(scratch_path("etc"), 0700);
    mkdir(scratch_path("etc/libvirt"), 0700);
    nodeconf_set_root(scratch);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_defined_guest_that_runs),
        cmocka_unit_test(test_a_guest_that_libvirt_does_not_know),
        cmocka_unit_test(test_no_libvirt),
        cmocka_unit_test(test_a_config_that_is_refused),
        cmocka_unit_test(test_no_time),
        cmocka_unit_test(test_the_node),
    };

    return cmocka_run_group_tests(tests, setup, scratch_teardown);
}
