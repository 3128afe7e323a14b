/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A process that a logged-in user named like a QEMU: real ones in a cgroup of their own where
 * that can be had, and a /proc of files for every way in which the two facts can be shown.
 */
#include "own_process.h"
#include "scratch_dir.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/str.h"
#include "sys/proc.h"
#include "sys/procfile.h"

/* Process 7 of that real user (effective root, as a set-user-ID program is), in that cgroup. */
static void fake(unsigned uid, const char *cgroups)
{
    char status[256];

    mkdir(scratch_path("7"), 0700);
    snprintf(status, sizeof status, "Name:\tqemu\\nUid:\t0\nUmask:\t0022\nState:\tS (sleeping)\n"
             "Uid:\t%u\t0\t0\t0\nGid:\t100\t100\t100\t100\n", uid);
    scratch_put("7/status", status);
    if (cgroups) {
        scratch_put("7/cgroup", cgroups);
    } else {
        unlink(scratch_path("7/cgroup"));
    }
}

static bool own_login(pid_t pid)
{
    bool own = false;

    assert_int_equal(proc_in_own_login(pid, &own), 0);
    return own;
}

static const struct {
    unsigned uid;
    const char *cgroups;
    bool own;
} rows[] = {
    {1000, "0::/user.slice/user-1000.slice/session-3.scope\n", true},
    {1000, "0::/user.slice/user-1000.slice\n", true},
    {1000, "0::/user.slice/user-1000.slice/user@1000.service/app.slice/x.service\n", true},
    {1000, "2:cpu:/\n1:name=systemd:/user.slice/user-1000.slice/session-3.scope\n0::/\n", true},
    {1000, "0::/../../user.slice/user-1000.slice/session-3.scope\n", true},
    /* root's, also after su, as a libvirtd that was started by hand is */
    {0, "0::/user.slice/user-0.slice/session-1.scope\n", false},
    {0, "0::/user.slice/user-1000.slice/session-3.scope\n", false},
    /* a QEMU of such a libvirtd: a system user's, in somebody else's slice */
    {64055, "0::/user.slice/user-1000.slice/session-3.scope\n", false},
    /* libvirt's usual places */
    {64055, "0::/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/libvirt/emulator\n", false},
    {64055, "0::/system.slice/libvirtd.service\n", false},
    {1000, "0::/\n", false},
    {1000, "", false},
    {1000, NULL, false},
    /* other names that hold this one */
    {1000, "0::/x-user-1000.slice/y\n", false},
    {1000, "0::/user-1000.slice-x/y\n", false},
    {100, "0::/user.slice/user-1000.slice/x\n", false},
};

static void test_by_real_user_and_own_slice(void **state)
{
    (void) state;
    proc_set_root(scratch);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fake(rows[i].uid, rows[i].cgroups);
        if (own_login(7) != rows[i].own) {
            fail_msg("user %u in %s", rows[i].uid, rows[i].cgroups ? rows[i].cgroups : "none");
        }
    }
    proc_set_root(NULL);
}

static void test_what_cannot_be_told_is_an_error(void **state)
{
    bool own = true;

    (void) state;
    proc_set_root(scratch);
    fake(1000, "");
    scratch_put("7/status", "Name:\tqemu\n");
    assert_int_equal(proc_in_own_login(7, &own), -EBADMSG);
    assert_false(own);
    fake(1000, NULL);
    assert_int_equal(mkdir(scratch_path("7/cgroup"), 0700), 0);
    assert_int_equal(proc_in_own_login(7, &own), -EISDIR);
    assert_int_equal(rmdir(scratch_path("7/cgroup")), 0);
    assert_int_equal(proc_in_own_login(8, &own), -ESRCH);
    proc_set_root(NULL);
}

/* The one that cannot be read fails the list, unless it is a user's own. */
static void test_a_users_own_is_no_candidate(void **state)
{
    struct qemu_process *list = NULL;
    size_t count = 1;

    (void) state;
    proc_set_root(scratch);
    fake(1000, "0::/user.slice/user-1000.slice/session-3.scope\n");
    scratch_put("7/comm", "qemu-evil\n");
    scratch_put("7/stat", "7 (qemu-evil) S 1 2 3 4 5 0 7 8 9 10 11 12 13 14 15 16 1 18 4711 20\n");
    scratch_put("7/cmdline", "");
    assert_int_equal(proc_list_qemu(&list, &count, NULL), 0);
    assert_int_equal(count, 0);
    proc_qemu_free(list, count);
    fake(64055, "0::/user.slice/user-1000.slice/session-3.scope\n");
    assert_int_equal(proc_list_qemu(&list, &count, NULL), -EIO);
    proc_set_root(NULL);
}

/* --- real ones -------------------------------------------------------------------------- */

enum { NOBODY = 65534, SOMEBODY = 199999999 };

static char slice[128];

/* A slice of that user below whatever hierarchy can be written to. */
static bool make_slice(unsigned uid)
{
    static const char *const roots[] = {
        "/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"
    };
    struct statfs fs;

    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        snprintf(slice, sizeof slice, "%s/user-%u.slice", roots[i], uid);
        if (statfs(roots[i], &fs) == 0 &&
            (fs.f_type == CGROUP2_SUPER_MAGIC || fs.f_type == CGROUP_SUPER_MAGIC) &&
            mkdir(slice, 0700) == 0) {
            return true;
        }
    }
    return false;
}

static void enter_slice(void *uid)
{
    char procs[sizeof slice + 16];
    FILE *f;

    snprintf(procs, sizeof procs, "%s/cgroup.procs", slice);
    f = fopen(procs, "w");
    CHILD_CHECK(f && fprintf(f, "%d\n", (int) getpid()) > 0 && fclose(f) == 0);
    CHILD_CHECK(prctl(PR_SET_NAME, "qemu-evil") == 0);
    /* Not dumpable from here on: its /proc belongs to root. */
    CHILD_CHECK(setresuid(*(unsigned *) uid, *(unsigned *) uid, *(unsigned *) uid) == 0);
    CHILD_CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
}

static void test_real_process_in_its_users_slice(void **state)
{
    unsigned uid = SOMEBODY;
    unsigned other = NOBODY;
    pid_t own;
    pid_t strange;

    (void) state;
    if (geteuid() != 0 || !make_slice(uid)) {
        SKIP("a cgroup of a user's own needs root and a writable hierarchy");
    }
    own = own_start(enter_slice, &uid);
    strange = own_start(enter_slice, &other);
    assert_true(own_login(own));
    assert_false(own_login(strange));
    assert_false(own_login(getpid()));
    own_end(own);
    own_end(strange);
    assert_int_equal(rmdir(slice), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_real_user_and_own_slice),
        cmocka_unit_test(test_what_cannot_be_told_is_an_error),
        cmocka_unit_test(test_a_users_own_is_no_candidate),
        cmocka_unit_test(test_real_process_in_its_users_slice),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
