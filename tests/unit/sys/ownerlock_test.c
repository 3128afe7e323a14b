/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sys/ownerlock: whose files are kept, and that libvirt's own lock cannot be had meanwhile. That
 * libvirt then leaves the file's owner alone is seen on real components only.
 */
#include "own_process.h"
#include "scratch_dir.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "sys/ownerlock.h"

enum { SOMEBODY = 65534 };

static struct file_id id_of(const char *name)
{
    struct stat st;

    assert_int_equal(lstat(scratch_path(name), &st), 0);
    return (struct file_id) {.dev = st.st_dev, .ino = st.st_ino};
}

static void put(const char *name, uid_t owner)
{
    int fd = open(scratch_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(fchown(fd, owner, owner), 0);
    close(fd);
}

static int take(const char *name, const struct file_id *id, int *ret_fd)
{
    struct err why = {0};

    return ownerlock_take(scratch_path(name), id, ret_fd, &why);
}

/* As libvirt takes it: a lock of its process's, at byte 1. */
static bool others_can_lock(const char *name, off_t at)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = at, .l_len = 1};
    _cleanup_close_ int fd = open(scratch_path(name), O_RDWR | O_CLOEXEC);

    assert_true(fd >= 0);
    return fcntl(fd, F_SETLK, &lock) == 0;
}

static void a_qemu_users_file_is_kept_and_qemus_locks_are_free(void **state)
{
    struct file_id id;
    int fd = -1;

    (void) state;
    put("image", SOMEBODY);
    id = id_of("image");
    assert_int_equal(take("image", &id, &fd), 1);
    assert_false(others_can_lock("image", 1));
    assert_true(others_can_lock("image", 0));
    assert_true(others_can_lock("image", 100));
    close(fd);
    assert_true(others_can_lock("image", 1));
}

static void what_another_libvirt_is_at_is_busy(void **state)
{
    struct err why = {0};
    struct file_id id;
    int theirs = -1;
    int ours = -1;

    (void) state;
    put("image", SOMEBODY);
    id = id_of("image");
    assert_int_equal(take("image", &id, &theirs), 1);
    assert_int_equal(ownerlock_take(scratch_path("image"), &id, &ours, &why), -EBUSY);
    assert_int_equal(ours, -1);
    assert_non_null(strstr(why.text, "image"));
    close(theirs);
}

static void roots_anothers_and_none_need_nothing(void **state)
{
    struct file_id id;
    struct file_id other;
    int fd = -1;

    (void) state;
    put("image", 0);
    put("other", SOMEBODY);
    id = id_of("image");
    other = id_of("other");
    assert_int_equal(take("image", &id, &fd), 0);
    assert_int_equal(take("other", &id, &fd), 0);
    assert_int_equal(take("nothing", &id, &fd), 0);
    assert_int_equal(symlink("other", scratch_path("link")), 0);
    assert_int_equal(take("link", &other, &fd), 0);
    assert_int_equal(mkfifo(scratch_path("fifo"), 0600), 0);
    assert_int_equal(lchown(scratch_path("fifo"), SOMEBODY, SOMEBODY), 0);
    other = id_of("fifo");
    assert_int_equal(take("fifo", &other, &fd), 0);
    assert_int_equal(fd, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_qemu_users_file_is_kept_and_qemus_locks_are_free),
        cmocka_unit_test(what_another_libvirt_is_at_is_busy),
        cmocka_unit_test(roots_anothers_and_none_need_nothing),
    };

    if (geteuid() != 0) {
        print_message("skipped: only root gives files away\n");
        return 77;
    }
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
