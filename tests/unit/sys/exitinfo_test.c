/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How real processes ended, asked of their pidfds, with wait(2) as the oracle where the
 * process is ours, and from outside where it is a daemon. Answers of older kernels are
 * mocked (by seccomp, and named so).
 */
#include "own_process.h"
#include "scratch_dir.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "sys/exitinfo.h"
#include "sys/pidfd.h"

enum { LONG_MS = 20000, TOLD_SINCE_MAJOR = 6, TOLD_SINCE_MINOR = 15, CORE_BYTES = 1 << 26 };

/* Only an old kernel is an excuse. */
static bool kernel_tells(void)
{
    struct utsname u;
    int major = 0, minor = 0;

    assert_int_equal(uname(&u), 0);
    assert_int_equal(sscanf(u.release, "%d.%d", &major, &minor), 2);
    return major > TOLD_SINCE_MAJOR || (major == TOLD_SINCE_MAJOR && minor >= TOLD_SINCE_MINOR);
}

#define NEEDS_KERNEL()                                                                           \
    do {                                                                                         \
        if (!kernel_tells()) {                                                                   \
            SKIP("the kernel does not tell how a process ended; it does from 6.15");             \
        }                                                                                        \
    } while (0)

static void exits_0(void)
{
    _exit(0);
}

static void exits_3(void)
{
    _exit(3);
}

static void killed(void)
{
    kill(getpid(), SIGKILL);
}

static void no_core(void)
{
    const struct rlimit none = {0};

    setrlimit(RLIMIT_CORE, &none);
}

static void segfaults(void)
{
    no_core();
    signal(SIGSEGV, SIG_DFL);
    kill(getpid(), SIGSEGV);
}

/* Whether a core is really written is the machine's affair. */
static void dumps_core(void)
{
    struct rlimit core;

    getrlimit(RLIMIT_CORE, &core);
    core.rlim_cur = core.rlim_max < CORE_BYTES ? core.rlim_max : CORE_BYTES;
    setrlimit(RLIMIT_CORE, &core);
    CHILD_CHECK(chdir(scratch) == 0);
    signal(SIGABRT, SIG_DFL);
    abort();
}

static void execs(void)
{
    execl("/bin/sh", "sh", "-c", "exit 7", (char *) NULL);
}

static void *thread_exits(void *arg)
{
    (void) arg;
    _exit(5);
}

static void *thread_segfaults(void *arg)
{
    (void) arg;
    segfaults();
    return NULL;
}

static void with_thread(void *(*fn)(void *))
{
    pthread_t thread;

    CHILD_CHECK(pthread_create(&thread, NULL, fn, NULL) == 0);
    pthread_join(thread, NULL);
}

static void ended_by_thread(void)
{
    with_thread(thread_exits);
}

/* As a vCPU's thread would. */
static void crashed_by_thread(void)
{
    with_thread(thread_segfaults);
}

static const struct {
    const char *name;
    void (*end)(void);
    int status; /* -1: wait(2) knows */
} ways[] = {
    {"exit code 0", exits_0, 0},
    {"exit code 3", exits_3, 3 << 8},
    {"SIGKILL", killed, SIGKILL},
    {"SIGSEGV", segfaults, SIGSEGV},
    {"SIGABRT with a core", dumps_core, -1},
    {"another program", execs, 7 << 8},
    {"a thread's exit", ended_by_thread, 5 << 8},
    {"a thread's crash", crashed_by_thread, SIGSEGV},
};

enum { WAYS = sizeof ways / sizeof *ways };

/* A child that ends in its way when `go` is closed. */
static pid_t start_child(void (*end)(void), int *ret_go)
{
    int go[2];
    char c;
    pid_t pid;

    assert_int_equal(pipe(go), 0);
    fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(go[1]);
        if (read(go[0], &c, 1) == 0) {
            end();
        }
        _exit(99);
    }
    close(go[0]);
    *ret_go = go[1];
    return pid;
}

/* What poll(2) says, asked for `events`; 0 when nothing comes within ms. */
static int polled(int pidfd, short events, int ms)
{
    struct pollfd p = {.fd = pidfd, .events = events};

    return poll(&p, 1, ms) == 1 ? p.revents : 0;
}

static void test_ways_to_end(void **state)
{
    (void) state;
    NEEDS_KERNEL();
    for (size_t i = 0; i < WAYS; i++) {
        int go, status = 77, waited = 0;
        pid_t pid = start_child(ways[i].end, &go);
        _cleanup_close_ int pidfd = pidfd_of(pid);
        struct err why = {0};

        print_message("%s\n", ways[i].name);
        assert_int_equal(exitinfo_of(pidfd, &status, &why), -EAGAIN); /* alive */
        close(go);
        assert_int_equal(polled(pidfd, POLLIN, LONG_MS), POLLIN);
        assert_int_equal(exitinfo_of(pidfd, &status, &why), -EAGAIN); /* a zombie */
        assert_int_equal(status, 77);
        assert_int_equal(waitpid(pid, &waited, 0), pid);
        assert_true(polled(pidfd, 0, 0) & POLLHUP);
        assert_int_equal(exitinfo_of(pidfd, &status, &why), 0);
        assert_int_equal(status, waited);
        assert_int_equal(exitinfo_of(pidfd, &status, &why), 0); /* as often as you like */
        if (ways[i].status >= 0) {
            assert_int_equal(status, ways[i].status);
        }
    }
}

