/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sys/partfile: a file that others write is ours, whole and synced before it gets its name; and
 * sys/readtail, which reads the ends of such files.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "scratch_dir.h"
#include "sys/partfile.h"
#include "sys/readtail.h"

static char *partial;
static char *final;

static int setup(void **state)
{
    int rc = scratch_setup(state);

    partial = str_printf("%s/core.partial", scratch);
    final = str_printf("%s/core.elf", scratch);
    return rc;
}

static int teardown(void **state)
{
    free(partial);
    free(final);
    return scratch_teardown(state);
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void begin(struct file_id *id)
{
    struct err why = {0};

    assert_int_equal(partfile_begin(partial, id, NULL, &why), 0);
}

static void whole_and_ours(void **state)
{
    struct file_id id;
    struct err why = {0};
    struct stat st;
    int64_t size = -1;

    (void) state;
    put(partial, "what a killed writer left");
    begin(&id);
    partfile_size(partial, &size);
    assert_int_equal(size, 0);
    assert_int_equal(partfile_complete(partial, &id, NULL, scratch, "core.elf", &why), -EBADMSG);
    put(partial, "twelve bytes");
    partfile_size(partial, &size);
    assert_int_equal(size, 12);
    assert_int_equal(chmod(partial, 0644), 0);
    assert_int_equal(partfile_complete(partial, &id, NULL, scratch, "core.elf", &why), 0);
    assert_int_equal(stat(final, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(stat(partial, &st), -1);
}

static void or_like_another(void **state)
{
    const struct stat like = {.st_uid = geteuid(), .st_gid = getegid(), .st_mode = S_IFREG | 0640};
    struct file_id id;
    struct err why = {0};
    struct stat st;

    (void) state;
    begin(&id);
    put(partial, "twelve bytes");
    assert_int_equal(partfile_complete(partial, &id, &like, scratch, "core.elf", &why), 0);
    assert_int_equal(stat(final, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
}

static void another_file_in_its_place_is_not_taken(void **state)
{
    _cleanup_free_ char *other = str_printf("%s/other", scratch);
    struct file_id id;
    struct err why = {0};
    struct stat st;

    (void) state;
    unlink(final);
    begin(&id);
    put(other, "somebody's");
    assert_int_equal(rename(other, partial), 0);
    assert_int_equal(partfile_complete(partial, &id, NULL, scratch, "core.elf", &why), -EBADMSG);
    put(other, "somebody's");
    begin(&id);
    partfile_remove(partial);
    assert_int_equal(symlink(other, partial), 0);
    assert_int_equal(partfile_complete(partial, &id, NULL, scratch, "core.elf", &why), -ELOOP);
    begin(&id); /* the link goes, what it points to stays */
    assert_int_equal(stat(other, &st), 0);
    assert_int_equal(stat(final, &st), -1);
}

static void a_file_that_is_no_core_is_not_mended(void **state)
{
    _cleanup_free_ char *text = NULL;
    struct file_id id;
    struct err why = {0};

    (void) state;
    begin(&id);
    put(partial, "short");
    assert_int_equal(partfile_mend_core(partial, &why), 0);
    assert_int_equal(readtail(partial, 100, &text, &why), 0);
    assert_string_equal(text, "short");
}

static void the_end_of_a_file(void **state)
{
    _cleanup_free_ char *text = NULL;
    struct err why = {0};
    FILE *f = fopen(partial, "w");

    (void) state;
    fwrite("one\0two\n", 8, 1, f);
    fclose(f);
    assert_int_equal(readtail(partial, 5, &text, &why), 0);
    assert_string_equal(text, " two\n");
    free(text);
    text = NULL;
    assert_int_equal(readtail(partial, 0, &text, &why), 0);
    assert_string_equal(text, "");
    free(text);
    text = NULL;
    assert_int_equal(readtail("/nonexistent", 5, &text, &why), -ENOENT);
    assert_int_equal(readtail(scratch, 5, &text, &why), -EINVAL);
    assert_null(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_and_ours),
        cmocka_unit_test(or_like_another),
        cmocka_unit_test(another_file_in_its_place_is_not_taken),
        cmocka_unit_test(a_file_that_is_no_core_is_not_mended),
        cmocka_unit_test(the_end_of_a_file),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
