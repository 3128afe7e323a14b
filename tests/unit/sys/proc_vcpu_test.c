/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What vCPU threads have done, with real threads that bear their names: one that sleeps, one that
 * is woken, one that runs.
 */
#include "own_process.h"

#include <errno.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "sys/proc.h"

_Noreturn static void *sleeper(void *name)
{
    prctl(PR_SET_NAME, name);
    for (;;) {
        pause();
    }
}

_Noreturn static void *waker(void *name)
{
    prctl(PR_SET_NAME, name);
    for (;;) {
        usleep(1000);
    }
}

_Noreturn static void *runner(void *name)
{
    prctl(PR_SET_NAME, name);
    for (;;) {
        __asm__ volatile("" ::: "memory");
    }
}

struct threads {
    void *(*run)(void *);
    const char *name;
};

static void start_threads(void *arg)
{
    const struct threads *t = arg;
    pthread_t thread;

    CHILD_CHECK(pthread_create(&thread, NULL, sleeper, (void *) "CPU 0/TCG") == 0);
    CHILD_CHECK(pthread_create(&thread, NULL, t->run, (void *) t->name) == 0);
}

/* Once the threads have their names. */
static struct proc_vcpus activity(pid_t pid)
{
    struct proc_vcpus v;

    for (int i = 0; i < 500 && proc_vcpu_activity(pid, &v, NULL) < 0; i++) {
        usleep(10 * 1000);
    }
    usleep(100 * 1000);
    assert_int_equal(proc_vcpu_activity(pid, &v, NULL), 0);
    return v;
}

static void difference(const struct threads *t, struct proc_vcpus *first, struct proc_vcpus *then)
{
    pid_t pid = own_start(start_threads, (void *) t);

    *first = activity(pid);
    usleep(200 * 1000);
    *then = activity(pid);
    own_end(pid);
}

static void test_still(void **state)
{
    struct proc_vcpus first, then;

    (void) state;
    difference(&(struct threads) {sleeper, "CPU 1/KVM"}, &first, &then);
    assert_true(first.asleep && then.asleep);
    assert_true(then.run_us == first.run_us);
    assert_true(then.wakeups == first.wakeups);
}

static void test_woken(void **state)
{
    struct proc_vcpus first, then;

    (void) state;
    difference(&(struct threads) {waker, "CPU 1/KVM"}, &first, &then);
    assert_true(then.wakeups > first.wakeups + 10);
    assert_true(then.run_us > first.run_us);
}

static void test_runs(void **state)
{
    struct proc_vcpus first, then;

    (void) state;
    difference(&(struct threads) {runner, "CPU 1/TCG"}, &first, &then);
    assert_false(first.asleep || then.asleep);
    assert_true(then.run_us > first.run_us + 1000);
}

static void test_others_do_not_count(void **state)
{
    struct proc_vcpus first, then;

    (void) state;
    difference(&(struct threads) {runner, "IO mon_iothread"}, &first, &then);
    assert_true(then.asleep);
    assert_true(then.run_us == first.run_us);
}

static void test_nobody(void **state)
{
    struct proc_vcpus v;
    struct err why = {0};

    (void) state;
    assert_int_equal(proc_vcpu_activity(getpid(), &v, &why), -ENODATA);
    assert_int_equal(proc_vcpu_activity(0, &v, &why), -ENODATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_still),
        cmocka_unit_test(test_woken),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_others_do_not_count),
        cmocka_unit_test(test_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
