/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pacemaker's environment and the exit reason; node attributes with the real attrd_updater
 * where no cluster runs, and with a scripted one in its place (a mock, and named so) for
 * what a real one cannot be brought to do.
 */
#include "own_process.h"
#include "mock_tool.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>

#include "sys/cluster.h"

enum { ADVISED_MS = 90000 };

static struct ocf_call call_with(const char *resource, const char *timeout, const char *interval,
                                 const char *level)
{
    static const char *const names[] = {"OCF_RESOURCE_INSTANCE", "OCF_RESKEY_CRM_meta_timeout",
                                        "OCF_RESKEY_CRM_meta_interval", "OCF_CHECK_LEVEL"};
    const char *const values[] = {resource, timeout, interval, level};
    struct ocf_call call;

    for (int i = 0; i < 4; i++) {
        if (values[i]) {
            setenv(names[i], values[i], 1);
        } else {
            unsetenv(names[i]);
        }
    }
    cluster_read_call(&call, ADVISED_MS);
    return call;
}

static void test_call(void **state)
{
    struct ocf_call c = call_with("vm", "20000", "10000", "10");

    (void) state;
    assert_string_equal(c.resource, "vm");
    assert_int_equal(c.timeout_ms, 20000);
    assert_int_equal(c.interval_ms, 10000);
    assert_int_equal(c.check_level, 10);

    c = call_with(NULL, NULL, NULL, NULL);
    assert_string_equal(c.resource, "default");
    assert_int_equal(c.timeout_ms, ADVISED_MS);
    assert_int_equal(c.interval_ms, 0);
    assert_int_equal(c.check_level, 0);

    c = call_with("", "0", "-5", "ten");
    assert_string_equal(c.resource, "default");
    assert_int_equal(c.timeout_ms, ADVISED_MS);
    assert_int_equal(c.interval_ms, 0);
    assert_int_equal(c.check_level, 0);

    c = call_with("vm", "99999999999999999999", "20s", "99999999999");
    assert_int_equal(c.timeout_ms, ADVISED_MS);
    assert_int_equal(c.interval_ms, 0);
    assert_true(c.check_level >= 0);
}

static void test_clone_suffix(void **state)
{
    (void) state;
    assert_string_equal(call_with("vm:0", NULL, NULL, NULL).resource, "vm");
    assert_string_equal(call_with("vm:12", NULL, NULL, NULL).resource, "vm");
    assert_string_equal(call_with("vm:", NULL, NULL, NULL).resource, "vm:");
    assert_string_equal(call_with("vm:x", NULL, NULL, NULL).resource, "vm:x");
    assert_string_equal(call_with(":1", NULL, NULL, NULL).resource, ":1");
}

static void test_clones_are_told(void **state)
{
    static const char *const names[] = {
        "OCF_RESKEY_CRM_meta_clone", "OCF_RESKEY_CRM_meta_clone_max"
    };

    (void) state;
    assert_false(call_with("vm", NULL, NULL, NULL).clone);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(setenv(names[i], "0", 1), 0);
        assert_true(call_with("vm", NULL, NULL, NULL).clone);
        assert_int_equal(unsetenv(names[i]), 0);
    }
}

/* What cluster_exit_reason("%s", text) puts on standard error. */
static const char *reason_of(const char *text)
{
    static char seen[4096];
    int ends[2], saved = dup(2);
    ssize_t n;

    assert_int_equal(pipe(ends), 0);
    assert_true(dup2(ends[1], 2) >= 0);
    cluster_exit_reason("%s", text);
    assert_true(dup2(saved, 2) >= 0);
    close(saved);
    close(ends[1]);
    n = read(ends[0], seen, sizeof seen - 1);
    assert_true(n >= 0);
    close(ends[0]);
    seen[n] = '\0';
    return seen;
}

static void test_exit_reason(void **state)
{
    char longest[3000];

    (void) state;
    assert_string_equal(reason_of("guest crashed"), "ocf-exit-reason:guest crashed\n");
    assert_string_equal(reason_of("a\nb\r\tc\x1b[31m\x7f"), "ocf-exit-reason:a?b??c?[31m?\n");
    assert_string_equal(reason_of("'x ocf-exit-reason:all is well'"),
                        "ocf-exit-reason:'x ocf-exit-reason all is well'\n");
    assert_string_equal(reason_of("Gäste ☃ 𝄞"), "ocf-exit-reason:Gäste ☃ 𝄞\n");
    /* No UTF-8: stray, cut off, overlong, surrogate, too large, C1 control. */
    assert_string_equal(reason_of("\xff \xc3"), "ocf-exit-reason:? ?\n");
    assert_string_equal(reason_of("\xc0\xaf"), "ocf-exit-reason:??\n");
    assert_string_equal(reason_of("\xed\xa0\x80"), "ocf-exit-reason:???\n");
    assert_string_equal(reason_of("\xf4\x90\x80\x80"), "ocf-exit-reason:????\n");
    assert_string_equal(reason_of("\xc2\x85"), "ocf-exit-reason:??\n");
    /* UTF-8, but no characters of XML's: U+FFFE, U+FFFF. */
    assert_string_equal(reason_of("\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd"),
                        "ocf-exit-reason:??????\xef\xbf\xbd\n");
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_true(strlen(reason_of(longest)) < 1100);
    assert_non_null(strchr(reason_of(longest), '\n'));
}

