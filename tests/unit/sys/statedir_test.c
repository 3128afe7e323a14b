/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records on disk: written, read, found, locked; with links and wrong modes planted, files
 * damaged, and writers killed at any moment.
 */
#include "own_process.h"
#include "scratch_state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sched.h>
#include <sys/mount.h>
#include <utime.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/statedir.h"

static struct record *sample(const char *name, const char *resource)
{
    struct record *r = record_new();

    r->name = str_dup(name);
    r->resource = str_dup(resource);
    r->uuid = str_dup("3f0e2c1a-0000-4000-8000-0000000000ab");
    r->uri = str_dup("qemu:///system");
    r->config = str_dup("/etc/vm.xml");
    r->boot_id = str_dup("0c7a2b9e-0000-4000-8000-000000000001");
    r->phase = PHASE_RUNNING;
    r->process = (struct process_id){.pid = 4711, .start_ticks = 99};
    return r;
}

static void save(const char *name, const char *resource)
{
    _cleanup_record_ struct record *r = sample(name, resource);
    struct err why = {0};

    if (statedir_save(r, &why) != 0) {
        fail_msg("%s", why.text);
    }
}

/* "DIR/<file of this guest>"; caller frees. */
static char *file_of(const char *name)
{
    _cleanup_free_ char *file = record_file_name(name);

    return str_printf("%s/%s", directory, file);
}

static int load_code(const char *name)
{
    _cleanup_record_ struct record *r = NULL;

    return statedir_load(name, &r, NULL);
}

static void test_nothing_yet(void **state)
{
    struct record **list = NULL;
    struct record *r = NULL;
    size_t count = 9;

    (void) state;
    assert_int_equal(statedir_load("vm", &r, NULL), -ENOENT);
    assert_int_equal(statedir_list(&list, &count, NULL), 0);
    assert_int_equal(count, 0);
    statedir_list_free(list, count);
    assert_int_equal(statedir_find_resource("vm", &r, NULL), -ENOENT);
    assert_int_equal(statedir_remove("vm", NULL), 0);
    assert_int_equal(access(directory, F_OK), -1); /* looking makes nothing */
}

static void test_save_and_load(void **state)
{
    _cleanup_record_ struct record *r = NULL;
    _cleanup_free_ char *file = file_of("vm");
    struct stat st;
    mode_t old = umask(0);

    (void) state;
    save("vm", "rsc");
    umask(old);
    assert_int_equal(stat(directory, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(statedir_load("vm", &r, NULL), 0);
    assert_string_equal(r->name, "vm");
    assert_int_equal(r->process.pid, 4711);
    assert_int_equal(statedir_remove("vm", NULL), 0);
    assert_int_equal(load_code("vm"), -ENOENT);
}

static void test_names_that_want_out(void **state)
{
    static const char *const names[] = {"../../etc/passwd", ".", "..", "/", "a/b", "-rf", "a b",
                                        "ü", "%2e", "x.json", ".new.1"};

    (void) state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        _cleanup_record_ struct record *r = NULL;

        save(names[i], "rsc");
        assert_int_equal(statedir_load(names[i], &r, NULL), 0);
        assert_string_equal(r->name, names[i]);
        assert_int_equal(statedir_remove(names[i], NULL), 0);
    }
    assert_int_equal(access(scratch_path("b.json"), F_OK), -1);
}

static void test_find_by_resource(void **state)
{
    _cleanup_record_ struct record *r = NULL;
    struct record **list = NULL;
    size_t count = 0;
    struct err why = {0};

    (void) state;
    save("vm1", "rsc1");
    save("vm2", "rsc2");
    assert_int_equal(statedir_list(&list, &count, NULL), 0);
    assert_int_equal(count, 2);
    statedir_list_free(list, count);
    assert_int_equal(statedir_find_resource("rsc2", &r, NULL), 0);
    assert_string_equal(r->name, "vm2");
    record_free(r);
    r = NULL;
    assert_int_equal(statedir_find_resource("rsc3", &r, NULL), -ENOENT);
    save("vm3", "rsc2");
    assert_int_equal(statedir_find_resource("rsc2", &r, &why), -ENOTUNIQ);
    assert_null(r);
    assert_non_null(strstr(why.text, "vm2"));
    assert_non_null(strstr(why.text, "vm3"));
    statedir_remove("vm1", NULL);
    statedir_remove("vm2", NULL);
    statedir_remove("vm3", NULL);
}

static void test_damage_is_never_none(void **state)
{
    _cleanup_free_ char *file = file_of("vm");
    _cleanup_free_ char *other = file_of("vm-copy");
    struct record **list = NULL;
    struct record *r = NULL;
    size_t count = 0;
    struct err why = {0};

    (void) state;
    save("vm", "rsc");
    assert_int_equal(link(file, other), 0); /* one guest's record under another's name */
    assert_int_equal(load_code("vm-copy"), -EBADMSG);
    assert_int_equal(unlink(other), 0);
    assert_int_equal(truncate(file, 20), 0);
    assert_int_equal(load_code("vm"), -EBADMSG);
    assert_int_equal(statedir_list(&list, &count, &why), -EBADMSG);
    assert_non_null(strstr(why.text, file));
    assert_int_equal(statedir_find_resource("other", &r, NULL), -EBADMSG);
    assert_int_equal(truncate(file, 0), 0);
    assert_int_equal(load_code("vm"), -EBADMSG);
    assert_int_equal(truncate(file, 8 * 1024 * 1024), 0);
    assert_int_equal(load_code("vm"), -EBADMSG);
    assert_int_equal(statedir_remove("vm", NULL), 0);
}

static void test_planted_files(void **state)
{
    _cleanup_free_ char *file = file_of("vm");
    _cleanup_free_ char *real = file_of("real");

    (void) state;
    save("real", "rsc");
    assert_int_equal(symlink(real, file), 0);
    assert_int_equal(load_code("vm"), -EPERM);
    save("vm", "rsc2"); /* replaces the link, does not follow it */
    assert_int_equal(load_code("vm"), 0);
    assert_int_equal(load_code("real"), 0);
    assert_int_equal(chmod(file, 0620), 0);
    assert_int_equal(load_code("vm"), -EPERM);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(mkfifo(file, 0600), 0);
    assert_int_equal(load_code("vm"), -EPERM);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(mkdir(file, 0700), 0);
    assert_int_equal(load_code("vm"), -EPERM);
    assert_int_equal(rmdir(file), 0);
    if (geteuid() == 0) {
        save("vm", "rsc");
        assert_int_equal(chown(file, 65534, 65534), 0);
        assert_int_equal(load_code("vm"), -EPERM);
    }
    statedir_remove("vm", NULL);
    statedir_remove("real", NULL);
}

/* Every call refuses a directory that others could have prepared. */
static void expect_directory_refused(void)
{
    _cleanup_record_ struct record *r = sample("vm", "rsc");
    struct record **list = NULL;
    size_t count = 0;
    int fd = -1;

    assert_int_equal(statedir_save(r, NULL), -EPERM);
    assert_int_equal(load_code("vm"), -EPERM);
    assert_int_equal(statedir_list(&list, &count, NULL), -EPERM);
    assert_int_equal(statedir_remove("vm", NULL), -EPERM);
    assert_int_equal(statedir_lock("vm", deadline_in_ms(100), &fd, NULL), -EPERM);
}

static void expect_mode(const char *path, mode_t mode)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, mode);
}

