/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kill_proven against real processes: obedient, deaf, stopped, dead, and another one
 * that only has the PID.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "child.h"
#include "guard/kill.h"
#include "sys/proc.h"

enum { PLENTY_MS = 10000 };

/* The signal that ended the child. */
static int ended_by(struct child *c)
{
    int status = 0;

    assert_int_equal(waitpid(c->id.pid, &status, WNOHANG), c->id.pid);
    assert_true(WIFSIGNALED(status));
    return WTERMSIG(status);
}

static int deaf(void *data)
{
    (void) data;
    signal(SIGTERM, SIG_IGN);
    return 0;
}

static void on_sigterm(int sig)
{
    (void) sig;
    _exit(0);
}

/* As QEMU: its own way of ending, which a stopped process does not get to. */
static int handling(void *data)
{
    (void) data;
    signal(SIGTERM, on_sigterm);
    return 0;
}

static void obedient_is_ended_by_sigterm(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, NULL, NULL);
    assert_int_equal(kill_proven(&c.id, KILL_FLUSHED, deadline_in_ms(PLENTY_MS), &why), 0);
    assert_int_equal(ended_by(&c), SIGTERM);
}

static void deaf_is_ended_by_sigkill_within_the_deadline(void **state)
{
    struct child c;
    struct err why = {0};
    int64_t begun;

    (void) state;
    child_start(&c, deaf, NULL);
    begun = clock_mono_us();
    assert_int_equal(kill_proven(&c.id, KILL_FLUSHED, deadline_in_ms(2000), &why), 0);
    /* Half of the time was SIGTERM's. */
    assert_in_range(clock_mono_us() - begun, 990000, 2000000);
    assert_int_equal(ended_by(&c), SIGKILL);
}

static void at_once_sends_no_sigterm(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, NULL, NULL);
    assert_int_equal(kill_proven(&c.id, KILL_AT_ONCE, deadline_in_ms(PLENTY_MS), &why), 0);
    assert_int_equal(ended_by(&c), SIGKILL);
}

static void stopped_process_dies_too(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, handling, NULL);
    kill(c.id.pid, SIGSTOP);
    assert_int_equal(kill_proven(&c.id, KILL_FLUSHED, deadline_in_ms(2000), &why), 0);
    assert_int_equal(ended_by(&c), SIGKILL);
}

static void with_no_time_left_it_still_kills_and_sees_it(void **state)
{
    struct child c;
    struct err why = {0};
    int rc = -ETIMEDOUT;

    (void) state;
    /* It waits a moment only, in which a busy machine may not come to end the process. */
    for (int i = 0; i < 10 && rc == -ETIMEDOUT; i++) {
        child_start(&c, deaf, NULL);
        rc = kill_proven(&c.id, KILL_FLUSHED, deadline_in_ms(0), &why);
        if (rc == -ETIMEDOUT) {
            waitpid(c.id.pid, NULL, 0);
        }
    }
    assert_int_equal(rc, 0);
    assert_int_equal(ended_by(&c), SIGKILL);
}

static void dead_process_is_success(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, NULL, NULL);
    child_end(&c);
    assert_int_equal(kill_proven(&c.id, KILL_FLUSHED, deadline_in_ms(PLENTY_MS), &why), 0);
}

/* A zombie holds nothing any more: its parent (PID 1 may be slow) is not waited for. */
static void zombie_is_dead(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, NULL, NULL);
    kill(c.id.pid, SIGKILL);
    while (proc_state(&c.id) == PROCESS_ALIVE) {
        usleep(1000);
    }
    assert_int_equal(kill_proven(&c.id, KILL_FLUSHED, deadline_in_ms(PLENTY_MS), &why), 0);
    child_end(&c);
}

static void reused_pid_is_left_alone(void **state)
{
    struct child c;
    struct err why = {0};

    (void) state;
    child_start(&c, NULL, NULL);
    struct process_id gone = {.pid = c.id.pid, .start_ticks = c.id.start_ticks - 1};
    assert_int_equal(kill_proven(&gone, KILL_AT_ONCE, deadline_in_ms(PLENTY_MS), &why), 0);
    assert_int_equal(proc_state(&c.id), PROCESS_ALIVE);
    assert_int_equal(waitpid(c.id.pid, NULL, WNOHANG), 0);
    child_end(&c);
}

static void unknown_process_is_no_success(void **state)
{
    struct process_id none = {0};
    struct err why = {0};

    (void) state;
    assert_true(kill_proven(&none, KILL_AT_ONCE, deadline_in_ms(PLENTY_MS), &why) < 0);
    assert_string_not_equal(why.text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(obedient_is_ended_by_sigterm),
        cmocka_unit_test(deaf_is_ended_by_sigkill_within_the_deadline),
        cmocka_unit_test(at_once_sends_no_sigterm),
        cmocka_unit_test(stopped_process_dies_too),
        cmocka_unit_test(with_no_time_left_it_still_kills_and_sees_it),
        cmocka_unit_test(dead_process_is_success),
        cmocka_unit_test(zombie_is_dead),
        cmocka_unit_test(reused_pid_is_left_alone),
        cmocka_unit_test(unknown_process_is_no_success),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
