/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two witnesses of a guest's process together. This program runs itself under any name with
 * libvirt's words, and holds a pid file as libvirt's child does: locked before the exec.
 */
#include "../sys/own_process.h"
#include "../sys/own_world.h"
#include "../sys/scratch_dir.h"

#include <fcntl.h>

#include "base/str.h"
#include "guard/scan.h"
#include "sys/statedir.h"

#define UUID_A "3f0e2c1a-0000-4000-8000-0000000000aa"
#define UUID_B "3f0e2c1a-0000-4000-8000-0000000000bb"

static const char child_word[] = "--be-a-guest";

/* `program`: its name; `pidfile`: the guest whose file it holds, or NULL. */
struct emulator {
    const char *program;
    const char *name;
    const char *uuid;
    const char *pidfile;
};

static void lock_pidfile(const char *guest)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    char name[64];
    int fd;

    snprintf(name, sizeof name, "%s.pid", guest);
    fd = open(scratch_path(name), O_RDWR | O_CREAT, 0644);
    CHILD_CHECK(fd >= 0 && fcntl(fd, F_SETLK, &lock) == 0);
}

static void be_started(const struct emulator *e, int ready_fd)
{
    char fd_text[16];
    const char *argv[] = {scratch_path(e->program), child_word, fd_text, "-name", e->name,
                          "-uuid", e->uuid, NULL};

    snprintf(fd_text, sizeof fd_text, "%d", ready_fd);
    if (e->pidfile) {
        lock_pidfile(e->pidfile);
    }
    execv(argv[0], (char *const *) argv);
    CHILD_CHECK(!"exec");
}

static pid_t start(struct emulator e)
{
    char self[PATH_MAX] = "";
    int ready[2];
    char byte;
    pid_t pid;

    assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    unlink(scratch_path(e.program));
    assert_int_equal(symlink(self, scratch_path(e.program)), 0);
    assert_int_equal(pipe(ready), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        be_started(&e, ready[1]);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return pid;
}

static int be_a_guest(int ready_fd)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    CHILD_CHECK(write(ready_fd, "r", 1) == 1);
    for (;;) {
        pause();
    }
}

/* Looks for guest "vm" of UUID_A; pid 0: there is none. */
static void expect_found(pid_t pid, const char *uuid)
{
    struct scan_result found = {0};
    struct err why = {0};

    if (scan_guest("vm", UUID_A, deadline_in_ms(10000), &found, &why) < 0) {
        fail_msg("%s", why.text);
    }
    assert_int_equal(found.found, pid != 0);
    assert_int_equal(found.id.pid, pid);
    assert_string_equal(found.uuid, pid ? uuid : "");
}

static void expect_doubt(const char *words)
{
    struct scan_result found = {0};
    struct err why = {0};

    assert_true(scan_guest("vm", UUID_A, deadline_in_ms(10000), &found, &why) < 0);
    assert_false(found.found);
    if (!strstr(why.text, words)) {
        fail_msg("no '%s' in '%s'", words, why.text);
    }
}

static void test_each_witness_alone_and_both(void **state)
{
    pid_t pid;

    (void) state;
    expect_found(0, NULL);
    pid = start((struct emulator){"qemu-x", "guest=vm", UUID_A, NULL});
    expect_found(pid, UUID_A);
    own_end(pid);
    pid = start((struct emulator){"qemu-x", "guest=vm", UUID_A, "vm"});
    expect_found(pid, UUID_A);
    own_end(pid);
    expect_found(0, NULL);
    /* A wrapper, or -name ...,process=: no process of that name is to be seen. */
    pid = start((struct emulator){"emulator", "guest=vm", UUID_A, "vm"});
    expect_found(pid, UUID_A);
    own_end(pid);
    expect_found(0, NULL);
    pid = start((struct emulator){"emulator", "guest=vm", UUID_A, NULL});
    expect_found(0, NULL);
    own_end(pid);
}

