/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The real proc connector and real processes, with wait(2) as the oracle of how they ended.
 * It speaks in the first namespaces only; the rest of the machine is heard there as well,
 * and may be busy.
 */
#include "own_process.h"

#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "sys/procevents.h"

enum {
    LONG_MS = 20000,
    MANY = 500,          /* processes that can be named at least */
    TOO_MANY = 5000,
    SMALL_QUEUE = 4096
};

/* The kernel's include/linux/proc_ns.h. */
static const unsigned first_pid_ns = 0xEFFFFFFC;
static const unsigned first_user_ns = 0xEFFFFFFD;

static bool in_first(const char *kind, unsigned inode)
{
    char path[64], text[64] = "", expected[64];

    snprintf(path, sizeof path, "/proc/self/ns/%s", kind);
    snprintf(expected, sizeof expected, "%s:[%u]", kind, inode);
    return readlink(path, text, sizeof text - 1) > 0 && strcmp(text, expected) == 0;
}

/* The file is the first network namespace's only, and lists what the kernel has. */
static bool kernel_has_it(void)
{
    FILE *f = fopen("/proc/net/connector", "r");
    char line[128];
    bool found = false;

    while (f && fgets(line, sizeof line, f)) {
        found = found || strstr(line, "cn_proc");
    }
    if (f) {
        fclose(f);
    }
    return found;
}

/* An open connector; skips where the kernel has none for us, and fails for any other reason. */
static int opened(void)
{
    struct err why = {0};
    int fd = -1;
    int rc = procevents_open(&fd, &why);
    bool first = in_first("pid", first_pid_ns) && in_first("user", first_user_ns) &&
                 kernel_has_it();

    if (rc == -EPERM && geteuid() != 0) {
        SKIP("the proc connector wants root here");
    }
    if (rc == -EOPNOTSUPP && !first) {
        SKIP("the proc connector speaks only in the first PID, user and network namespace");
    }
    if (rc < 0) {
        fail_msg("%s", why.text);
    }
    return fd;
}

static bool readable(int fd, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    return poll(&p, 1, ms) == 1;
}

/* Reads until this process's end is told; others' are the machine's. */
static int told_status(int fd, pid_t pid)
{
    struct deadline until = deadline_in_ms(LONG_MS);
    struct procevents_exit e;

    while (!deadline_over(until)) {
        struct err why = {0};
        int rc;

        readable(fd, deadline_left_ms(until));
        rc = procevents_read(fd, &e, &why);
        if (rc == 0 && e.pid == pid) {
            return e.status;
        }
        if (rc < 0 && rc != -EAGAIN && rc != -ENOBUFS) {
            fail_msg("%s", why.text);
        }
    }
    fail_msg("the end of process %d was not told", (int) pid);
    return -1;
}

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

static void segfaults(void)
{
    const struct rlimit no_core = {0};

    setrlimit(RLIMIT_CORE, &no_core);
    signal(SIGSEGV, SIG_DFL);
    kill(getpid(), SIGSEGV);
}

static void execs(void)
{
    execl("/bin/sh", "sh", "-c", "exit 7", (char *) NULL);
}

static void *thread_segfaults(void *arg)
{
    (void) arg;
    segfaults();
    return NULL;
}

/* As a vCPU's thread would. */
static void crashed_by_thread(void)
{
    pthread_t thread;

    CHILD_CHECK(pthread_create(&thread, NULL, thread_segfaults, NULL) == 0);
    pthread_join(thread, NULL);
}

static void *thread_ends(void *arg)
{
    return arg;
}

/* Threads, children, programs: all that a busy process does but end. */
static void is_busy(void)
{
    for (int i = 0; i < 20; i++) {
        pthread_t thread;
        pid_t pid;

        CHILD_CHECK(pthread_create(&thread, NULL, thread_ends, NULL) == 0);
        CHILD_CHECK(pthread_join(thread, NULL) == 0);
        pid = fork();
        if (pid == 0) {
            execs();
            _exit(99);
        }
        CHILD_CHECK(waitpid(pid, NULL, 0) == pid);
    }
    prctl(PR_SET_NAME, "busy");
    setsid();
}

static const struct {
    const char *name;
    void (*end)(void);
    int status;
} ways[] = {
    {"exit code 0", exits_0, 0},
    {"exit code 3", exits_3, 3 << 8},
    {"SIGKILL", killed, SIGKILL},
    {"SIGSEGV", segfaults, SIGSEGV},
    {"another program", execs, 7 << 8},
    {"a thread's crash", crashed_by_thread, SIGSEGV},
};

