/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs, really run: sh, with scripts that answer, fail, write too much, hang, or
 * leave their output to somebody who lives on.
 */
#include "own_process.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "sys/childproc.h"
#include "sys/program.h"

enum {
    LONG_MS = 20000, /* never reached where all is well */
    SHORT_MS = 200,
    /* A loop that was held would be for seconds: a busy machine alone holds it less. */
    FELT_MS = 1500,
    LOT = 1 << 20
};

static char sh[] = "/bin/sh";
static char dash_c[] = "-c";

static struct program *started(const char *script, size_t most, int ms)
{
    char *words[] = {sh, dash_c, (char *) script, NULL};
    struct program *p = NULL;
    struct err why = {0};

    if (program_start(words, most, deadline_in_ms(ms), &p, &why) < 0) {
        fail_msg("%s", why.text);
    }
    return p;
}

static int run(const char *script, struct err *why)
{
    char *words[] = {sh, dash_c, (char *) script, NULL};

    return program_run(words, deadline_in_ms(LONG_MS), why);
}

static bool readable(const struct program *p, int ms)
{
    struct pollfd wait = {.fd = program_fd(p), .events = POLLIN};

    return poll(&wait, 1, ms) == 1 && (wait.revents & POLLIN);
}

/* As a loop does it: called when there is something to do, and never held up. */
static int looped(struct program **p, char **ret_output, struct err *why)
{
    int rc = -EAGAIN;

    while (*p) {
        int64_t begin;

        readable(*p, deadline_left_ms(program_until(*p)));
        begin = clock_mono_us();
        rc = program_finish(p, ret_output, why);
        assert_true(clock_mono_us() - begin < FELT_MS * 1000);
    }
    return rc;
}

