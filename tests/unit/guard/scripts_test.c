/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard/scripts, with scripts that are really run: which one failed, how, and its last words.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/scripts.h"

enum { LONG_MS = 20000, SHORT_MS = 1500 };

static char folder[] = "/tmp/scripts-test-XXXXXX";
static char list[512];
static struct err why;

static int setup(void **state)
{
    (void) state;
    list[0] = '\0';
    why.text[0] = '\0';
    return 0;
}

/* One more in the list; its name is its place there. */
static void add(const char *name, const char *text)
{
    _cleanup_free_ char *path = str_printf("%s/%s", folder, name);
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fprintf(f, "#!/bin/sh\n%s\n", text);
    fclose(f);
    assert_int_equal(chmod(path, 0755), 0);
    snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", list[0] ? " " : "", path);
}

static int run(int ms)
{
    return scripts_run(list, "vm1", deadline_in_ms(ms), &why);
}

static void says(const char *name, const char *rest)
{
    _cleanup_free_ char *text = str_printf("monitor script '%s/%s' %s", folder, name, rest);

    assert_string_equal(why.text, text);
}

static void all_pass(void **state)
{
    (void) state;
    add("one", "[ \"$GUARDEDVM_DOMAIN\" = vm1 ] && [ $# = 0 ]");
    add("two", "echo fine; exit 0");
    assert_int_equal(run(LONG_MS), 0);
}

static void the_first_that_fails_is_named(void **state)
{
    _cleanup_free_ char *ran = str_printf("%s/three.ran", folder);

    (void) state;
    add("one", "exit 0");
    add("two", "echo looking; echo 'no answer on port 80' >&2; echo; exit 3");
    add("three", "touch $0.ran");
    assert_int_equal(run(LONG_MS), -EIO);
    says("two", "failed with exit code 3: no answer on port 80");
    assert_int_equal(access(ran, F_OK), -1);
}

static void silence_and_signals(void **state)
{
    (void) state;
    add("mute", "exit 1");
    assert_int_equal(run(LONG_MS), -EIO);
    says("mute", "failed with exit code 1");
    setup(state);
    add("killed", "kill -9 $$");
    assert_int_equal(run(LONG_MS), -EIO);
    says("killed", "failed with signal 9");
}

/* Killed with what it waits for: no process is left for each monitor. */
static void one_that_hangs_is_ended(void **state)
{
    _cleanup_free_ char *left = str_printf("%s/left", folder);
    char pid[32] = "";
    FILE *f;

    (void) state;
    add("hangs", "echo asking; tail -f /dev/null >/dev/null & echo $! > ${0%/*}/left; wait");
    add("next", "exit 0");
    assert_int_equal(run(SHORT_MS), -ETIMEDOUT);
    assert_non_null(strstr(why.text, "/hangs' did not end within "));
    assert_non_null(strstr(why.text, " s: asking"));
    f = fopen(left, "r");
    assert_non_null(f);
    assert_non_null(fgets(pid, sizeof pid, f));
    fclose(f);
    pid[strcspn(pid, "\n")] = '\0';
    _cleanup_free_ char *process = str_printf("/proc/%s/exe", pid);
    for (int i = 0; i < 200 && access(process, F_OK) == 0; i++) {
        usleep(10 * 1000);
    }
    assert_int_equal(access(process, F_OK), -1);
}

static void much_output_is_no_failure(void **state)
{
    (void) state;
    add("talks", "yes word | head -n 40000; echo 'the last line'; exit 2");
    assert_int_equal(run(LONG_MS), -EIO);
    says("talks", "failed with exit code 2: the last line");
}

static void missing_and_not_executable(void **state)
{
    _cleanup_free_ char *path = str_printf("%s/plain", folder);

    (void) state;
    add("good", "exit 0");
    assert_int_equal(scripts_check(list, deadline_in_ms(LONG_MS), &why), 0);
    add("plain", "exit 0");
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(scripts_check(list, deadline_in_ms(LONG_MS), &why), -EACCES);
    assert_int_equal(why.kind, ERR_INSTALLED);
    says("plain", "cannot be run on this node: Permission denied");
    assert_int_equal(run(LONG_MS), -EACCES);
    unlink(path);
    assert_int_equal(scripts_check(list, deadline_in_ms(LONG_MS), &why), -ENOENT);
    assert_int_equal(run(LONG_MS), -ENOENT);
    assert_non_null(strstr(why.text, "/plain cannot be run"));
    assert_int_equal(scripts_check(folder, deadline_in_ms(LONG_MS), &why), -EACCES);
}

static int make_folder(void **state)
{
    (void) state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    static const char *const names[] = {
        "one", "two", "three", "mute", "killed", "hangs", "next", "left", "talks", "good",
    };

    (void) state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        _cleanup_free_ char *path = str_printf("%s/%s", folder, names[i]);

        unlink(path);
    }
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_pass, setup),
        cmocka_unit_test_setup(the_first_that_fails_is_named, setup),
        cmocka_unit_test_setup(silence_and_signals, setup),
        cmocka_unit_test_setup(one_that_hangs_is_ended, setup),
        cmocka_unit_test_setup(much_output_is_no_failure, setup),
        cmocka_unit_test_setup(missing_and_not_executable, setup),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