/* Nobody else could have changed anything: a stop must not fail, and so fence the node, for it. */
static void test_what_others_could_only_read_is_closed_to_them(void **state)
{
    _cleanup_free_ char *file = file_of("vm");

    (void) state;
    save("vm", "rsc");
    assert_int_equal(chmod(directory, 0755), 0);
    assert_int_equal(chmod(file, 0644), 0);
    assert_int_equal(load_code("vm"), 0);
    expect_mode(directory, 0700);
    expect_mode(file, 0600);
    assert_int_equal(chmod(directory, 0711), 0);
    save("vm", "rsc");
    expect_mode(directory, 0700);
    statedir_remove("vm", NULL);
}

static void test_directory_of_others(void **state)
{
    (void) state;
    save("vm", "rsc");
    assert_int_equal(chmod(directory, 0770), 0);
    expect_directory_refused();
    assert_int_equal(chmod(directory, 01702), 0);
    expect_directory_refused();
    assert_int_equal(chmod(directory, 0700), 0);
    if (geteuid() == 0) {
        assert_int_equal(chown(directory, 65534, 65534), 0);
        expect_directory_refused();
        assert_int_equal(chown(directory, 0, 0), 0);
    }
    assert_int_equal(rename(directory, scratch_path("elsewhere")), 0);
    assert_int_equal(symlink("elsewhere", directory), 0);
    expect_directory_refused();
    assert_int_equal(unlink(directory), 0);
    assert_int_equal(close(creat(directory, 0600)), 0);
    expect_directory_refused();
    assert_int_equal(unlink(directory), 0);
    assert_int_equal(rename(scratch_path("elsewhere"), directory), 0);
    assert_int_equal(statedir_remove("vm", NULL), 0);
}

/* Saves records of changing size until it is killed. */
static pid_t start_writer(void)
{
    pid_t test = getpid();
    pid_t pid;

    fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid != 0) {
        return pid;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int i = 0; getppid() == test; i++) {
        _cleanup_record_ struct record *r = sample("vm", "rsc");

        r->process.pid = 1 + i;
        for (int disk = 0; disk < 1 + i % 50; disk++) {
            record_add_disk(r)->path = str_dup("/var/lib/libvirt/images/a-long-name.qcow2");
        }
        CHILD_CHECK(statedir_save(r, NULL) == 0);
    }
    _exit(0);
}