static void test_whatever_its_words_the_file_tells_the_name(void **state)
{
    pid_t pid = start((struct emulator){"emulator", "guest=other", UUID_B, "vm"});

    (void) state;
    expect_found(pid, UUID_B);
    own_end(pid);
}

static void test_two_processes_of_one_guest_are_doubt(void **state)
{
    pid_t old = start((struct emulator){"qemu-old", "guest=vm", UUID_A, NULL});
    pid_t new = start((struct emulator){"qemu-new", "guest=vm", UUID_A, "vm"});

    (void) state;
    expect_doubt("both");
    own_end(old);
    expect_found(new, UUID_A);
    own_end(new);
    /* A wrapper that stays beside its QEMU: the death of neither proves the other's. */
    old = start((struct emulator){"qemu-x", "guest=vm", UUID_A, NULL});
    new = start((struct emulator){"wrapper", "guest=vm", UUID_A, "vm"});
    expect_doubt("both");
    own_end(old);
    own_end(new);
}

static void test_the_uuid_outweighs_the_name(void **state)
{
    pid_t pid = start((struct emulator){"qemu-x", "guest=renamed", UUID_A, NULL});
    pid_t namesake = start((struct emulator){"emulator", "guest=vm", UUID_B, "vm"});

    (void) state;
    expect_found(pid, UUID_A);
    own_end(pid);
    expect_found(namesake, UUID_B);
    pid = start((struct emulator){"qemu-x", "guest=vm", UUID_B, NULL});
    own_end(namesake);
    namesake = start((struct emulator){"emulator", "guest=vm", UUID_A, "vm"});
    expect_found(namesake, UUID_A);
    own_end(namesake);
    own_end(pid);
}

static void hold_without_words(void *arg)
{
    (void) arg;
    lock_pidfile("vm");
}

static void test_a_holder_without_a_guests_words_is_doubt(void **state)
{
    pid_t pid = own_start(hold_without_words, NULL);

    (void) state;
    expect_doubt("vm");
    own_end(pid);
    expect_found(0, NULL);
}

static void test_an_unusable_file_is_doubt(void **state)
{
    (void) state;
    assert_int_equal(symlink("nowhere", scratch_path("vm.pid")), 0);
    expect_doubt("vm.pid");
}

static void test_strangers_under_any_name_count(void **state)
{
    struct scan_strangers seen = {0};
    struct err why = {0};
    pid_t pid = start((struct emulator){"emulator", "guest=vm", UUID_A, "vm"});

    (void) state;
    assert_int_equal(scan_for_strangers("vm", deadline_in_ms(10000), &seen, &why), 0);
    assert_int_equal(seen.count, 1);
    assert_true(seen.namesake);
    own_end(pid);
    assert_int_equal(scan_for_strangers("vm", deadline_in_ms(10000), &seen, &why), 0);
    assert_int_equal(seen.count, 0);
}

static char state_path[SCRATCH_BYTES + 16];

static int setup(void **state)
{
    if (scratch_setup(state) < 0) {
        return -1;
    }
    scan_set_run_dir(scratch);
    snprintf(state_path, sizeof state_path, "%s/state", scratch);
    statedir_set_path(state_path);
    return 0;
}

static int teardown(void **state)
{
    scan_set_run_dir(NULL);
    statedir_set_path(NULL);
    return scratch_teardown(state);
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, setup, teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(test_each_witness_alone_and_both),
        TEST(test_whatever_its_words_the_file_tells_the_name),
        TEST(test_two_processes_of_one_guest_are_doubt),
        TEST(test_the_uuid_outweighs_the_name),
        TEST(test_a_holder_without_a_guests_words_is_doubt),
        TEST(test_an_unusable_file_is_doubt),
        TEST(test_strangers_under_any_name_count),
    };

    if (argc > 2 && str_eq(argv[1], child_word)) {
        return be_a_guest(atoi(argv[2]));
    }
    own_world();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