enum { WAYS = sizeof ways / sizeof *ways };

static void test_ways_to_end(void **state)
{
    int fd = opened();

    (void) state;
    for (size_t i = 0; i < WAYS; i++) {
        int waited;
        pid_t pid;

        print_message("%s\n", ways[i].name);
        fflush(NULL);
        pid = fork();
        if (pid == 0) {
            ways[i].end();
            _exit(99);
        }
        assert_int_equal(told_status(fd, pid), ways[i].status);
        assert_int_equal(waitpid(pid, &waited, 0), pid);
        assert_int_equal(waited, ways[i].status);
    }
    procevents_close(fd);
}

/* Double-forked, as QEMU is. */
static void test_daemon(void **state)
{
    int fd = opened();
    int told[2];
    pid_t middle, pid;

    (void) state;
    assert_int_equal(pipe(told), 0);
    fflush(NULL);
    middle = fork();
    if (middle == 0) {
        pid = fork();
        if (pid == 0) {
            pid = getpid();
            CHILD_CHECK(write(told[1], &pid, sizeof pid) == sizeof pid);
            killed();
        }
        _exit(0);
    }
    assert_int_equal(waitpid(middle, NULL, 0), middle);
    assert_int_equal(read(told[0], &pid, sizeof pid), sizeof pid);
    assert_int_equal(told_status(fd, pid), SIGKILL);
    close(told[0]);
    close(told[1]);
    procevents_close(fd);
}

static void busy_until_killed(void *arg)
{
    (void) arg;
    is_busy();
}

static void test_only_ends_wake(void **state)
{
    int fd = opened();
    pid_t pid, names[MANY];
    struct procevents_exit e;

    (void) state;
    /* Nobody first: what the machine does meanwhile is gone then. */
    assert_int_equal(procevents_only(fd, NULL, 0, NULL), 0);
    while (procevents_read(fd, &e, NULL) != -EAGAIN) {
    }
    pid = own_start(NULL, NULL);
    for (int i = 0; i < MANY; i++) {
        names[i] = pid;
    }
    assert_int_equal(procevents_only(fd, names, MANY, NULL), 0);
    own_end(own_start(busy_until_killed, NULL)); /* another process, which is not meant */
    assert_false(readable(fd, 0));
    own_end(pid);
    assert_int_equal(told_status(fd, pid), SIGKILL);
    assert_false(readable(fd, 0));
    procevents_close(fd);
}

/* The one that is meant forks, execs, ends threads: only its own end is told. */
static void test_its_other_doings(void **state)
{
    int fd = opened();
    int go[2], done[2];
    pid_t pid;
    char c = 0;

    (void) state;
    assert_int_equal(pipe(go), 0);
    assert_int_equal(pipe(done), 0);
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        CHILD_CHECK(read(go[0], &c, 1) == 1);
        is_busy();
        CHILD_CHECK(write(done[1], &c, 1) == 1);
        pause();
    }
    assert_int_equal(procevents_only(fd, &pid, 1, NULL), 0);
    while (readable(fd, 0)) { /* what came before */
        struct procevents_exit e;

        procevents_read(fd, &e, NULL);
    }
    assert_int_equal(write(go[1], &c, 1), 1);
    assert_int_equal(read(done[0], &c, 1), 1);
    assert_false(readable(fd, 0));
    own_end(pid);
    assert_int_equal(told_status(fd, pid), SIGKILL);
    for (int i = 0; i < 2; i++) {
        close(go[i]);
        close(done[i]);
    }
    procevents_close(fd);
}

static void test_too_many_to_name(void **state)
{
    static pid_t names[TOO_MANY];
    int fd = opened();
    pid_t pid;
    struct err why = {0};

    (void) state;
    assert_int_equal(procevents_only(fd, names, TOO_MANY, &why), -ENOMEM);
    assert_non_null(strstr(why.text, "5000"));
    pid = own_start(NULL, NULL);
    own_end(pid);
    assert_int_equal(told_status(fd, pid), SIGKILL); /* as it was: everybody's */
    procevents_close(fd);
}

