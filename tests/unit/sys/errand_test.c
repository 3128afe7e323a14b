/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errands with real children, many at a time on libqb's loop, too: what comes back, what
 * is never waited for, and what a child must not keep of its parent.
 */
#include "own_process.h"
#include "scratch_dir.h"
#include "stuck_disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/syscall.h>

#include <qb/qbloop.h>

#include "base/clock.h"
#include "sys/childproc.h"
#include "sys/errand.h"

enum {
    LONG_MS = 20000, /* never reached where all is well */
    SHORT_MS = 500,  /* enough for a child to begin, on a busy machine too */
    /* A loop that was held would be for seconds: a busy machine alone holds it less. */
    FELT_MS = 1500,
    CHILD_FDS = 4    /* standard input, output, error, and the one to say "done" by */
};

struct shared {
    pid_t pid;
    int number;
    bool go;
    char text[64];
};

static struct shared *shared;

static int setup(void **state)
{
    (void) state;
    shared = stage_memory(sizeof *shared);
    return scratch_setup(state);
}

static int teardown(void **state)
{
    stage_memory_free(shared, sizeof *shared);
    return scratch_teardown(state);
}

static struct errand *started(stage_fn fn, const void *input, int ms)
{
    struct errand *e = NULL;
    struct err why = {0};

    memset(shared, 0, sizeof *shared);
    if (errand_start("the errand", fn, shared, input, deadline_in_ms(ms), &e, &why) < 0) {
        fail_msg("%s", why.text);
    }
    return e;
}

static bool readable(const struct errand *e, int ms)
{
    struct pollfd p = {.fd = errand_fd(e), .events = POLLIN};

    return poll(&p, 1, ms) == 1 && (p.revents & POLLIN);
}

/* Finishes, without being held up. */
static int finished(struct errand **e, struct err *why)
{
    int64_t begin = clock_mono_us();
    int rc = errand_finish(e, why);

    assert_true(clock_mono_us() - begin < FELT_MS * 1000);
    return rc;
}

