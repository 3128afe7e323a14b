/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A node's settings out of a tree of files of this test's own.
 */
#include "own_process.h"
#include "scratch_dir.h"

#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/nodeconf.h"

static const char wants[] = "etc/systemd/system/multi-user.target.wants";

static void folder(const char *path)
{
    char full[2 * SCRATCH_BYTES];

    for (const char *p = path; (p = strchr(p, '/')) || (p = path + strlen(path)); p++) {
        snprintf(full, sizeof full, "%s/%.*s", scratch, (int) (p - path), path);
        assert_true(mkdir(full, 0700) == 0 || errno == EEXIST);
        if (!*p) {
            return;
        }
    }
}

static char *inside(const char *path)
{
    return str_printf("%s/%s", scratch, path);
}

static void put(const char *path, const char *text)
{
    _cleanup_free_ char *full = inside(path);
    _cleanup_fclose_ FILE *f = fopen(full, "w");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
}

static void link_to(const char *target, const char *path)
{
    _cleanup_free_ char *full = inside(path);

    remove(full);
    assert_int_equal(symlink(target, full), 0);
}

static void test_nothing_there(void **state)
{
    struct node_facts n;
    struct findings unread = {0};

    (void) state;
    nodeconf_read(true, &n, &unread);
    assert_null(n.qemu_conf);
    assert_null(n.guests_unit);
    assert_non_null(n.hostname);
    assert_non_null(n.tcp[0]);
    assert_int_equal(unread.count, 0);
    nodeconf_free(&n);
    assert_null(n.hostname);
    nodeconf_read(false, &n, &unread);
    assert_null(n.tcp[0]);
    nodeconf_free(&n);
}

static void test_what_is_there(void **state)
{
    struct node_facts n;
    struct findings unread = {0};

    (void) state;
    folder("etc/libvirt");
    folder("etc/sysconfig");
    folder("usr/libexec");
    put("etc/libvirt/qemu.conf", "a");
    put("etc/libvirt/qemu-lockd.conf", "b");
    put("etc/libvirt/qemu-sanlock.conf", "c");
    put("etc/sysconfig/libvirt-guests", "d");
    put("usr/libexec/libvirt-guests.sh", "e");
    nodeconf_read(true, &n, &unread);
    assert_string_equal(n.qemu_conf, "a");
    assert_string_equal(n.lockd_conf, "b");
    assert_string_equal(n.sanlock_conf, "c");
    assert_string_equal(n.guests_conf, "d");
    assert_string_equal(n.guests_script, "e");
    assert_int_equal(unread.count, 0);
    nodeconf_free(&n);
}

static void test_what_cannot_be_read(void **state)
{
    _cleanup_free_ char *path = inside("etc/libvirt/qemu-lockd.conf");
    struct node_facts n;
    struct findings unread = {0};

    (void) state;
    remove(path);
    folder("etc/libvirt/qemu-lockd.conf");
    nodeconf_read(true, &n, &unread);
    assert_null(n.lockd_conf);
    assert_int_equal(unread.count, 1);
    assert_int_equal(unread.list[0].what, CONFLICT_UNCHECKED);
    assert_string_equal(unread.list[0].object, "/etc/libvirt/qemu-lockd.conf");
    nodeconf_free(&n);
    assert_int_equal(remove(path), 0);
}

static void enabled(const char *by)
{
    struct node_facts n;
    struct findings unread = {0};

    nodeconf_read(true, &n, &unread);
    if (by) {
        assert_string_equal(n.guests_unit, by);
    } else {
        assert_null(n.guests_unit);
    }
    nodeconf_free(&n);
}

static void test_the_unit(void **state)
{
    _cleanup_free_ char *link = str_printf("%s/libvirt-guests.service", wants);
    _cleanup_free_ char *shown = str_printf("/%s", link);
    _cleanup_free_ char *unit = inside("unit");

    (void) state;
    folder(wants);
    put("unit", "[Unit]");
    enabled(NULL);
    link_to("/nowhere/libvirt-guests.service", link);
    enabled(NULL);
    folder("etc/systemd/system/another.target.wants");
    link_to("/nowhere/libvirt-guests.service",
            "etc/systemd/system/another.target.wants/libvirt-guests.service");
    link_to(unit, link);
    enabled(shown);
    link_to("/dev/null", "etc/systemd/system/libvirt-guests.service");
    enabled(NULL);
}

static int setup(void **state)
{
    if (scratch_setup(state) < 0) {
        return -1;
    }
    nodeconf_set_root(scratch);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_there),
        cmocka_unit_test(test_what_is_there),
        cmocka_unit_test(test_what_cannot_be_read),
        cmocka_unit_test(test_the_unit),
    };

    return cmocka_run_group_tests(tests, setup, scratch_teardown);
}
