/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Alive or dead, with real processes: zombies, a reused PID, a leader that died before its
 * threads, names made to deceive; and with a /proc that lies.
 */
#include "own_process.h"
#include "scratch_dir.h"
#include "stuck_disk.h"

#include <errno.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/cleanup.h"
#include "sys/proc.h"

static struct process_id identity(pid_t pid)
{
    struct process_id id = {0};

    assert_int_equal(proc_identify(pid, &id, NULL), 0);
    assert_int_equal(id.pid, pid);
    assert_true(id.start_ticks > 0);
    return id;
}

static void test_alive_then_dead(void **state)
{
    pid_t pid = own_start(NULL, NULL);
    struct process_id id = identity(pid);
    struct process_id other = {.pid = pid, .start_ticks = id.start_ticks + 1};

    (void) state;
    assert_int_equal(proc_state(&id), PROCESS_ALIVE);
    assert_int_equal(proc_state(&other), PROCESS_DEAD);
    own_end(pid);
    assert_int_equal(proc_state(&id), PROCESS_DEAD);
}

static void test_zombie_is_dead(void **state)
{
    pid_t pid = own_start(NULL, NULL);
    struct process_id id = identity(pid);
    int fd = -1;

    (void) state;
    kill(pid, SIGKILL);
    assert_true(own_reaches_state(pid, 'Z'));
    assert_int_equal(proc_state(&id), PROCESS_DEAD);
    assert_int_equal(proc_identify(pid, &id, NULL), -ESRCH);
    assert_int_equal(proc_open(&id, &fd, NULL), -ESRCH);
    waitpid(pid, NULL, 0);
}

static void test_stopped_is_alive(void **state)
{
    pid_t pid = own_start(NULL, NULL);
    struct process_id id = identity(pid);

    (void) state;
    kill(pid, SIGSTOP);
    assert_true(own_reaches_state(pid, 'T'));
    assert_int_equal(proc_state(&id), PROCESS_ALIVE);
    own_end(pid);
}

static void test_nobody(void **state)
{
    struct process_id id = {0};
    int fd = -1;

    (void) state;
    assert_int_equal(proc_state(&id), PROCESS_UNPROVABLE);
    assert_int_equal(proc_open(&id, &fd, NULL), -EINVAL);
    id.pid = -1;
    assert_int_equal(proc_state(&id), PROCESS_UNPROVABLE);
    assert_int_equal(proc_identify(0, &id, NULL), -EINVAL);
}

static void take_a_deceiving_name(void *arg)
{
    (void) arg;
    CHILD_CHECK(prctl(PR_SET_NAME, "a) Z 1 (b\n) Z") == 0);
}

static void test_deceiving_name(void **state)
{
    pid_t pid = own_start(NULL, NULL);
    struct process_id plain = identity(pid);
    pid_t liar = own_start(take_a_deceiving_name, NULL);
    struct process_id id = identity(liar);

    (void) state;
    assert_true(id.start_ticks >= plain.start_ticks);
    assert_true(id.start_ticks < plain.start_ticks + 100 * 60);
    assert_int_equal(proc_state(&id), PROCESS_ALIVE);
    own_end(pid);
    own_end(liar);
}

static void test_signal_and_wait(void **state)
{
    pid_t pid = own_start(NULL, NULL);
    struct process_id id = identity(pid);
    _cleanup_close_ int fd = -1;

    (void) state;
    assert_int_equal(proc_open(&id, &fd, NULL), 0);
    assert_int_equal(proc_wait_end(fd, deadline_in_ms(30), NULL), -ETIMEDOUT);
    assert_int_equal(proc_signal(fd, SIGKILL, NULL), 0);
    assert_int_equal(proc_wait_end(fd, deadline_in_ms(5000), NULL), 0);
    waitpid(pid, NULL, 0);
    assert_int_equal(proc_signal(fd, SIGKILL, NULL), 0);
}

/* A child that gets exactly this PID, as a busy machine would give it after a wrap. */
static pid_t start_with_pid(pid_t wanted)
{
    struct clone_args args = {.exit_signal = SIGCHLD, .set_tid = (uint64_t) (uintptr_t) &wanted,
                              .set_tid_size = 1};
    pid_t pid = (pid_t) syscall(SYS_clone3, &args, sizeof args);

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) {
            pause();
        }
    }
    return pid;
}

static void test_reused_pid(void **state)
{
    pid_t pid = own_start(NULL, NULL);
    struct process_id id = identity(pid);
    struct process_id heir;
    int fd = -1;

    (void) state;
    own_end(pid);
    usleep(30000); /* another clock tick */
    if (start_with_pid(pid) != pid) {
        SKIP("taking a PID on purpose needs root");
    }
    heir = identity(pid);
    assert_int_equal(proc_state(&id), PROCESS_DEAD);
    assert_int_equal(proc_state(&heir), PROCESS_ALIVE);
    assert_int_equal(proc_open(&id, &fd, NULL), -ESRCH);
    assert_int_equal(fd, -1);
    own_end(pid);
}

