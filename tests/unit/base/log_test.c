/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/log: what reaches standard error, with which tag, and what does not.
 * The process's own standard error is a file meanwhile.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"

/* Everything that is logged to standard error by one session, as text. */
static void session(const char *resource, int to_stderr, char *ret, size_t size)
{
    FILE *file = tmpfile();
    int saved = dup(STDERR_FILENO);

    assert_non_null(file);
    assert_true(saved >= 0);
    assert_int_equal(dup2(fileno(file), STDERR_FILENO), STDERR_FILENO);
    log_open(resource, to_stderr);
    log_error("storage of '%s' is gone", "vm");
    log_info("all is well");
    log_debug("whatever");
    log_close();
    assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
    close(saved);
    rewind(file);
    ret[fread(ret, 1, size - 1, file)] = '\0';
    fclose(file);
}

static void tagged_with_the_resource(void **state)
{
    char text[1024];

    (void) state;
    unsetenv("HA_debug");
    session("vm1", 1, text, sizeof(text));
    assert_string_equal(text, "GuardedVM(vm1): error: storage of 'vm' is gone\n"
                              "GuardedVM(vm1): info: all is well\n");
}

static void tagged_with_the_program(void **state)
{
    char text[1024];

    (void) state;
    unsetenv("HA_debug");
    session(NULL, 1, text, sizeof(text));
    assert_non_null(strstr(text, "guardedvm: error: storage"));
}

static void silent_where_nobody_reads(void **state)
{
    char text[1024];

    (void) state;
    session("vm1", 0, text, sizeof(text));
    assert_string_equal(text, "");
}

static void debug_on_request(void **state)
{
    char text[1024];

    (void) state;
    setenv("HA_debug", "1", 1);
    session("vm1", 1, text, sizeof(text));
    assert_non_null(strstr(text, "debug: whatever"));
    setenv("HA_debug", "0", 1);
    session("vm1", 1, text, sizeof(text));
    assert_null(strstr(text, "debug: whatever"));
}

static void long_names_do_no_harm(void **state)
{
    char name[5000];
    char text[16384];

    (void) state;
    memset(name, 'n', sizeof(name));
    name[sizeof(name) - 1] = '\0';
    session(name, 1, text, sizeof(text));
    assert_non_null(strstr(text, "error: storage"));
}

static void forges_no_line(void **state)
{
    char text[1024];
    FILE *file = tmpfile();
    int saved = dup(STDERR_FILENO);

    (void) state;
    assert_int_equal(dup2(fileno(file), STDERR_FILENO), STDERR_FILENO);
    log_warning("before it is open");
    log_open("vm1", 1);
    log_warning("guest '%s'", "x\nocf-exit-reason:forged");
    log_close();
    assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
    close(saved);
    rewind(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(text, "GuardedVM(vm1): warning: guest 'x?ocf-exit-reason:forged'\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tagged_with_the_resource),
        cmocka_unit_test(tagged_with_the_program),
        cmocka_unit_test(silent_where_nobody_reads),
        cmocka_unit_test(debug_on_request),
        cmocka_unit_test(long_names_do_no_harm),
        cmocka_unit_test(forges_no_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