static void test_losses_are_told(void **state)
{
    int fd = opened();
    int size = SMALL_QUEUE;
    struct procevents_exit e;
    pid_t pid;
    int rc;

    (void) state;
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size), 0);
    fflush(NULL);
    for (int i = 0; i < 100; i++) {
        pid = fork();
        if (pid == 0) {
            _exit(0);
        }
        assert_int_equal(waitpid(pid, NULL, 0), pid);
    }
    do {
        rc = procevents_read(fd, &e, NULL);
    } while (rc == 0);
    assert_int_equal(rc, -ENOBUFS);
    pid = own_start(NULL, NULL);
    /* No others: the small queue may be full of them again. */
    assert_int_equal(procevents_only(fd, &pid, 1, NULL), 0);
    while (procevents_read(fd, &e, NULL) != -EAGAIN) {
    }
    own_end(pid);
    assert_int_equal(told_status(fd, pid), SIGKILL); /* the socket goes on */
    procevents_close(fd);
}

static void test_only_the_kernel_is_believed(void **state)
{
    struct sockaddr_nl ours, forger = {.nl_family = AF_NETLINK};
    socklen_t size = sizeof ours;
    struct cn_msg cn = {
        .id = {CN_IDX_PROC, CN_VAL_PROC}, .len = sizeof(struct proc_event),
    };
    struct proc_event event = {.what = PROC_EVENT_EXIT};
    struct nlmsghdr header = {.nlmsg_type = NLMSG_DONE};
    char message[NLMSG_HDRLEN + sizeof cn + sizeof event];
    int fd = opened();
    int forging = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_CONNECTOR);
    const pid_t pid = getpid();
    struct procevents_exit e;

    (void) state;
    if (geteuid() != 0) {
        SKIP("only root can forge: for others the kernel refuses it");
    }
    assert_int_equal(procevents_only(fd, &pid, 1, NULL), 0);
    while (procevents_read(fd, &e, NULL) != -EAGAIN) {
    }
    event.event_data.exit.process_pid = event.event_data.exit.process_tgid = pid;
    header.nlmsg_len = sizeof message;
    memcpy(message, &header, sizeof header);
    memcpy(message + NLMSG_HDRLEN, &cn, sizeof cn);
    memcpy(message + NLMSG_HDRLEN + sizeof cn, &event, sizeof event);
    assert_int_equal(bind(forging, (struct sockaddr *) &forger, sizeof forger), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *) &ours, &size), 0);
    ours.nl_groups = 0;
    assert_int_equal(sendto(forging, message, sizeof message, 0, (struct sockaddr *) &ours,
                            sizeof ours), sizeof message);
    assert_true(readable(fd, 0)); /* it passes the filter: the reader must drop it */
    assert_int_equal(procevents_read(fd, &e, NULL), -EAGAIN);
    assert_false(readable(fd, 0));
    close(forging);
    procevents_close(fd);
}

static void test_other_namespaces(void **state)
{
    static const struct {
        int flags;
        const char *why;
    } rows[] = {
        {CLONE_NEWNET, "network namespace"},
        {CLONE_NEWPID, "PID and user namespace"},
        {CLONE_NEWUSER, "PID and user namespace"},
        {CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID, "network namespace"},
    };

    (void) state;
    procevents_close(opened());
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int status;
        pid_t pid, inner;

        fflush(NULL);
        pid = fork();
        if (pid == 0) {
            struct err why = {0};
            int fd = -1;

            if (unshare(rows[i].flags) < 0) {
                _exit(77);
            }
            inner = fork(); /* the PID namespace is its children's only */
            if (inner == 0) {
                CHILD_CHECK(procevents_open(&fd, &why) == -EOPNOTSUPP);
                CHILD_CHECK(strstr(why.text, rows[i].why));
                CHILD_CHECK(fd == -1);
                _exit(0);
            }
            CHILD_CHECK(waitpid(inner, &status, 0) == inner);
            _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77);
    }
}

/* Wherever this runs: an answer at once, and nothing left open. */
static void test_anywhere(void **state)
{
    int before = dup(STDERR_FILENO);
    int64_t begin = clock_mono_us();
    int fd = -1, after;
    int rc = procevents_open(&fd, NULL);

    (void) state;
    assert_true(clock_mono_us() - begin < 5000000);
    assert_true(rc == 0 || rc == -EPERM || rc == -EOPNOTSUPP);
    assert_int_equal(rc == 0, fd >= 0);
    procevents_close(fd);
    after = dup(STDERR_FILENO);
    assert_int_equal(after, before + 1);
    close(before);
    close(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ways_to_end),
        cmocka_unit_test(test_daemon),
        cmocka_unit_test(test_only_ends_wake),
        cmocka_unit_test(test_its_other_doings),
        cmocka_unit_test(test_too_many_to_name),
        cmocka_unit_test(test_losses_are_told),
        cmocka_unit_test(test_only_the_kernel_is_believed),
        cmocka_unit_test(test_other_namespaces),
        cmocka_unit_test(test_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