static void expect_all_reaped(void)
{
    for (int i = 0; i < 1000 && childproc_reap() > 0; i++) {
        usleep(1000);
    }
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void test_status(void **state)
{
    struct err why = {0};

    (void) state;
    assert_int_equal(run("exit 0", NULL), 0);
    assert_int_equal(run("exit 3", NULL), 3 << 8);
    assert_int_equal(run("kill -9 $$", NULL), SIGKILL);
    assert_int_equal(program_judge("it", 0, &why), 0);
    assert_int_equal(program_judge("it", 3 << 8, &why), -EIO);
    assert_string_equal(why.text, "it failed with exit code 3");
    assert_int_equal(program_judge("it", SIGSEGV, &why), -EIO);
    assert_string_equal(why.text, "it failed with signal 11");
    expect_all_reaped();
}

static void test_no_such_program(void **state)
{
    char path[] = "/nowhere/program";
    char *words[] = {path, NULL};
    struct err why = {0};

    (void) state;
    assert_int_equal(program_run(words, deadline_in_ms(LONG_MS), &why), -ENOENT);
    assert_non_null(strstr(why.text, path));
    assert_int_equal(program_run(words, deadline_in_ms(0), &why), -ETIMEDOUT);
    assert_non_null(strstr(why.text, "no time"));
    assert_null(program_find("guardedvm-no-such-tool"));
}

static void test_found(void **state)
{
    char *path = program_find("env");

    (void) state;
    assert_non_null(path);
    assert_int_equal(access(path, X_OK), 0);
    assert_int_equal(path[0], '/');
    free(path);
}

static void test_output(void **state)
{
    _cleanup_free_ char *text = NULL;
    _cleanup_free_ char *nothing = NULL;
    struct program *p = started("echo one; echo two >&2; echo 'three four'; exit 5", 64, LONG_MS);

    (void) state;
    assert_int_equal(looped(&p, &text, NULL), 5 << 8);
    assert_null(p);
    assert_string_equal(text, "one\nthree four\n");
    p = started("echo unwanted", 0, LONG_MS);
    assert_int_equal(program_wait(&p, &nothing, NULL), 0);
    assert_string_equal(nothing, "");
    p = started("echo nobody takes it", 64, LONG_MS);
    assert_int_equal(looped(&p, NULL, NULL), 0);
    expect_all_reaped();
}

/* More than a pipe holds. */
static void test_much_output(void **state)
{
    char script[64];
    struct program *p;
    char *text = NULL;

    (void) state;
    snprintf(script, sizeof script, "yes 12345678901234 | head -c %d", LOT);
    p = started(script, LOT, LONG_MS);
    assert_int_equal(looped(&p, &text, NULL), 0);
    assert_int_equal(strlen(text), LOT);
    assert_string_equal(text + LOT - 15, "2345678901234\n1");
    free(text);
}

static void test_too_much_output(void **state)
{
    struct program *p = started("exec yes", 4096, LONG_MS);
    struct err why = {0};
    char *text = NULL;

    (void) state;
    assert_int_equal(looped(&p, &text, &why), -EFBIG);
    assert_null(text);
    assert_non_null(strstr(why.text, "4096"));
    p = started("echo 12345", 5, LONG_MS);
    assert_int_equal(looped(&p, &text, NULL), -EFBIG); /* the line's end is one too many */
    expect_all_reaped();
}

static void test_goes_on(void **state)
{
    struct program *p = started("echo begun; kill -STOP $$; echo ended", 64, LONG_MS);
    struct program *before = p;
    struct err why = {0};
    char *text = NULL;

    (void) state;
    assert_true(readable(p, LONG_MS));
    assert_int_equal(program_finish(&p, &text, &why), -EAGAIN);
    assert_ptr_equal(p, before);
    assert_null(text);
    assert_non_null(strstr(why.text, sh));
    assert_false(readable(p, 0)); /* its output so far is taken */
    program_drop(&p);
    assert_null(p);
    program_drop(&p);
    expect_all_reaped();
}

/* A program that closes its output and goes on must not wake a loop for ever. */
static void test_closed_output(void **state)
{
    struct program *p = started("echo all; exec >&-; kill -STOP $$", 64, LONG_MS);
    int wakeups = 0;

    (void) state;
    while (readable(p, SHORT_MS)) {
        assert_int_equal(program_finish(&p, NULL, NULL), -EAGAIN);
        assert_true(wakeups++ < 3);
    }
    program_drop(&p);
    expect_all_reaped();
}

static void test_output_left_to_another(void **state)
{
    struct program *p = started("sleep 30 & echo $!", 64, LONG_MS);
    char *text = NULL;
    pid_t other;

    (void) state;
    assert_int_equal(looped(&p, &text, NULL), 0);
    other = (pid_t) strtol(text, NULL, 10);
    free(text);
    assert_true(other > 1);
    assert_int_equal(kill(other, SIGKILL), 0); /* it lives, and was not waited for */
    expect_all_reaped();
}

static void test_hanging(void **state)
{
    static const char script[] = "trap '' TERM INT; while :; do read x < /dev/null; done";
    char *words[] = {sh, dash_c, (char *) script, NULL};
    struct program *p = started(script, 64, SHORT_MS);
    struct err why = {0};
    int64_t begin;

    (void) state;
    assert_int_equal(looped(&p, NULL, &why), -ETIMEDOUT);
    assert_null(p);
    assert_non_null(strstr(why.text, "did not end in time"));
    expect_all_reaped();
    begin = clock_mono_us();
    assert_int_equal(program_run(words, deadline_in_ms(SHORT_MS), &why), -ETIMEDOUT);
    assert_true(clock_mono_us() - begin >= SHORT_MS * 1000);
    expect_all_reaped();
}

static int count_fds(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int count = -3; /* this one, "." and ".." */

    assert_non_null(dir);
    while (readdir(dir)) {
        count++;
    }
    closedir(dir);
    return count;
}

static void test_what_is_handed_on(void **state)
{
    struct program *p;
    char *text = NULL;
    sigset_t all;
    int before;

    (void) state;
    /* What make left us is not what is looked for. */
    for (int fd = STDERR_FILENO + 1; fd < 1024; fd++) {
        close(fd);
    }
    before = count_fds();
    /* Ours: ignored signals, a mask. The program's: none of it. */
    signal(SIGTERM, SIG_IGN);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    p = started("ls -l /proc/self/fd | sed -n 's/.* \\([0-9]* ->.*\\)/\\1/p'; "
                "grep -E '^Sig(Blk|Ign)' /proc/self/status", 4096, LONG_MS);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
    signal(SIGTERM, SIG_DFL);
    assert_int_equal(looped(&p, &text, NULL), 0);
    assert_non_null(strstr(text, "0 -> /dev/null\n1 -> pipe:"));
    assert_non_null(strstr(text, "\n2 -> /dev/null\n3 -> /proc/"));
    assert_null(strstr(text, "\n4 ->"));
    assert_non_null(strstr(text, "SigBlk:\t0000000000000000\nSigIgn:\t"));
    /* glibc leaves two of its own ignored, 32 and 33. */
    assert_int_equal(strtoull(strstr(text, "SigIgn:") + 8, NULL, 16) & 0x7fffffff, 0);
    free(text);
    assert_int_equal(count_fds(), before);
}

static void start_and_hang(void *file)
{
    char script[256];
    char *words[] = {sh, dash_c, script, NULL};
    struct program *p = NULL;

    snprintf(script, sizeof script, "tail -f /dev/null >/dev/null & echo $! > %s; wait",
             (char *) file);
    CHILD_CHECK(program_start_heard(words, 4096, deadline_in_ms(LONG_MS), &p, NULL) == 0);
}

static pid_t read_pid(const char *file)
{
    FILE *f = NULL;
    int pid = 0;

    for (int i = 0; i < 1000 && pid == 0; i++) {
        usleep(10 * 1000);
        f = fopen(file, "r");
        if (f && fscanf(f, "%d", &pid) != 1) {
            pid = 0;
        }
        if (f) {
            fclose(f);
        }
    }
    assert_int_not_equal(pid, 0);
    return pid;
}

/* By SIGKILL, of which nobody hears but the guard. */
static void test_ends_with_who_started_it(void **state)
{
    char file[] = "/tmp/program-test-XXXXXX";
    int fd = mkstemp(file);
    pid_t starter = own_start(start_and_hang, file);
    pid_t its_child = read_pid(file);
    bool lives = true;

    (void) state;
    assert_int_equal(kill(its_child, 0), 0);
    own_end(starter);
    for (int i = 0; i < 500 && lives; i++) {
        usleep(10 * 1000);
        lives = kill(its_child, 0) == 0 && !own_reaches_state(its_child, 'Z');
    }
    assert_false(lives);
    close(fd);
    unlink(file);
}

static void test_ignored_sigchld(void **state)
{
    (void) state;
    signal(SIGCHLD, SIG_IGN);
    assert_int_equal(run("exit 4", NULL), 4 << 8);
    expect_all_reaped();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status),
        cmocka_unit_test(test_no_such_program),
        cmocka_unit_test(test_found),
        cmocka_unit_test(test_output),
        cmocka_unit_test(test_much_output),
        cmocka_unit_test(test_too_much_output),
        cmocka_unit_test(test_goes_on),
        cmocka_unit_test(test_closed_output),
        cmocka_unit_test(test_output_left_to_another),
        cmocka_unit_test(test_hanging),
        cmocka_unit_test(test_what_is_handed_on),
        cmocka_unit_test(test_ends_with_who_started_it),
        cmocka_unit_test(test_ignored_sigchld),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
