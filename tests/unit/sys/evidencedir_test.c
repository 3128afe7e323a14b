/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sys/evidencedir and sys/safepath: folders that only root can exchange, whatever somebody planted.
 */
#include <dirent.h>
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
#include "sys/evidencedir.h"
#include "sys/safepath.h"

static const int64_t SEEN_MS = INT64_C(1796031340123); /* 2026-11-30T09:35:40.123Z */

static char *in_scratch(const char *name)
{
    return str_printf("%s/%s", scratch, name);
}

static void put_folder(const char *name, mode_t mode)
{
    _cleanup_free_ char *path = in_scratch(name);

    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static int opens(const char *name)
{
    _cleanup_free_ char *path = in_scratch(name);
    struct err why = {0};
    int fd = -1;
    int rc = safepath_open(path, &fd, &why);

    assert_int_equal(fd >= 0, rc == 0);
    assert_int_equal(why.text[0] != '\0', rc < 0);
    cleanup_close(&fd);
    return rc;
}

static void only_what_others_cannot_exchange(void **state)
{
    _cleanup_free_ char *link_path = in_scratch("link");
    _cleanup_free_ char *loop_path = in_scratch("loop");
    _cleanup_free_ char *file_path = in_scratch("file");

    (void) state;
    put_folder("good", 0755);
    put_folder("good/inner", 0700);
    put_folder("open", 0777);
    put_folder("open/inner", 0700);
    put_folder("group", 0770);
    put_folder("sticky", 01777);
    put_folder("sticky/inner", 0700);
    assert_int_equal(symlink("good", link_path), 0);
    assert_int_equal(symlink("loop", loop_path), 0);
    fclose(fopen(file_path, "w"));
    assert_int_equal(opens("good/inner"), 0);
    assert_int_equal(opens("good//./inner/"), 0);
    assert_int_equal(opens("open"), -EPERM);
    assert_int_equal(opens("open/inner"), -EPERM);
    assert_int_equal(opens("group"), -EPERM);
    assert_int_equal(opens("sticky/inner"), 0);
    assert_int_equal(opens("link/inner"), 0); /* an administrator's */
    assert_int_equal(opens("loop"), -ELOOP);
    assert_int_equal(opens("none"), -ENOENT);
    assert_int_equal(opens("file"), -ENOTDIR);
}

/* Somebody else's link in a folder like /tmp, as only root can make it for the test. */
static void not_through_a_planted_link(void **state)
{
    _cleanup_free_ char *path = in_scratch("sticky/planted");
    _cleanup_free_ char *target = in_scratch("good");

    (void) state;
    if (geteuid() != 0) {
        skip();
    }
    assert_int_equal(symlink(target, path), 0);
    assert_int_equal(opens("sticky/planted"), 0);
    assert_int_equal(lchown(path, 65534, 65534), 0);
    assert_int_equal(opens("sticky/planted"), -EPERM);
    assert_int_equal(evidencedir_check(path, NULL), -EPERM);
}

static void a_folder_for_each_incident(void **state)
{
    _cleanup_free_ char *base = in_scratch("good");
    _cleanup_free_ char *expected = in_scratch("good/a%2Fb/20261130T093540.123Z");
    _cleanup_free_ char *path = NULL;
    _cleanup_free_ char *again = NULL;
    struct err why = {0};
    struct stat st;

    (void) state;
    assert_int_equal(evidencedir_make(base, "a/b", SEEN_MS, &path, &why), 0);
    assert_string_equal(path, expected);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(evidencedir_make(base, "a/b", SEEN_MS, &again, &why), 0);
    assert_string_equal(path, again);
    assert_int_equal(chmod(path, 0755), 0);
    free(again);
    again = NULL;
    assert_int_equal(evidencedir_make(base, "a/b", SEEN_MS, &again, &why), -EPERM);
    assert_null(again);
    assert_int_equal(chmod(path, 0700), 0);
}

static void a_missing_folder_is_not_made(void **state)
{
    _cleanup_free_ char *base = in_scratch("unmounted");
    struct err why = {0};
    char *path = NULL;
    struct stat st;

    (void) state;
    assert_int_equal(evidencedir_make(base, "x", SEEN_MS, &path, &why), -ENOENT);
    assert_non_null(strstr(why.text, "dump_dir="));
    assert_null(path);
    assert_int_equal(stat(base, &st), -1);
    assert_int_equal(evidencedir_check(base, &why), -ENOENT);
}

static char *make_one(int i)
{
    _cleanup_free_ char *base = in_scratch("good");
    struct err why = {0};
    char *path = NULL;

    assert_int_equal(evidencedir_make(base, "many", SEEN_MS + i, &path, &why), 0);
    assert_int_equal(evidencedir_write(path, "core.elf", "x", 1, &why), 0);
    return path;
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void are_there(const char *const *expected, size_t expected_count)
{
    _cleanup_free_ char *guest = in_scratch("good/many");
    struct dirent **entry = NULL;
    int count = scandir(guest, &entry, is_shown, alphasort);

    assert_int_equal(count, expected_count);
    for (int i = 0; i < count; i++) {
        assert_string_equal(entry[i]->d_name, expected[i]);
        free(entry[i]);
    }
    free(entry);
}

static void only_the_newest_stay(void **state)
{
    static const char *const two[] = {
        "2-is-an-administrators", "20261130T093540.125Z", "20261130T093540.126Z", "notes",
    };
    static const char *const set_back[] = {
        "2-is-an-administrators", "20261130T093540.122Z", "notes",
    };
    _cleanup_free_ char *foreign = in_scratch("good/many/2-is-an-administrators");
    _cleanup_free_ char *notes = in_scratch("good/many/notes");
    char *path[4];
    struct err why = {0};

    (void) state;
    for (int i = 0; i < 4; i++) {
        path[i] = make_one(i);
    }
    /* What a killed writer left does not keep a folder. */
    _cleanup_free_ char *hidden = str_printf("%s/.guardedvm-0", path[0]);
    fclose(fopen(hidden, "w"));
    assert_int_equal(mkdir(foreign, 0700), 0);
    assert_int_equal(mkdir(notes, 0700), 0);
    assert_int_equal(evidencedir_prune(path[3], 2, &why), 0);
    are_there(two, 4);
    assert_int_equal(evidencedir_prune(path[3], 2, &why), 0);
    are_there(two, 4);
    /* The newest is the one that is named, also where the clock was set back. */
    _cleanup_free_ char *earlier = make_one(-1);
    assert_int_equal(evidencedir_prune(earlier, 1, &why), 0);
    are_there(set_back, 3);
    for (int i = 0; i < 4; i++) {
        free(path[i]);
    }
}

static void mark_whole(const char *path)
{
    struct err why = {0};

    assert_int_equal(evidencedir_write(path, EVIDENCEDIR_INDEX, "{}", 2, &why), 0);
}

/* 133 and 134 are whole, what else is older than the last one is a picture of a guest that hung. */
static void a_picture_pushes_out_no_dump(void **state)
{
    static const char *const all[] = {
        "2-is-an-administrators", "20261130T093540.122Z", "20261130T093540.133Z",
        "20261130T093540.134Z", "20261130T093540.135Z", "20261130T093540.136Z", "notes",
    };
    static const char *const pictures_gone[] = {
        "2-is-an-administrators", "20261130T093540.133Z", "20261130T093540.134Z",
        "20261130T093540.136Z", "notes",
    };
    static const char *const dumps_gone[] = {
        "2-is-an-administrators", "20261130T093540.134Z", "20261130T093540.136Z",
        "20261130T093540.137Z", "notes",
    };
    char *path[5];
    struct err why = {0};

    (void) state;
    for (int i = 0; i < 4; i++) {
        path[i] = make_one(10 + i);
    }
    mark_whole(path[0]);
    mark_whole(path[1]);
    assert_int_equal(evidencedir_prune(path[3], 4, &why), 0);
    are_there(all, 7);
    assert_int_equal(evidencedir_prune(path[3], 1, &why), 0);
    are_there(pictures_gone, 5);
    path[4] = make_one(14);
    mark_whole(path[4]);
    assert_int_equal(evidencedir_prune(path[4], 2, &why), 0);
    are_there(dumps_gone, 5);
    for (int i = 0; i < 5; i++) {
        free(path[i]);
    }
}

static void free_space_is_told(void **state)
{
    struct err why = {0};
    int64_t mib = -1;

    (void) state;
    assert_int_equal(evidencedir_free_mib(scratch, &mib, &why), 0);
    assert_true(mib > 0);
    assert_int_equal(evidencedir_free_mib("/nonexistent", &mib, &why), -ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_others_cannot_exchange),
        cmocka_unit_test(not_through_a_planted_link),
        cmocka_unit_test(a_folder_for_each_incident),
        cmocka_unit_test(a_missing_folder_is_not_made),
        cmocka_unit_test(only_the_newest_stay),
        cmocka_unit_test(a_picture_pushes_out_no_dump),
        cmocka_unit_test(free_space_is_told),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