/* The advice of the header: listen again with no events. */
static void test_reaping_wakes(void **state)
{
    struct epoll_event event = {.events = EPOLLIN};
    _cleanup_close_ int epoll = epoll_create1(EPOLL_CLOEXEC);
    int go, status;
    pid_t pid = start_child(exits_3, &go);
    _cleanup_close_ int pidfd = pidfd_of(pid);
    pid_t waiter;

    (void) state;
    NEEDS_KERNEL();
    assert_int_equal(epoll_ctl(epoll, EPOLL_CTL_ADD, pidfd, &event), 0);
    close(go);
    assert_int_equal(epoll_wait(epoll, &event, 1, LONG_MS), 1);
    assert_int_equal(event.events, EPOLLIN);
    event.events = 0;
    assert_int_equal(epoll_ctl(epoll, EPOLL_CTL_MOD, pidfd, &event), 0);
    assert_int_equal(epoll_wait(epoll, &event, 1, 0), 0);
    fflush(NULL);
    waiter = fork();
    if (waiter == 0) {
        CHILD_CHECK(epoll_wait(epoll, &event, 1, LONG_MS) == 1);
        CHILD_CHECK(event.events & EPOLLHUP);
        CHILD_CHECK(exitinfo_of(pidfd, &status, NULL) == 0 && status == 3 << 8);
        _exit(0);
    }
    assert_true(own_reaches_state(waiter, 'S'));
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(waitpid(waiter, &status, 0), waiter);
    assert_int_equal(status, 0);
}

/* Double-forked, as QEMU is: told of by whoever adopts orphans here. */
static void test_daemon(void **state)
{
    int told[2], go, status = 0;
    pid_t middle, daemon = 0;
    struct err why = {0};

    (void) state;
    NEEDS_KERNEL();
    assert_int_equal(pipe(told), 0);
    fflush(NULL);
    middle = fork();
    if (middle == 0) {
        pid_t pid = start_child(killed, &go);

        CHILD_CHECK(write(told[1], &pid, sizeof pid) == sizeof pid);
        pause();
    }
    assert_int_equal(read(told[0], &daemon, sizeof daemon), sizeof daemon);
    close(told[0]);
    close(told[1]);
    {
        _cleanup_close_ int pidfd = pidfd_of(daemon);

        own_end(middle); /* closes `go`: the daemon is an orphan, and ends */
        assert_true(polled(pidfd, POLLIN, LONG_MS) & POLLIN);
        if (!(polled(pidfd, 0, LONG_MS) & POLLHUP)) {
            SKIP("nobody reaps orphans here");
        }
        assert_int_equal(exitinfo_of(pidfd, &status, &why), 0);
        assert_int_equal(status, SIGKILL);
    }
}

static void answer_ioctl(int error)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned) error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {.len = sizeof rules / sizeof *rules, .filter = rules};

    CHILD_CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHILD_CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0);
}

/* A mock of kernels that this machine does not run. */
static void test_older_kernels(void **state)
{
    static const struct {
        int answer, expected;
    } rows[] = {
        {ENOTTY, -EOPNOTSUPP}, {EINVAL, -EOPNOTSUPP}, {ESRCH, -EOPNOTSUPP}, {EPERM, -EPERM},
    };

    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int status;
        pid_t pid;

        fflush(NULL);
        pid = fork();
        if (pid == 0) {
            struct err why = {0};
            int pidfd = pidfd_of(getpid());

            answer_ioctl(rows[i].answer);
            CHILD_CHECK(exitinfo_of(pidfd, &status, &why) == rows[i].expected);
            CHILD_CHECK(why.text[0]);
            _exit(0);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
    }
}

static void test_no_pidfd(void **state)
{
    int status = 77;

    (void) state;
    assert_int_equal(exitinfo_of(-1, &status, NULL), -EBADF);
    assert_int_equal(exitinfo_of(STDERR_FILENO, &status, NULL), -EOPNOTSUPP);
    assert_int_equal(status, 77);
}

/* What this very kernel does, whatever its age: an answer, or a plain "not here". */
static void test_this_kernel(void **state)
{
    int go, status, rc;
    pid_t pid = start_child(exits_0, &go);
    _cleanup_close_ int pidfd = pidfd_of(pid);

    (void) state;
    close(go);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    rc = exitinfo_of(pidfd, &status, NULL);
    assert_int_equal(rc, kernel_tells() ? 0 : -EOPNOTSUPP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ways_to_end),
        cmocka_unit_test(test_reaping_wakes),
        cmocka_unit_test(test_daemon),
        cmocka_unit_test(test_older_kernels),
        cmocka_unit_test(test_no_pidfd),
        cmocka_unit_test(test_this_kernel),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
