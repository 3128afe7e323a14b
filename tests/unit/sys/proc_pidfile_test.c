/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt's pid file as a witness: real processes that hold it as libvirt's QEMUs do, and files
 * that somebody else has put or locked there.
 */
#include "own_process.h"
#include "scratch_dir.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/str.h"
#include "sys/proc.h"

struct hold {
    const char *path;
    short type;
    off_t start;
    int command;
};

static void hold_lock(void *arg)
{
    const struct hold *h = arg;
    struct flock lock = {.l_type = h->type, .l_whence = SEEK_SET, .l_start = h->start,
                         .l_len = 1};
    int fd = open(h->path, h->type == F_RDLCK ? O_RDONLY : O_RDWR);

    CHILD_CHECK(fd >= 0 && fcntl(fd, h->command, &lock) == 0);
}

static pid_t start_holder(const char *name, short type, off_t start, int command)
{
    struct hold h = {.path = scratch_path(name), .type = type, .start = start,
                     .command = command};

    return own_start(hold_lock, &h);
}

/* Expects nobody to be told. */
static void expect(int code, const char *guest)
{
    struct process_id id = {.pid = 4711};
    struct err why = {0};

    assert_int_equal(proc_pidfile_holder(scratch, guest, &id, &why), code);
    assert_int_equal(id.pid, 0);
    assert_int_equal(why.text[0] != '\0', code < 0);
}

static void test_nobody(void **state)
{
    char longest[300];
    struct process_id id = {.pid = 4711};

    (void) state;
    expect(0, "vm");
    memset(longest, 'n', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    expect(0, longest);
    assert_int_equal(proc_pidfile_holder(scratch_path("nowhere"), "vm", &id, NULL), 0);
    assert_int_equal(id.pid, 0);
    /* The number outlives its process: this one lives and is not the guest's. */
    scratch_put("vm.pid", "1\n");
    expect(0, "vm");
}

static void test_the_lock_tells_and_not_the_number(void **state)
{
    struct process_id id = {0};
    struct process_id real;
    pid_t pid;

    (void) state;
    scratch_put("my vm.pid", "1\n");
    pid = start_holder("my vm.pid", F_WRLCK, 0, F_SETLK);
    assert_int_equal(proc_pidfile_holder(scratch, "my vm", &id, NULL), 0);
    assert_int_equal(id.pid, pid);
    assert_int_equal(proc_identify(pid, &real, NULL), 0);
    assert_int_equal(id.start_ticks, real.start_ticks);
    own_end(pid);
    expect(0, "my vm");
}

/* Anybody may open the file for reading, and so hold such a lock. */
static void test_a_readers_lock_is_nothing(void **state)
{
    pid_t pid;

    (void) state;
    scratch_put("vm.pid", "1\n");
    pid = start_holder("vm.pid", F_RDLCK, 0, F_SETLK);
    expect(0, "vm");
    own_end(pid);
    pid = start_holder("vm.pid", F_WRLCK, 1, F_SETLK);
    expect(0, "vm");
    own_end(pid);
}

static void test_a_holder_without_a_number_is_doubt(void **state)
{
    pid_t pid;

    (void) state;
    scratch_put("vm.pid", "1\n");
    pid = start_holder("vm.pid", F_WRLCK, 0, F_OFD_SETLK);
    expect(-EIO, "vm");
    own_end(pid);
    expect(0, "vm");
}

static void test_what_is_no_file_is_doubt(void **state)
{
    (void) state;
    scratch_put("real.pid", "1\n");
    assert_int_equal(symlink("real.pid", scratch_path("link.pid")), 0);
    expect(-EIO, "link");
    assert_int_equal(symlink("nowhere", scratch_path("dangling.pid")), 0);
    expect(-EIO, "dangling");
    assert_int_equal(mkfifo(scratch_path("fifo.pid"), 0600), 0);
    alarm(20); /* one that waits for a writer would not come back */
    expect(-EIO, "fifo");
    alarm(0);
    assert_int_equal(mkdir(scratch_path("folder.pid"), 0700), 0);
    expect(-EIO, "folder");
}

/* libvirtd holds its own pid file in the same directory, and is nobody's guest. */
static void test_the_daemon_is_no_guest(void **state)
{
    pid_t pid;

    (void) state;
    scratch_put("driver.pid", "1\n");
    pid = start_holder("driver.pid", F_WRLCK, 0, F_SETLK);
    expect(0, "driver");
    own_end(pid);
}

static void test_list(void **state)
{
    char **list = NULL;
    size_t count = 0;

    (void) state;
    assert_int_equal(mkdir(scratch_path("list"), 0700), 0);
    scratch_put("list/a b.pid", "");
    scratch_put("list/a b.xml", "");
    scratch_put("list/.pid", "");
    scratch_put("list/pid", "");
    assert_int_equal(proc_pidfile_guests(scratch_path("list"), &list, &count, NULL), 0);
    assert_int_equal(count, 1);
    assert_string_equal(list[0], "a b");
    str_list_free(list, count);
    list = NULL;
    assert_int_equal(proc_pidfile_guests(scratch_path("nowhere"), &list, &count, NULL), 0);
    assert_int_equal(count, 0);
    str_list_free(list, count);
    assert_int_equal(proc_pidfile_guests(scratch_path("list/pid"), &list, &count, NULL), -EIO);
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, scratch_setup, scratch_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nobody),
        TEST(test_the_lock_tells_and_not_the_number),
        TEST(test_a_readers_lock_is_nothing),
        TEST(test_a_holder_without_a_number_is_doubt),
        TEST(test_what_is_no_file_is_doubt),
        TEST(test_the_daemon_is_no_guest),
        TEST(test_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
