/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests among the processes: this program runs itself under QEMU's name and with
 * libvirt's words. What a real process cannot be made to show is a /proc of files.
 */
#include "own_process.h"
#include "own_world.h"
#include "scratch_dir.h"
#include "stuck_disk.h"

#include <errno.h>
#include <pthread.h>
#include <sys/stat.h>

#include "base/str.h"
#include "sys/proc.h"

#define UUID_TEXT "3f0e2c1a-0000-4000-8000-0000000000aB"
#define UUID_LOWER "3f0e2c1a-0000-4000-8000-0000000000ab"

static const char ready_word[] = "--be-a-guest";
static const char disk_word[] = "--write-to";

static void *write_for_ever(void *arg)
{
    for (;;) {
        CHILD_CHECK(pwrite(*(int *) arg, "x", 1, 0) == 1);
        usleep(2000);
    }
    return NULL;
}

/* Runs as QEMU would: same words, then nothing to do; or, with `disk`, a thread that writes. */
static int be_a_guest(int ready_fd, const char *disk)
{
    static int disk_fd;
    pthread_t thread;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (disk) {
        disk_fd = open(disk, O_WRONLY | O_CREAT, 0600);
        CHILD_CHECK(disk_fd >= 0);
        CHILD_CHECK(pthread_create(&thread, NULL, write_for_ever, &disk_fd) == 0);
    }
    CHILD_CHECK(write(ready_fd, "r", 1) == 1);
    for (;;) {
        pause();
    }
}

/* The kernel names a process after the link that it was started by. */
static void link_self(const char *path)
{
    char self[PATH_MAX] = "";

    assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    unlink(path);
    assert_int_equal(symlink(self, path), 0);
}

/* `words`: what comes after the program's name; the test's own last two are added. */
static pid_t start_guest(const char *program, const char *const *words)
{
    const char *argv[24] = {scratch_path(program)};
    char fd_text[16];
    int ready[2];
    char byte;
    int n = 1;
    pid_t pid;

    assert_int_equal(pipe(ready), 0);
    for (; *words; words++) {
        argv[n++] = *words;
    }
    snprintf(fd_text, sizeof fd_text, "%d", ready[1]);
    argv[n++] = ready_word;
    argv[n++] = fd_text;
    link_self(argv[0]);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        execv(argv[0], (char *const *) argv);
        CHILD_CHECK(!"exec");
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return pid;
}

/* The entry of that process, or NULL. */
static const struct qemu_process *find(const struct qemu_process *list, size_t count, pid_t pid)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].id.pid == pid) {
            return &list[i];
        }
    }
    return NULL;
}

/* The same, asked for that process alone. */
static void expect_alone(pid_t pid, const char *name)
{
    struct qemu_process q = {0};

    if (name) {
        assert_int_equal(proc_read_qemu(pid, &q, NULL), 0);
        assert_string_equal(q.name, name);
        assert_string_equal(q.uuid, UUID_LOWER);
        assert_int_equal(q.id.pid, pid);
        proc_qemu_clear(&q);
    } else {
        assert_int_equal(proc_read_qemu(pid, &q, NULL), -ESRCH);
        assert_null(q.name);
    }
}

