/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Config files that are there, and all the things that can be in their place.
 */
#include "own_process.h"
#include "scratch_dir.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "sys/configfile.h"

enum { LIMIT = 1000 };

static void write_bytes(const char *name, size_t count)
{
    FILE *f = fopen(scratch_path(name), "w");

    assert_non_null(f);
    for (size_t i = 0; i < count; i++) {
        fputc('x', f);
    }
    assert_int_equal(fclose(f), 0);
}

static void expect_error(const char *path, int code, const char *words)
{
    struct err why = {0};
    char *text = NULL;
    size_t size = 0;

    assert_int_equal(configfile_read(path, LIMIT, &text, &size, &why), code);
    assert_null(text);
    assert_int_equal(why.kind, ERR_INSTALLED);
    assert_non_null(strstr(why.text, path));
    assert_non_null(strstr(why.text, words));
}

static void expect_size(const char *name, size_t expected)
{
    _cleanup_free_ char *text = NULL;
    size_t size = 0;

    assert_int_equal(configfile_read(scratch_path(name), LIMIT, &text, &size, NULL), 0);
    assert_int_equal(size, expected);
    assert_int_equal(strlen(text), expected);
}

static void test_files(void **state)
{
    (void) state;
    write_bytes("plain", 17);
    expect_size("plain", 17);
    write_bytes("empty", 0);
    expect_size("empty", 0);
    write_bytes("full", LIMIT);
    expect_size("full", LIMIT);
    write_bytes("large", LIMIT + 1);
    expect_error(scratch_path("large"), -EFBIG, "larger than 1000");
}

static void test_links_of_administrators(void **state)
{
    (void) state;
    write_bytes("target", 5);
    assert_int_equal(symlink("target", scratch_path("link")), 0);
    expect_size("link", 5);
    assert_int_equal(symlink("loop", scratch_path("loop")), 0);
    expect_error(scratch_path("loop"), -ELOOP, "cannot be read");
    assert_int_equal(symlink("nowhere", scratch_path("dangling")), 0);
    expect_error(scratch_path("dangling"), -ENOENT, "cannot be read");
}

static void test_what_is_no_file(void **state)
{
    (void) state;
    expect_error(scratch_path("missing"), -ENOENT, "No such file");
    expect_error(scratch, -EINVAL, "not a regular file");
    assert_int_equal(mkfifo(scratch_path("fifo"), 0600), 0);
    expect_error(scratch_path("fifo"), -EINVAL, "not a regular file");
    expect_error("/dev/zero", -EINVAL, "not a regular file");
    expect_error("/dev/tty", -EINVAL, "not a regular file");
}

static void test_no_permission(void **state)
{
    (void) state;
    if (geteuid() == 0) {
        SKIP("root may read everything");
    }
    write_bytes("secret", 5);
    assert_int_equal(chmod(scratch_path("secret"), 0), 0);
    expect_error(scratch_path("secret"), -EACCES, "Permission denied");
}

/* A file that grows while it is read tells one size and gives another; /proc's tell 0. */
static void test_size_told_is_not_believed(void **state)
{
    (void) state;
    expect_error("/proc/self/smaps", -EFBIG, "larger than");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_links_of_administrators),
        cmocka_unit_test(test_what_is_no_file),
        cmocka_unit_test(test_no_permission),
        cmocka_unit_test(test_size_told_is_not_believed),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