static void test_killed_writers(void **state)
{
    (void) state;
    save("vm", "rsc");
    for (int i = 0; i < 60; i++) {
        pid_t pid = start_writer();

        for (int look = 0; look < 3; look++) {
            usleep((useconds_t) (rand() % 2000));
            assert_int_equal(load_code("vm"), 0);
        }
        own_end(pid);
        assert_int_equal(load_code("vm"), 0);
    }
    save("vm", "rsc");
    assert_int_equal(load_code("vm"), 0);
    assert_int_equal(statedir_remove("vm", NULL), 0);
}

static void test_litter_is_swept(void **state)
{
    const struct utimbuf old = {0};
    char dead[SCRATCH_BYTES + 64], alive[SCRATCH_BYTES + 64];
    pid_t pid = own_start(NULL, NULL);

    (void) state;
    own_end(pid);
    save("vm", "rsc");
    snprintf(dead, sizeof dead, "%s/.new.%d", directory, (int) pid);
    snprintf(alive, sizeof alive, "%s/.new.1", directory);
    assert_int_equal(close(creat(dead, 0600)), 0);
    assert_int_equal(close(creat(alive, 0600)), 0);
    save("vm", "rsc"); /* young: may be a writer of another PID namespace */
    assert_int_equal(access(dead, F_OK), 0);
    assert_int_equal(utime(dead, &old), 0);
    assert_int_equal(utime(alive, &old), 0);
    save("vm", "rsc");
    assert_int_equal(access(dead, F_OK), -1);
    assert_int_equal(access(alive, F_OK), 0);
    statedir_remove("vm", NULL);
}

static void test_full_disk_keeps_the_old_record(void **state)
{
    _cleanup_record_ struct record *r = sample("vm", "rsc");
    _cleanup_record_ struct record *loaded = NULL;
    char small[SCRATCH_BYTES + 16];
    struct err why = {0};

    (void) state;
    if (geteuid() != 0) {
        SKIP("mounting a small file system needs root");
    }
    snprintf(small, sizeof small, "%s/small", scratch);
    assert_int_equal(mkdir(small, 0700), 0);
    assert_int_equal(unshare(CLONE_NEWNS), 0);
    assert_int_equal(mount("none", "/", "", MS_REC | MS_PRIVATE, ""), 0);
    assert_int_equal(mount("none", small, "tmpfs", 0, "size=8k,mode=0700"), 0);
    statedir_set_path(small);
    assert_int_equal(statedir_save(r, NULL), 0);
    for (int i = 0; i < 200; i++) {
        record_add_disk(r)->path = str_dup("/var/lib/libvirt/images/a-long-name.qcow2");
    }
    assert_int_equal(statedir_save(r, &why), -ENOSPC);
    assert_non_null(strstr(why.text, small));
    assert_int_equal(statedir_load("vm", &loaded, NULL), 0);
    assert_int_equal(loaded->disk_count, 0);
    statedir_set_path(directory);
    assert_int_equal(umount2(small, MNT_DETACH), 0);
}

static void take_lock(void *arg)
{
    int fd = -1;

    CHILD_CHECK(statedir_lock(arg, deadline_in_ms(5000), &fd, NULL) == 0);
}

static void test_lock(void **state)
{
    pid_t pid = own_start(take_lock, (void *) "vm");
    char expected[64];
    struct err why = {0};
    int64_t begin = clock_mono_us();
    int fd = -1;

    (void) state;
    assert_int_equal(statedir_lock("vm", deadline_in_ms(150), &fd, &why), -ETIMEDOUT);
    assert_true(clock_mono_us() - begin >= 150000);
    snprintf(expected, sizeof expected, "process %d (", (int) pid);
    assert_non_null(strstr(why.text, expected));
    /* Another guest's is free. */
    assert_int_equal(statedir_lock("vm2", deadline_in_ms(0), &fd, NULL), 0);
    close(fd);
    kill(pid, SIGKILL);
    assert_int_equal(statedir_lock("vm", deadline_in_ms(5000), &fd, NULL), 0);
    close(fd);
    waitpid(pid, NULL, 0);
}

static void test_abandoned_child_keeps_no_lock(void **state)
{
    int fd = -1;
    pid_t heir, other;

    (void) state;
    assert_int_equal(statedir_lock("vm", deadline_in_ms(5000), &fd, NULL), 0);
    heir = own_start(NULL, NULL); /* has the descriptor by fork */
    close(fd);
    other = own_start(take_lock, (void *) "vm");
    own_end(other);
    own_end(heir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_yet),
        cmocka_unit_test(test_save_and_load),
        cmocka_unit_test(test_names_that_want_out),
        cmocka_unit_test(test_find_by_resource),
        cmocka_unit_test(test_damage_is_never_none),
        cmocka_unit_test(test_planted_files),
        cmocka_unit_test(test_what_others_could_only_read_is_closed_to_them),
        cmocka_unit_test(test_directory_of_others),
        cmocka_unit_test(test_killed_writers),
        cmocka_unit_test(test_litter_is_swept),
        cmocka_unit_test(test_full_disk_keeps_the_old_record),
        cmocka_unit_test(test_lock),
        cmocka_unit_test(test_abandoned_child_keeps_no_lock),
    };

    return cmocka_run_group_tests(tests, scratch_state_setup, scratch_state_teardown);
}
