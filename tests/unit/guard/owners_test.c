/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard/owners on images on a file system that other nodes may reach: one of a kind that tells
 * nothing of that, mounted for this test alone.
 */
#include "../sys/own_process.h"
#include "../sys/scratch_dir.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/str.h"
#include "guard/owners.h"
#include "guard/release.h"

enum { SOMEBODY = 65534, LONG_AGO_MS = 3600 * 1000, WAIT_MS = 30 * 1000, PAUSE_MS = 5 };

static bool mounted;

static struct record *frozen_on(const char *path, int64_t ago_ms)
{
    struct record *r = record_new();
    struct disk_record *disk = record_add_disk(r);
    int fd = open(path, O_RDONLY | O_CREAT, 0600);
    struct stat st;

    assert_true(fd >= 0);
    assert_int_equal(fchown(fd, SOMEBODY, SOMEBODY), 0);
    assert_int_equal(fstat(fd, &st), 0);
    close(fd);
    disk->path = str_dup(path);
    disk->id = (struct file_id) {.dev = st.st_dev, .ino = st.st_ino};
    disk->writable = true;
    r->name = str_dup("nobody");
    r->uri = str_dup("test:///default");
    r->incident.frozen_wall_ms = clock_wall_ms() - ago_ms;
    return r;
}

static bool is_locked(const char *path)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 1, .l_len = 1};
    _cleanup_close_ int fd = open(path, O_RDWR | O_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(fcntl(fd, F_GETLK, &lock), 0);
    return lock.l_type != F_UNLCK;
}

static void an_image_that_others_reach_is_kept_until_libvirt_is_done(void **state)
{
    _cleanup_free_ char *path = str_dup(scratch_path("shared/image"));
    struct owners *o = NULL;
    struct err why = {0};

    (void) state;
    if (!mounted) {
        SKIP("no file system for it can be mounted here");
    }
    _cleanup_record_ struct record *r = frozen_on(path, LONG_AGO_MS);
    assert_int_equal(owners_keep(r, deadline_in_ms(WAIT_MS), &o, &why), 0);
    assert_non_null(o);
    assert_true(is_locked(path));
    owners_outlast(o, r, deadline_in_ms(WAIT_MS)); /* libvirt knows no such guest */
    assert_true(is_locked(path));
    owners_let_go(o);
    for (struct deadline d = deadline_in_ms(WAIT_MS); is_locked(path) && !deadline_over(d);) {
        clock_pause_ms(PAUSE_MS, d);
    }
    assert_false(is_locked(path));
}

static void not_while_another_node_may_be_at_its_start(void **state)
{
    _cleanup_free_ char *path = str_dup(scratch_path("shared/image"));
    struct owners *o = NULL;
    struct err why = {0};

    (void) state;
    if (!mounted) {
        SKIP("no file system for it can be mounted here");
    }
    _cleanup_record_ struct record *r = frozen_on(path, 0);
    assert_int_equal(owners_keep(r, deadline_in_ms(WAIT_MS), &o, &why), -EAGAIN);
    assert_null(o);
    r->disk[0].writable = false; /* libvirt does not give those back */
    assert_int_equal(owners_keep(r, deadline_in_ms(WAIT_MS), &o, &why), 0);
    assert_null(o);
}

/* As in a start that wants its memory: nothing is ended that would need more time than there is. */
static void not_where_libvirt_would_not_be_done_in_time(void **state)
{
    _cleanup_free_ char *path = str_dup(scratch_path("shared/image"));
    struct err why = {0};

    (void) state;
    if (!mounted) {
        SKIP("no file system for it can be mounted here");
    }
    _cleanup_record_ struct record *r = frozen_on(path, LONG_AGO_MS);
    assert_int_equal(release_frozen(r, deadline_in_ms(OWNERS_OUTLAST_MS), &why), -EAGAIN);
    assert_non_null(strstr(why.text, "images"));
}

static void an_image_of_this_nodes_own_is_not(void **state)
{
    _cleanup_free_ char *path = str_dup(scratch_path("image"));
    _cleanup_record_ struct record *r = frozen_on(path, 0);
    struct owners *o = NULL;
    struct err why = {0};

    (void) state;
    assert_int_equal(owners_keep(r, deadline_in_ms(WAIT_MS), &o, &why), 0);
    assert_null(o);
    owners_outlast(o, r, deadline_in_ms(WAIT_MS));
    owners_let_go(o);
}

static int setup(void **state)
{
    int rc = scratch_setup(state);

    if (rc == 0) {
        rc = mkdir(scratch_path("shared"), 0700);
    }
    mounted = rc == 0 && unshare(CLONE_NEWNS) == 0 &&
              mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
              mount("none", scratch_path("shared"), "hugetlbfs", 0, NULL) == 0;
    return rc;
}

static int teardown(void **state)
{
    if (mounted) {
        umount2(scratch_path("shared"), MNT_DETACH);
    }
    return scratch_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image_that_others_reach_is_kept_until_libvirt_is_done),
        cmocka_unit_test(not_while_another_node_may_be_at_its_start),
        cmocka_unit_test(not_where_libvirt_would_not_be_done_in_time),
        cmocka_unit_test(an_image_of_this_nodes_own_is_not),
    };

    if (geteuid() != 0) {
        print_message("skipped: only root gives files away\n");
        return 77;
    }
    return cmocka_run_group_tests(tests, setup, teardown);
}
