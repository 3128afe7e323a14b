/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stages with real children: that answer, die, hang, ignore everything, or sleep in
 * state D where nothing ends them.
 */
#include "own_process.h"
#include "scratch_dir.h"
#include "stuck_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "sys/stage.h"

enum { SHORT_MS = 200, SLACK_MS = 1500 /* valgrind on a busy machine */ };

struct shared {
    pid_t pid;
    char text[64];
    char stdio[3][64];
};

static struct shared *shared;

static int setup(void **state)
{
    (void) state;
    shared = stage_memory(sizeof *shared);
    return 0;
}

static int teardown(void **state)
{
    (void) state;
    stage_memory_free(shared, sizeof *shared);
    return 0;
}

static int answers(void *out, const void *input, struct err *why)
{
    struct shared *s = out;

    (void) why;
    s->pid = getpid();
    snprintf(s->text, sizeof s->text, "%s back", (const char *) input);
    return 0;
}

static void test_result_travels(void **state)
{
    struct err why = {0};

    (void) state;
    assert_int_equal(stage_run("answering", answers, shared, "hello", deadline_in_ms(5000), &why),
                     0);
    assert_string_equal(shared->text, "hello back");
    assert_int_not_equal(shared->pid, getpid());
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* reaped */
    assert_int_equal(errno, ECHILD);
}

static int fails(void *out, const void *input, struct err *why)
{
    (void) out;
    (void) input;
    return err_set(why, -EREMOTEIO, ERR_PERM, "the reason of the child");
}

static void test_error_travels(void **state)
{
    struct err why = {0};

    (void) state;
    assert_int_equal(stage_run("failing", fails, NULL, NULL, deadline_in_ms(5000), &why),
                     -EREMOTEIO);
    assert_int_equal(why.kind, ERR_PERM);
    assert_string_equal(why.text, "the reason of the child");
    assert_int_equal(stage_run("failing", fails, NULL, NULL, deadline_in_ms(5000), NULL),
                     -EREMOTEIO);
}

/* Runs a stage that never answers; the parent must be back in time, with a true reason. */
static void expect_late(stage_fn fn, const char *at)
{
    struct err why = {0};
    int64_t begin = clock_mono_us();

    shared->pid = 0;
    assert_int_equal(stage_run("hanging", fn, shared, NULL, deadline_in_ms(SHORT_MS), &why),
                     -ETIMEDOUT);
    assert_true(clock_mono_us() - begin >= SHORT_MS * 1000);
    assert_true(clock_mono_us() - begin < (SHORT_MS + SLACK_MS) * 1000);
    assert_non_null(strstr(why.text, "hanging"));
    assert_non_null(strstr(why.text, at));
}

static int hangs(void *out, const void *input, struct err *why)
{
    (void) input;
    (void) why;
    ((struct shared *) out)->pid = getpid();
    stage_at("the call that hangs");
    while (getpid() > 0) {
        pause();
    }
    return 0;
}

static void test_hanging_child_is_ended(void **state)
{
    (void) state;
    expect_late(hangs, "the call that hangs");
    assert_int_equal(kill(shared->pid, 0), -1);
    assert_int_equal(errno, ESRCH);
}

static int ignores_all(void *out, const void *input, struct err *why)
{
    sigset_t all;

    (void) input;
    (void) why;
    ((struct shared *) out)->pid = getpid();
    for (int sig = 1; sig < NSIG; sig++) {
        signal(sig, SIG_IGN);
    }
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    while (getpid() > 0) {
    }
    return 0;
}

static void test_child_that_ignores_everything(void **state)
{
    (void) state;
    expect_late(ignores_all, "its beginning");
    assert_int_equal(kill(shared->pid, 0), -1);
}

static int stops_itself(void *out, const void *input, struct err *why)
{
    (void) input;
    (void) why;
    ((struct shared *) out)->pid = getpid();
    stage_at("stopping");
    raise(SIGSTOP);
    return 0;
}

static void test_stopped_child_is_ended(void **state)
{
    (void) state;
    expect_late(stops_itself, "stopping");
    assert_int_equal(kill(shared->pid, 0), -1);
}

static int dies(void *out, const void *input, struct err *why)
{
    (void) out;
    (void) input;
    (void) why;
    stage_at("dying");
    kill(getpid(), SIGKILL);
    return 0;
}

static void test_dead_child_is_no_answer(void **state)
{
    struct err why = {0};

    (void) state;
    assert_int_equal(stage_run("work", dies, NULL, NULL, deadline_in_ms(5000), &why), -ECHILD);
    assert_non_null(strstr(why.text, "signal 9"));
    assert_non_null(strstr(why.text, "dying"));
}

static int leaves_quietly(void *out, const void *input, struct err *why)
{
    (void) out;
    (void) input;
    (void) why;
    _exit(0);
}

static void test_exit_status_0_is_no_answer(void **state)
{
    struct err why = {0};

    (void) state;
    assert_int_equal(stage_run("work", leaves_quietly, NULL, NULL, deadline_in_ms(5000), &why),
                     -ECHILD);
    assert_non_null(strstr(why.text, "without an answer"));
}

static int nests(void *out, const void *input, struct err *why)
{
    const struct rlimit no_core = {0};

    (void) input;
    setrlimit(RLIMIT_CORE, &no_core);
    return stage_run("inner", answers, out, "x", deadline_in_ms(1000), why);
}

static void test_stage_in_a_stage_is_refused(void **state)
{
    struct err why = {0};

    (void) state;
    assert_int_equal(stage_run("outer", nests, shared, NULL, deadline_in_ms(5000), &why),
                     -ECHILD);
}

