/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sys/configwrite: the config is replaced whole, keeps owner and mode, and is not touched where
 * it is not what it was, or where others could put another file in its place. And sys/imagefile's
 * locks, which are QEMU's.
 */
#include "own_process.h"
#include "scratch_dir.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/configwrite.h"
#include "sys/imagefile.h"

static void holds(const char *name, const char *text)
{
    char found[64] = "";
    FILE *f = fopen(scratch_path(name), "r");

    assert_non_null(f);
    found[fread(found, 1, sizeof found - 1, f)] = '\0';
    fclose(f);
    assert_string_equal(found, text);
}

static int replace(const char *path, const char *before, const char *now)
{
    struct config_text old = {before, strlen(before)};
    struct config_text new = {now, strlen(now)};
    struct err why = {0};
    int rc = configwrite_replace(path, &old, &new, &why);

    assert_int_equal(rc < 0, why.text[0] != '\0');
    return rc;
}

/* Every folder above is root's or ours: elsewhere nothing is to be replaced. */
static void skip_where_others_may_write(void)
{
    scratch_put("probe", "a");
    if (replace(scratch_path("probe"), "a", "b") == -EPERM) {
        SKIP("others may write to a folder above this one");
    }
}

static void test_it_is_replaced(void **state)
{
    struct stat st;
    struct stat new;

    (void) state;
    skip_where_others_may_write();
    scratch_put("vm.xml", "old");
    assert_int_equal(chmod(scratch_path("vm.xml"), 0640), 0);
    if (geteuid() == 0) {
        assert_int_equal(chown(scratch_path("vm.xml"), 7, 8), 0);
    }
    assert_int_equal(stat(scratch_path("vm.xml"), &st), 0);
    assert_int_equal(replace(scratch_path("vm.xml"), "old", "newer"), 0);
    holds("vm.xml", "newer");
    assert_int_equal(stat(scratch_path("vm.xml"), &new), 0);
    assert_int_equal(new.st_mode, st.st_mode);
    assert_int_equal(new.st_uid, st.st_uid);
    assert_int_equal(new.st_gid, st.st_gid);
    assert_true(new.st_ino != st.st_ino);
}

static void test_one_that_was_edited_is_not(void **state)
{
    static const char *const now[] = {"", "ol", "old ", "olD", "a text that is longer"};

    (void) state;
    skip_where_others_may_write();
    for (size_t i = 0; i < sizeof now / sizeof *now; i++) {
        scratch_put("vm.xml", now[i]);
        assert_int_equal(replace(scratch_path("vm.xml"), "old", "newer"), -ESTALE);
        holds("vm.xml", now[i]);
    }
}

static void test_a_link_stays_one(void **state)
{
    struct stat st;

    (void) state;
    skip_where_others_may_write();
    assert_int_equal(mkdir(scratch_path("shared"), 0700), 0);
    scratch_put("shared/vm.xml", "old");
    assert_int_equal(symlink("shared/vm.xml", scratch_path("link.xml")), 0);
    assert_int_equal(replace(scratch_path("link.xml"), "old", "newer"), 0);
    holds("shared/vm.xml", "newer");
    assert_int_equal(lstat(scratch_path("link.xml"), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
}

static void test_where_it_may_not(void **state)
{
    (void) state;
    skip_where_others_may_write();
    assert_int_equal(mkdir(scratch_path("open"), 0700), 0);
    assert_int_equal(chmod(scratch_path("open"), 0777), 0);
    scratch_put("open/vm.xml", "old");
    assert_int_equal(replace(scratch_path("open/vm.xml"), "old", "newer"), -EPERM);
    holds("open/vm.xml", "old");
    assert_int_equal(replace(scratch_path("missing.xml"), "old", "newer"), -ENOENT);
    assert_int_equal(symlink("nowhere", scratch_path("dangling.xml")), 0);
    assert_int_equal(replace(scratch_path("dangling.xml"), "old", "newer"), -ENOENT);
}

static void test_nothing_is_left_behind(void **state)
{
    DIR *d = opendir(scratch);
    const struct dirent *e;

    (void) state;
    assert_non_null(d);
    while ((e = readdir(d))) {
        assert_false(str_starts(e->d_name, ".guardedvm"));
    }
    closedir(d);
}

static void test_images(void **state)
{
    struct image image = {.there = true};
    struct err why = {0};
    char bytes[2];
    size_t count = 0;
    int one = -1;
    int two = -1;

    (void) state;
    assert_int_equal(imagefile_look(scratch_path("none"), &image, &why), 0);
    assert_false(image.there);
    scratch_put("image", "abc");
    assert_int_equal(imagefile_look(scratch_path("image"), &image, &why), 0);
    assert_true(image.there && image.regular && image.st.st_size == 3);
    assert_int_equal(imagefile_head(scratch_path("image"), bytes, 2, &count, &why), 0);
    assert_int_equal(count, 2);
    assert_memory_equal(bytes, "ab", 2);
    assert_int_equal(imagefile_lock(scratch_path("image"), &one, &why), 0);
    assert_int_equal(imagefile_lock(scratch_path("image"), &two, &why), -EBUSY);
    assert_non_null(strstr(why.text, "in use"));
    close(one);
    assert_int_equal(imagefile_lock(scratch_path("image"), &two, &why), 0);
    close(two);
    assert_int_equal(symlink("image", scratch_path("alias")), 0);
    assert_int_equal(imagefile_look(scratch_path("alias"), &image, &why), 0);
    assert_true(image.there && !image.regular);
    assert_int_equal(imagefile_lock(scratch_path("alias"), &two, &why), -ELOOP);
    assert_int_equal(mkfifo(scratch_path("fifo"), 0600), 0);
    assert_int_equal(imagefile_lock(scratch_path("fifo"), &two, &why), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_replaced),
        cmocka_unit_test(test_one_that_was_edited_is_not),
        cmocka_unit_test(test_a_link_stays_one),
        cmocka_unit_test(test_where_it_may_not),
        cmocka_unit_test(test_nothing_is_left_behind),
        cmocka_unit_test(test_images),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