static void test_reader_that_went_away(void **state)
{
    int ends[2], saved = dup(2);

    (void) state;
    call_with("vm", NULL, NULL, NULL);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_true(dup2(ends[1], 2) >= 0);
    cluster_exit_reason("nobody hears this"); /* and we live on */
    assert_true(dup2(saved, 2) >= 0);
    close(saved);
    close(ends[1]);
}

/* Pacemaker's sockets are abstract, and so a network namespace's own: a cluster that this
 * machine may run is out of reach. */
static bool leave_any_cluster(void)
{
    return unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

static void test_no_cluster(void **state)
{
    pid_t pid;
    int status;

    (void) state;
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        struct err why = {0};

        if (!leave_any_cluster()) {
            _exit(77);
        }
        CHILD_CHECK(cluster_attribute("guardedvm-unit-test", "1", deadline_in_ms(20000), &why) ==
                    -ENOTCONN);
        CHILD_CHECK(strstr(why.text, "guardedvm-unit-test"));
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
        SKIP("no namespace to be away from a cluster that may run here");
    }
    assert_int_equal(status, 0);
}

static void test_no_time(void **state)
{
    (void) state;
    assert_true(cluster_attribute("x", "1", deadline_in_ms(0), NULL) < 0);
}

static void expect_words(const char *value, const char *expected)
{
    char body[2 * SCRATCH_BYTES], seen[512] = "";
    FILE *f;

    snprintf(body, sizeof body, "for w; do printf '[%%s]' \"$w\"; done > '%s/words'", scratch);
    mock_tool("attrd_updater", body);
    assert_int_equal(cluster_attribute("gvm-vm", value, deadline_in_ms(10000), NULL), 0);
    f = fopen(scratch_path("words"), "r");
    assert_non_null(f);
    assert_non_null(fgets(seen, sizeof seen, f));
    fclose(f);
    assert_string_equal(seen, expected);
}

static void test_words_given(void **state)
{
    (void) state;
    if (!mock_possible("attrd_updater")) {
        SKIP("putting a mock in attrd_updater's place needs root");
    }
    expect_words("frozen", "[--name=gvm-vm][--update=frozen]");
    expect_words("-D $(id) ; x", "[--name=gvm-vm][--update=-D $(id) ; x]");
    expect_words(NULL, "[--name=gvm-vm][--delete]");
}

static void test_tool_that_fails(void **state)
{
    struct err why = {0};

    (void) state;
    if (!mock_possible("attrd_updater")) {
        SKIP("putting a mock in attrd_updater's place needs root");
    }
    mock_tool("attrd_updater", "exit 102");
    assert_int_equal(cluster_attribute("a", "1", deadline_in_ms(10000), &why), -ENOTCONN);
    mock_tool("attrd_updater", "exit 1");
    assert_int_equal(cluster_attribute("a", "1", deadline_in_ms(10000), &why), -EIO);
    assert_non_null(strstr(why.text, "exit code 1"));
    mock_tool("attrd_updater", "kill -9 $$");
    assert_int_equal(cluster_attribute("a", "1", deadline_in_ms(10000), &why), -EIO);
    assert_non_null(strstr(why.text, "signal 9"));
}

static void test_tool_that_hangs(void **state)
{
    struct err why = {0};
    int64_t begin;

    (void) state;
    if (!mock_possible("attrd_updater")) {
        SKIP("putting a mock in attrd_updater's place needs root");
    }
    mock_tool("attrd_updater", "trap '' TERM INT; while :; do read x < /dev/null; done");
    begin = clock_mono_us();
    assert_int_equal(cluster_attribute("a", "1", deadline_in_ms(300), &why), -ETIMEDOUT);
    assert_true(clock_mono_us() - begin < 10000000);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* ended and reaped */
}

static void test_parameters(void **state)
{
    char *value = NULL;
    struct err why = {0};

    (void) state;
    if (!mock_possible("crm_resource")) {
        SKIP("putting a mock in crm_resource's place needs root");
    }
    mock_tool("crm_resource", "[ \"$1$2$#\" = '--resource=web; x--get-parameter=config2' ] && "
              "echo '/srv/my guest.xml'");
    assert_int_equal(cluster_parameter("web; x", "config", deadline_in_ms(10000), &value, &why), 0);
    assert_string_equal(value, "/srv/my guest.xml");
    free(value);
    value = NULL;
    assert_int_equal(cluster_parameter("web; x", "y", deadline_in_ms(10000), &value, &why), -EIO);
    assert_null(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_call),           cmocka_unit_test(test_clone_suffix),
        cmocka_unit_test(test_clones_are_told),
        cmocka_unit_test(test_exit_reason),    cmocka_unit_test(test_no_cluster),
        cmocka_unit_test(test_reader_that_went_away),
        cmocka_unit_test(test_no_time),        cmocka_unit_test(test_words_given),
        cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_tool_that_fails), cmocka_unit_test(test_tool_that_hangs),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