/* Expects a guest of this name, or with NULL that it is none. */
static void expect(const char *program, const char *const *words, const char *name)
{
    pid_t pid = start_guest(program, words);
    struct qemu_process *list = NULL;
    struct process_id id;
    size_t count = 0;
    const struct qemu_process *q;

    assert_int_equal(proc_list_qemu(&list, &count, NULL), 0);
    q = find(list, count, pid);
    if (name) {
        assert_non_null(q);
        assert_string_equal(q->name, name);
        assert_string_equal(q->uuid, UUID_LOWER);
        assert_int_equal(proc_identify(pid, &id, NULL), 0);
        assert_int_equal(q->id.start_ticks, id.start_ticks);
    } else {
        assert_null(q);
    }
    proc_qemu_free(list, count);
    expect_alone(pid, name);
    own_end(pid);
    expect_alone(pid, NULL);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_libvirts_words(void **state)
{
    (void) state;
    expect("qemu-system-x86_64", WORDS("-name", "guest=vm,debug-threads=on", "-S", "-machine",
                                       "q35", "-uuid", UUID_TEXT), "vm");
    expect("qemu-kvm", WORDS("-name", "guest=vm 2", "-uuid", UUID_TEXT), "vm 2");
    expect("kvm", WORDS("-name", "debug-threads=on,guest=vm", "-uuid", UUID_TEXT), "vm");
    expect("qemu-x", WORDS("--name", "vm", "--uuid", UUID_TEXT), "vm");
}

static void test_commas_are_doubled(void **state)
{
    (void) state;
    expect("qemu-x", WORDS("-name", "guest=a,,b,,,debug-threads=on", "-uuid", UUID_TEXT),
           "a,b,");
    expect("qemu-x", WORDS("-name", "guest=,,guest=evil,debug-threads=on", "-uuid", UUID_TEXT),
           ",guest=evil");
    expect("qemu-x", WORDS("-name", "a,,b", "-uuid", UUID_TEXT), "a,b");
    expect("qemu-x", WORDS("-name", "guest=-uuid", "-uuid", UUID_TEXT), "-uuid");
    expect("qemu-x", WORDS("-name", "guest=gäst=ü", "-uuid", UUID_TEXT), "gäst=ü");
}

static void test_what_is_no_guest(void **state)
{
    (void) state;
    expect("qemu-x", WORDS("-uuid", UUID_TEXT), NULL);
    expect("qemu-x", WORDS("-name", "vm"), NULL);
    expect("qemu-nbd", WORDS("--fork"), NULL);
}

/* A search goes by the name; who knows the process from elsewhere is told what its words say. */
static void test_a_guest_under_another_name(void **state)
{
    pid_t pid = start_guest("not-a-qemu", WORDS("-name", "guest=vm", "-uuid", UUID_TEXT));
    struct qemu_process *list = NULL;
    size_t count = 0;

    (void) state;
    assert_int_equal(proc_list_qemu(&list, &count, NULL), 0);
    assert_null(find(list, count, pid));
    proc_qemu_free(list, count);
    expect_alone(pid, "vm");
    own_end(pid);
}

static void test_zombie_is_no_guest(void **state)
{
    pid_t pid = start_guest("qemu-z", WORDS("-name", "guest=vm", "-uuid", UUID_TEXT));
    struct qemu_process *list = NULL;
    size_t count = 0;

    (void) state;
    kill(pid, SIGKILL);
    assert_true(own_reaches_state(pid, 'Z'));
    assert_int_equal(proc_list_qemu(&list, &count, NULL), 0);
    assert_null(find(list, count, pid));
    proc_qemu_free(list, count);
    waitpid(pid, NULL, 0);
}

/* Killed while its disk hangs: nobody may take it for dead, nor for another guest's doubt. */
static void test_killed_guest_with_a_stuck_disk(void **state)
{
    struct stuck_disk disk;
    char path[SCRATCH_BYTES + 32];
    struct qemu_process *list = NULL;
    struct err why = {0};
    size_t count = 0;
    pid_t pid;

    (void) state;
    if (!stuck_disk_possible()) {
        SKIP("a disk that hangs needs root and a loop device");
    }
    stuck_disk_open(&disk);
    snprintf(path, sizeof path, "%s/disk", disk.dir);
    pid = start_guest("qemu-stuck", WORDS("-name", "guest=vm", "-uuid", UUID_TEXT, disk_word,
                                          path));
    stuck_disk_freeze(&disk);
    assert_true(own_thread_reaches_state(pid, 'D'));
    kill(pid, SIGKILL);
    assert_true(own_reaches_state(pid, 'Z'));
    if (proc_list_qemu(&list, &count, &why) != 0) {
        fail_msg("%s", why.text);
    }
    assert_non_null(find(list, count, pid));
    assert_string_equal(find(list, count, pid)->name, "vm");
    assert_int_equal(proc_state(&find(list, count, pid)->id), PROCESS_ALIVE);
    proc_qemu_free(list, count);
    stuck_disk_thaw(&disk);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    stuck_disk_close(&disk);
}

/* /proc made of files (not a real one): only for what no process can be brought to show. */
static void fake_process(const char *pid, const char *comm, const char *stat)
{
    static const char *const names[] = {"comm", "stat", "status"};
    const char *const texts[] = {comm, stat, "Name:\tx\nUid:\t0\t0\t0\t0\n"};
    char path[64];

    mkdir(scratch_path(pid), 0700);
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", pid, names[i]);
        scratch_put(path, texts[i]);
    }
}

#define STAT_LINE(state, flags)                                                                  \
    "7 (x) " state " 1 2 3 4 5 " flags " 7 8 9 10 11 12 13 14 15 16 1 18 4711 20 21\n"

static void test_one_unreadable_candidate_is_doubt(void **state)
{
    struct qemu_process *list = NULL;
    size_t count = 0;
    struct err why = {0};

    (void) state;
    proc_set_root(scratch);
    assert_int_equal(proc_list_qemu(&list, &count, &why), -EIO); /* no process at all */

    /* A thread of the kernel that is called kvm-... has no words and is none. */
    fake_process("7", "kvm-nx-lpage-re\n", STAT_LINE("I", "2129984"));
    assert_int_equal(proc_list_qemu(&list, &count, &why), 0);
    assert_int_equal(count, 0);
    proc_qemu_free(list, count);

    /* One that is ending, its memory gone: whose guest was it? */
    fake_process("7", "qemu-system-x86\n", STAT_LINE("D", "4194308"));
    fclose(fopen(scratch_path("7/cmdline"), "w"));
    assert_int_equal(proc_list_qemu(&list, &count, &why), -EIO);
    assert_non_null(strstr(why.text, "process 7"));

    /* Words that cannot be read. */
    unlink(scratch_path("7/cmdline"));
    mkdir(scratch_path("7/cmdline"), 0700);
    assert_int_equal(proc_list_qemu(&list, &count, &why), -EIO);
    proc_set_root(NULL);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_libvirts_words),
        cmocka_unit_test(test_commas_are_doubled),
        cmocka_unit_test(test_what_is_no_guest),
        cmocka_unit_test(test_a_guest_under_another_name),
        cmocka_unit_test(test_zombie_is_no_guest),
        cmocka_unit_test(test_killed_guest_with_a_stuck_disk),
        cmocka_unit_test(test_one_unreadable_candidate_is_doubt),
    };

    if (argc > 2 && str_eq(argv[argc - 2], ready_word)) {
        const char *disk = argc > 4 && str_eq(argv[argc - 4], disk_word) ? argv[argc - 3] : NULL;

        return be_a_guest(atoi(argv[argc - 1]), disk);
    }
    /* Started by itself but not understood: tests that start tests would never end. */
    if (argc > 1) {
        fprintf(stderr, "%s takes no arguments\n", argv[0]);
        return 1;
    }
    own_world();
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