static void expect_all_reaped(void)
{
    for (int i = 0; i < 1000 && childproc_reap() > 0; i++) {
        usleep(1000);
    }
    assert_int_equal(childproc_reap(), 0);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static int answers(void *out, const void *input, struct err *why)
{
    struct shared *s = out;

    (void) why;
    s->pid = getpid();
    snprintf(s->text, sizeof s->text, "%s back", (const char *) input);
    return 0;
}

static int fails(void *out, const void *input, struct err *why)
{
    (void) out;
    (void) input;
    return err_set(why, -EREMOTEIO, ERR_PERM, "the reason of the child");
}

static int asks_again(void *out, const void *input, struct err *why)
{
    (void) out;
    (void) input;
    (void) why;
    return -EAGAIN;
}

static int waits_for_go(void *out, const void *input, struct err *why)
{
    volatile struct shared *s = out;

    (void) input;
    (void) why;
    stage_at("waiting for go");
    s->pid = getpid();
    while (!s->go) {
        usleep(1000);
    }
    s->number++;
    return 0;
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

static void wait_for_child(void)
{
    while (!*(volatile pid_t *) &shared->pid) {
        usleep(1000);
    }
}

static void test_result_travels(void **state)
{
    char input[16] = "hello";
    struct errand *e = started(answers, input, LONG_MS);
    struct err why = {0};

    (void) state;
    memset(input, 'x', sizeof input); /* the child has its own */
    assert_true(readable(e, LONG_MS));
    assert_true(readable(e, 0)); /* until it is finished */
    assert_int_equal(finished(&e, &why), 0);
    assert_null(e);
    assert_string_equal(shared->text, "hello back");
    expect_all_reaped();
}

static void test_error_travels(void **state)
{
    struct errand *e = started(fails, NULL, LONG_MS);
    struct err why = {0};

    (void) state;
    assert_true(readable(e, LONG_MS));
    assert_int_equal(finished(&e, &why), -EREMOTEIO);
    assert_null(e);
    assert_int_equal(why.kind, ERR_PERM);
    assert_string_equal(why.text, "the reason of the child");
    e = started(asks_again, NULL, LONG_MS);
    assert_true(readable(e, LONG_MS));
    assert_int_equal(finished(&e, NULL), -EAGAIN);
    assert_null(e); /* that is how it is told from one that goes on */
}

static void test_asked_too_early(void **state)
{
    struct errand *e = started(waits_for_go, NULL, LONG_MS);
    struct errand *before = e;
    struct err why = {0};

    (void) state;
    wait_for_child();
    assert_false(readable(e, 0));
    assert_int_equal(finished(&e, &why), -EAGAIN);
    assert_ptr_equal(e, before);
    assert_non_null(strstr(why.text, "waiting for go"));
    assert_true(deadline_left_ms(errand_until(e)) > 0);
    shared->go = true;
    assert_true(readable(e, LONG_MS));
    assert_int_equal(finished(&e, &why), 0);
    assert_int_equal(shared->number, 1);
}

static void test_another_descriptor_ends_the_wait(void **state)
{
    int64_t begin = clock_mono_us();
    struct errand *e = started(waits_for_go, NULL, LONG_MS);
    struct err why = {0};
    int ends[2];

    (void) state;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_false(errand_wait_or(e, ends[0], LONG_MS)); /* nothing of the errand's */
    assert_true(clock_mono_us() - begin < LONG_MS * 1000);
    assert_false(errand_wait(e, 1));
    shared->go = true;
    assert_true(errand_wait(e, LONG_MS));
    assert_true(errand_wait_or(e, ends[0], LONG_MS));
    assert_int_equal(errand_finish(&e, &why), 0);
    close(ends[0]);
    close(ends[1]);
}

static void test_late_child_is_killed(void **state)
{
    struct errand *e = started(waits_for_go, NULL, SHORT_MS);
    struct err why = {0};

    (void) state;
    assert_false(readable(e, deadline_left_ms(errand_until(e)) + 1));
    assert_int_equal(finished(&e, &why), -ETIMEDOUT);
    assert_null(e);
    assert_non_null(strstr(why.text, "waiting for go"));
    expect_all_reaped();
    assert_int_equal(kill(shared->pid, 0), -1);
}

static void test_late_result_counts(void **state)
{
    struct errand *e = started(answers, "late", SHORT_MS);

    (void) state;
    assert_true(readable(e, LONG_MS));
    clock_pause_ms(LONG_MS, errand_until(e));
    assert_int_equal(finished(&e, NULL), 0);
    assert_string_equal(shared->text, "late back");
}

static void test_dead_child_is_no_answer(void **state)
{
    struct errand *e = started(dies, NULL, LONG_MS);
    struct err why = {0};

    (void) state;
    assert_true(readable(e, LONG_MS));
    assert_int_equal(finished(&e, &why), -ECHILD);
    assert_null(e);
    assert_non_null(strstr(why.text, "signal 9"));
    assert_non_null(strstr(why.text, "dying"));
    expect_all_reaped();
}

/* The eventfd's counter is full then, so that the write which says "done" never returns. */
static int never_ends(void *out, const void *input, struct err *why)
{
    static const uint64_t full = UINT64_MAX - 1;

    ((struct shared *) out)->number = 7;
    (void) input;
    (void) why;
    return write(CHILD_FDS - 1, &full, sizeof full) == sizeof full ? 0 : -errno;
}

static void test_result_does_not_wait_for_the_end(void **state)
{
    struct errand *e = started(never_ends, NULL, LONG_MS);
    int rc = -EAGAIN;

    (void) state;
    assert_true(readable(e, LONG_MS));
    /* It was readable a moment before it was done. */
    for (int i = 0; i < 1000 && e; i++) {
        rc = finished(&e, NULL);
        usleep(1000);
    }
    assert_int_equal(rc, 0);
    assert_int_equal(shared->number, 7);
    expect_all_reaped();
}

static void test_no_time_no_child(void **state)
{
    struct errand *e = NULL;
    struct err why = {0};

    (void) state;
    assert_int_equal(errand_start("late", answers, shared, "x", deadline_in_ms(0), &e, &why),
                     -ETIMEDOUT);
    assert_null(e);
    assert_non_null(strstr(why.text, "no time"));
}

static void test_dropped(void **state)
{
    struct errand *e = started(waits_for_go, NULL, LONG_MS);
    struct errand *none = NULL;

    (void) state;
    wait_for_child();
    errand_drop(&e);
    assert_null(e);
    expect_all_reaped();
    assert_int_equal(kill(shared->pid, 0), -1);
    errand_drop(&none);
}

static int count_fds(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int count = -3; /* this one, "." and ".." */

    CHILD_CHECK(dir);
    while (readdir(dir)) {
        count++;
    }
    closedir(dir);
    return count;
}

static int counts_fds(void *out, const void *input, struct err *why)
{
    (void) input;
    (void) why;
    ((struct shared *) out)->number = count_fds();
    return waits_for_go(out, NULL, NULL);
}

/* How many descriptors a child has, which must be all that keep a lock from the next. */
static void expect_no_descriptors(void)
{
    int lock = open(scratch_path("lock"), O_RDWR | O_CREAT, 0600);
    int again = open(scratch_path("lock"), O_RDWR);
    struct errand *e;

    CHILD_CHECK(lock >= 0 && again >= 0 && flock(lock, LOCK_EX) == 0);
    e = started(counts_fds, NULL, LONG_MS);
    wait_for_child();
    close(lock);
    CHILD_CHECK(flock(again, LOCK_EX | LOCK_NB) == 0);
    CHILD_CHECK(shared->number == CHILD_FDS);
    close(again);
    errand_drop(&e);
}

static void test_descriptors_are_left(void **state)
{
    (void) state;
    expect_no_descriptors();
}

static void refuse_close_range(void)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close_range, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {.len = sizeof rules / sizeof *rules, .filter = rules};

    CHILD_CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHILD_CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0);
}