/* The case of a QEMU that was killed while one of its threads waits for a dead disk. */
struct stuck_writer {
    struct stuck_disk disk;
    char path[SCRATCH_BYTES + 32];
    int fd;
};

static void *write_one_byte(void *arg)
{
    struct stuck_writer *w = arg;

    CHILD_CHECK(write(w->fd, "x", 1) == 1);
    return NULL;
}

static void start_stuck_thread(void *arg)
{
    struct stuck_writer *w = arg;
    pthread_t thread;

    w->fd = open(w->path, O_WRONLY | O_CREAT, 0600);
    CHILD_CHECK(w->fd >= 0);
    stuck_disk_freeze(&w->disk);
    CHILD_CHECK(pthread_create(&thread, NULL, write_one_byte, w) == 0);
    CHILD_CHECK(own_thread_reaches_state(getpid(), 'D'));
}

static void test_dead_leader_with_a_stuck_thread(void **state)
{
    struct stuck_writer *w = mmap(NULL, sizeof *w, PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct proc_fd *fds = NULL;
    size_t count = 0;
    struct process_id id;
    _cleanup_close_ int fd = -1;
    _cleanup_free_ char *words = NULL;
    char *mapped = NULL;
    pid_t pid;

    (void) state;
    if (!stuck_disk_possible()) {
        SKIP("a disk that hangs needs root and a loop device");
    }
    stuck_disk_open(&w->disk);
    snprintf(w->path, sizeof w->path, "%s/file", w->disk.dir);
    pid = own_start(start_stuck_thread, w);
    id = identity(pid);
    assert_int_equal(proc_open(&id, &fd, NULL), 0);
    kill(pid, SIGKILL);
    assert_true(own_reaches_state(pid, 'Z'));

    /* The leader is a zombie, yet the thread still has the file open. */
    assert_int_equal(proc_state(&id), PROCESS_ALIVE);
    assert_int_equal(proc_wait_end(fd, deadline_in_ms(50), NULL), -ETIMEDOUT);
    assert_int_equal(proc_list_fds(pid, &fds, &count, NULL), -ESRCH);
    assert_int_equal(proc_shared_mapping(pid, &mapped, NULL), -ESRCH);
    words = proc_describe_stuck(pid);
    assert_non_null(strstr(words, "1 of 2 threads in state D"));

    assert_int_equal(ioctl(w->disk.fd, FITHAW, 0), 0);
    assert_int_equal(proc_wait_end(fd, deadline_in_ms(5000), NULL), 0);
    assert_int_equal(proc_state(&id), PROCESS_DEAD);
    waitpid(pid, NULL, 0);
    stuck_disk_close(&w->disk);
    munmap(w, sizeof *w);
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void test_proc_that_lies(void **state)
{
    struct process_id id = identity(getpid());
    char path[64];

    (void) state;
    /* An empty /proc: nobody is in it, but the kernel knows this process. */
    proc_set_root(scratch);
    assert_int_equal(proc_state(&id), PROCESS_UNPROVABLE);
    snprintf(path, sizeof path, "%d", (int) getpid());
    assert_int_equal(mkdir(scratch_path(path), 0700), 0);
    snprintf(path, sizeof path, "%d/stat", (int) getpid());
    write_file(scratch_path(path), "rubbish");
    assert_int_equal(proc_state(&id), PROCESS_UNPROVABLE);
    write_file(scratch_path(path), "");
    assert_int_equal(proc_state(&id), PROCESS_UNPROVABLE);
    write_file(scratch_path(path), "1 (x) Z 1 2");
    assert_int_equal(proc_state(&id), PROCESS_UNPROVABLE);
    proc_set_root(NULL);
    assert_int_equal(proc_state(&id), PROCESS_ALIVE);
}

static void test_boot_id(void **state)
{
    _cleanup_free_ char *id = NULL;

    (void) state;
    assert_int_equal(proc_boot_id(&id, NULL), 0);
    assert_int_equal(strlen(id), 36);
    proc_set_root(scratch);
    free(id);
    id = NULL;
    assert_int_equal(proc_boot_id(&id, NULL), -ENOENT);
    proc_set_root(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alive_then_dead),
        cmocka_unit_test(test_zombie_is_dead),
        cmocka_unit_test(test_stopped_is_alive),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_deceiving_name),
        cmocka_unit_test(test_signal_and_wait),
        cmocka_unit_test(test_reused_pid),
        cmocka_unit_test(test_dead_leader_with_a_stuck_thread),
        cmocka_unit_test(test_proc_that_lies),
        cmocka_unit_test(test_boot_id),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