static int shows_stdio(void *out, const void *input, struct err *why)
{
    struct shared *s = out;

    (void) input;
    (void) why;
    for (int fd = 0; fd <= 2; fd++) {
        char path[32];

        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        if (readlink(path, s->stdio[fd], sizeof s->stdio[fd] - 1) < 0) {
            return -errno;
        }
    }
    return 0;
}

static void test_stdio_is_left(void **state)
{
    (void) state;
    assert_int_equal(stage_run("looking", shows_stdio, shared, NULL, deadline_in_ms(5000), NULL),
                     0);
    for (int fd = 0; fd <= 2; fd++) {
        assert_string_equal(shared->stdio[fd], "/dev/null");
    }
}

static void test_no_time_no_child(void **state)
{
    struct err why = {0};

    (void) state;
    shared->pid = 0;
    assert_int_equal(stage_run("late", answers, shared, "x", deadline_in_ms(0), &why),
                     -ETIMEDOUT);
    assert_int_equal(shared->pid, 0);
    assert_non_null(strstr(why.text, "no time"));
}

static int count_fds(void)
{
    int count = 0;

    for (int fd = 0; fd < 256; fd++) {
        count += fcntl(fd, F_GETFD) >= 0;
    }
    return count;
}

static void test_nothing_is_left_behind(void **state)
{
    int before = count_fds();

    (void) state;
    for (int i = 0; i < 50; i++) {
        assert_int_equal(stage_run("x", i % 2 ? answers : fails, shared, "x",
                                   deadline_in_ms(5000), NULL), i % 2 ? 0 : -EREMOTEIO);
    }
    expect_late(hangs, "the call");
    assert_int_equal(count_fds(), before);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* An executor may start us with SIGCHLD ignored, and then no child can be waited for. */
static void test_ignored_sigchld(void **state)
{
    (void) state;
    signal(SIGCHLD, SIG_IGN);
    assert_int_equal(stage_run("x", answers, shared, "x", deadline_in_ms(5000), NULL), 0);
    assert_int_equal(stage_run("x", dies, NULL, NULL, deadline_in_ms(5000), NULL), -ECHILD);
    expect_late(hangs, "the call");
    signal(SIGCHLD, SIG_DFL);
}

static void run_hanging_stage(void *arg)
{
    pid_t pid = fork();

    (void) arg;
    CHILD_CHECK(pid >= 0);
    if (pid == 0) {
        stage_run("hanging", hangs, shared, NULL, deadline_in_ms(60000), NULL);
        _exit(0);
    }
    while (!*(volatile pid_t *) &shared->pid) {
        usleep(1000);
    }
    CHILD_CHECK(kill(pid, SIGKILL) == 0);
    CHILD_CHECK(waitpid(pid, NULL, 0) == pid);
}

static void test_child_dies_with_its_parent(void **state)
{
    pid_t runner;
    int gone = 0;

    (void) state;
    shared->pid = 0;
    runner = own_start(run_hanging_stage, NULL);
    for (int i = 0; i < 400 && !gone; i++) {
        gone = kill(shared->pid, 0) < 0 || own_reaches_state(shared->pid, 'Z');
    }
    assert_true(gone);
    own_end(runner);
}

static int writes_to_stuck_disk(void *out, const void *input, struct err *why)
{
    int fd = open(input, O_RDWR | O_CREAT, 0600);

    (void) why;
    ((struct shared *) out)->pid = getpid();
    stage_at("writing to a disk that hangs");
    return write(fd, "x", 1) == 1 ? 0 : -errno;
}

static void test_child_in_state_d_is_left(void **state)
{
    struct stuck_disk d;
    struct err why = {0};
    char path[SCRATCH_BYTES + 32];
    int64_t begin;

    (void) state;
    if (!stuck_disk_possible()) {
        SKIP("a disk that hangs needs root and a loop device");
    }
    stuck_disk_open(&d);
    snprintf(path, sizeof path, "%s/file", d.dir);
    assert_true(creat(path, 0600) >= 0);
    stuck_disk_freeze(&d);
    begin = clock_mono_us();
    assert_int_equal(stage_run("writing", writes_to_stuck_disk, shared, path,
                               deadline_in_ms(SHORT_MS), &why), -ETIMEDOUT);
    assert_true(clock_mono_us() - begin < (SHORT_MS + SLACK_MS) * 1000);
    assert_non_null(strstr(why.text, "1 of 1 threads in state D"));
    assert_non_null(strstr(why.text, "does not even end"));
    assert_true(own_reaches_state(shared->pid, 'D'));
    /* Thawed, it goes: the signal was waiting. */
    stuck_disk_thaw(&d);
    assert_int_equal(waitpid(shared->pid, NULL, 0), shared->pid);
    stuck_disk_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_result_travels),
        cmocka_unit_test(test_error_travels),
        cmocka_unit_test(test_hanging_child_is_ended),
        cmocka_unit_test(test_child_that_ignores_everything),
        cmocka_unit_test(test_stopped_child_is_ended),
        cmocka_unit_test(test_dead_child_is_no_answer),
        cmocka_unit_test(test_exit_status_0_is_no_answer),
        cmocka_unit_test(test_stage_in_a_stage_is_refused),
        cmocka_unit_test(test_stdio_is_left),
        cmocka_unit_test(test_no_time_no_child),
        cmocka_unit_test(test_nothing_is_left_behind),
        cmocka_unit_test(test_ignored_sigchld),
        cmocka_unit_test(test_child_dies_with_its_parent),
        cmocka_unit_test_setup_teardown(test_child_in_state_d_is_left, scratch_setup,
                                        scratch_teardown),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