static void test_descriptors_are_left_without_close_range(void **state)
{
    int status;
    pid_t pid;

    (void) state;
    fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        refuse_close_range();
        expect_no_descriptors();
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void handler(int sig)
{
    (void) sig;
}

static int shows_signals(void *out, const void *input, struct err *why)
{
    struct sigaction term, hup, pipe_signal;

    (void) input;
    (void) why;
    sigaction(SIGTERM, NULL, &term);
    sigaction(SIGHUP, NULL, &hup);
    sigaction(SIGPIPE, NULL, &pipe_signal);
    ((struct shared *) out)->number = (term.sa_handler == SIG_DFL) + (hup.sa_handler == SIG_IGN) +
                                      (pipe_signal.sa_handler == SIG_IGN);
    return 0;
}

static void test_handlers_are_left(void **state)
{
    struct errand *e;

    (void) state;
    signal(SIGTERM, handler);
    signal(SIGHUP, SIG_IGN);
    e = started(shows_signals, NULL, LONG_MS);
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    assert_true(readable(e, LONG_MS));
    assert_int_equal(finished(&e, NULL), 0);
    assert_int_equal(shared->number, 3);
}

static void test_nothing_is_left_behind(void **state)
{
    int before = count_fds();

    (void) state;
    for (int i = 0; i < 50; i++) {
        struct errand *e = started(i % 2 ? answers : fails, "x", LONG_MS);

        assert_true(readable(e, LONG_MS));
        assert_int_equal(finished(&e, NULL), i % 2 ? 0 : -EREMOTEIO);
    }
    expect_all_reaped();
    assert_int_equal(count_fds(), before);
}

static int writes_to_stuck_disk(void *out, const void *input, struct err *why)
{
    int fd = open(input, O_RDWR | O_CREAT, 0600);

    (void) why;
    stage_at("writing to a disk that hangs");
    ((struct shared *) out)->pid = getpid();
    return write(fd, "x", 1) == 1 ? 0 : -errno;
}

static void test_child_in_state_d_is_left(void **state)
{
    struct stuck_disk d;
    struct errand *e;
    struct err why = {0};
    char path[SCRATCH_BYTES + 32];

    (void) state;
    if (!stuck_disk_possible()) {
        SKIP("a disk that hangs needs root and a loop device");
    }
    stuck_disk_open(&d);
    snprintf(path, sizeof path, "%s/file", d.dir);
    assert_int_equal(close(creat(path, 0600)), 0);
    stuck_disk_freeze(&d);
    e = started(writes_to_stuck_disk, path, SHORT_MS);
    wait_for_child();
    assert_true(own_reaches_state(shared->pid, 'D'));
    clock_pause_ms(LONG_MS, errand_until(e));
    assert_int_equal(finished(&e, &why), -ETIMEDOUT);
    assert_non_null(strstr(why.text, "1 of 1 threads in state D"));
    assert_int_equal(childproc_reap(), 1);
    /* Others go on meanwhile. */
    e = started(answers, "x", LONG_MS);
    assert_true(readable(e, LONG_MS));
    assert_int_equal(finished(&e, NULL), 0);
    stuck_disk_thaw(&d);
    expect_all_reaped();
    stuck_disk_close(&d);
}

enum { MANY = 24, SLOW_MS = 200 };

static struct {
    struct errand *errands[MANY];
    struct shared *shared[MANY];
    qb_loop_t *loop;
    int going;
    int wakeups;
} many;

static int is_slow(void *out, const void *input, struct err *why)
{
    (void) why;
    usleep(SLOW_MS * 1000);
    ((struct shared *) out)->number = *(const int *) input;
    return 0;
}

static int32_t on_readable(int32_t fd, int32_t revents, void *data)
{
    struct errand **e = data;

    (void) revents;
    many.wakeups++;
    assert_int_equal(errand_fd(*e), fd);
    qb_loop_poll_del(many.loop, fd);
    assert_int_equal(finished(e, NULL), 0);
    if (--many.going == 0) {
        qb_loop_stop(many.loop);
    }
    return -1;
}

static void test_many_on_a_loop(void **state)
{
    int64_t begin = clock_mono_us();

    (void) state;
    many.loop = qb_loop_create();
    for (int i = 0; i < MANY; i++) {
        many.shared[i] = stage_memory(sizeof *many.shared[i]);
        assert_int_equal(errand_start("slow", is_slow, many.shared[i], &i,
                                      deadline_in_ms(LONG_MS), &many.errands[i], NULL), 0);
        assert_int_equal(qb_loop_poll_add(many.loop, QB_LOOP_MED, errand_fd(many.errands[i]),
                                          POLLIN, &many.errands[i], on_readable), 0);
        many.going++;
    }
    qb_loop_run(many.loop);
    qb_loop_destroy(many.loop);
    assert_int_equal(many.going, 0);
    assert_int_equal(many.wakeups, MANY);
    /* Side by side, not one after the other. */
    assert_true(clock_mono_us() - begin < MANY * SLOW_MS * 1000 / 2);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(many.shared[i]->number, i);
        stage_memory_free(many.shared[i], sizeof *many.shared[i]);
    }
    expect_all_reaped();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_result_travels),
        cmocka_unit_test(test_error_travels),
        cmocka_unit_test(test_asked_too_early),
        cmocka_unit_test(test_another_descriptor_ends_the_wait),
        cmocka_unit_test(test_late_child_is_killed),
        cmocka_unit_test(test_late_result_counts),
        cmocka_unit_test(test_dead_child_is_no_answer),
        cmocka_unit_test(test_result_does_not_wait_for_the_end),
        cmocka_unit_test(test_no_time_no_child),
        cmocka_unit_test(test_dropped),
        cmocka_unit_test(test_descriptors_are_left),
        cmocka_unit_test(test_descriptors_are_left_without_close_range),
        cmocka_unit_test(test_handlers_are_left),
        cmocka_unit_test(test_nothing_is_left_behind),
        cmocka_unit_test(test_child_in_state_d_is_left),
        cmocka_unit_test(test_many_on_a_loop),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
