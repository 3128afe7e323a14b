/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that a person asked for: whole and private, or as it was; nothing that somebody
 * planted is followed, and nothing is left behind.
 */
#include "own_process.h"
#include "scratch_dir.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "sys/outfile.h"

static int written(const char *path, const char *text)
{
    struct err why = {0};
    int rc = outfile_write(path, text, strlen(text), &why);

    assert_int_equal(rc < 0, why.text[0] != '\0');
    return rc;
}

static void holds(const char *path, const char *text)
{
    char found[64] = "";
    FILE *f = fopen(path, "r");
    struct stat st;

    assert_non_null(f);
    found[fread(found, 1, sizeof found - 1, f)] = '\0';
    fclose(f);
    assert_string_equal(found, text);
    assert_int_equal(lstat(path, &st), 0);
    assert_true(S_ISREG(st.st_mode));
}

static mode_t mode_of(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

static int entries(void)
{
    DIR *d = opendir(scratch);
    int count = 0;

    assert_non_null(d);
    while (readdir(d)) {
        count++;
    }
    closedir(d);
    return count - 2;
}

static void test_a_new_file_is_its_owners_alone(void **state)
{
    mode_t before;

    (void) state;
    for (mode_t mask = 0; mask <= 0777; mask += 0777) {
        before = umask(mask);
        assert_int_equal(written(scratch_path("new"), "text"), 0);
        umask(before);
        assert_int_equal(mode_of(scratch_path("new")), 0600);
        holds(scratch_path("new"), "text");
    }
    assert_int_equal(entries(), 1);
}

static void test_a_file_is_replaced_whatever_its_mode(void **state)
{
    struct stat old;
    struct stat new;

    (void) state;
    assert_int_equal(chmod(scratch_path("new"), 0666), 0);
    assert_int_equal(stat(scratch_path("new"), &old), 0);
    assert_int_equal(written(scratch_path("new"), "other"), 0);
    assert_int_equal(stat(scratch_path("new"), &new), 0);
    assert_true(old.st_ino != new.st_ino); /* who has the old one open sees nothing of it */
    assert_int_equal(mode_of(scratch_path("new")), 0600);
    holds(scratch_path("new"), "other");
    assert_int_equal(entries(), 1);
}

static void test_what_is_planted_is_neither_followed_nor_replaced(void **state)
{
    struct stat st;

    (void) state;
    assert_int_equal(symlink(scratch_path("new"), scratch_path("link")), 0);
    assert_int_equal(symlink("/nowhere", scratch_path("dangling")), 0);
    assert_int_equal(mkfifo(scratch_path("fifo"), 0600), 0);
    assert_int_equal(mkdir(scratch_path("folder"), 0700), 0);
    assert_int_equal(written(scratch_path("link"), "x"), -EEXIST);
    assert_int_equal(written(scratch_path("dangling"), "x"), -EEXIST);
    assert_int_equal(written(scratch_path("fifo"), "x"), -EEXIST);
    assert_int_equal(written(scratch_path("folder"), "x"), -EEXIST);
    assert_int_equal(written("/dev/null", "x"), -EEXIST);
    assert_int_equal(written("/dev/stdout", "x"), -EEXIST);
    holds(scratch_path("new"), "other");
    assert_int_equal(lstat(scratch_path("link"), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(entries(), 5);
}

static void test_where_it_cannot_be(void **state)
{
    (void) state;
    assert_int_equal(written(scratch_path("folder/"), "x"), -EISDIR);
    assert_int_equal(written(scratch_path("."), "x"), -EISDIR);
    assert_int_equal(written("..", "x"), -EISDIR);
    assert_int_equal(written("", "x"), -EISDIR);
    assert_int_equal(written("/", "x"), -EISDIR);
    assert_int_equal(written("/nowhere/file", "x"), -ENOENT);
    assert_int_equal(written("/dev/null/file", "x"), -ENOTDIR);
    assert_true(written("/proc/file", "x") < 0);
    assert_int_equal(entries(), 5);
}

static void test_a_name_without_a_folder(void **state)
{
    int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    (void) state;
    assert_int_equal(chdir(scratch), 0);
    assert_int_equal(written("plain", "here"), 0);
    assert_int_equal(written("folder/inner", "there"), 0);
    assert_int_equal(written("./-", "dash"), 0);
    assert_int_equal(fchdir(here), 0);
    close(here);
    holds(scratch_path("plain"), "here");
    holds(scratch_path("-"), "dash");
}

/* The disk is full: what was there stays, and no half a file beside it. */
static void test_what_does_not_fit_leaves_all_as_it_was(void **state)
{
    static char large[1 << 20];
    pid_t pid = fork();
    int status;

    (void) state;
    assert_true(pid >= 0);
    if (pid == 0) {
        const struct rlimit limit = {.rlim_cur = 4096, .rlim_max = 4096};

        signal(SIGXFSZ, SIG_IGN);
        CHILD_CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
        CHILD_CHECK(outfile_write(scratch_path("plain"), large, sizeof large, NULL) == -EFBIG);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    holds(scratch_path("plain"), "here");
    assert_int_equal(entries(), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_file_is_its_owners_alone),
        cmocka_unit_test(test_a_file_is_replaced_whatever_its_mode),
        cmocka_unit_test(test_what_is_planted_is_neither_followed_nor_replaced),
        cmocka_unit_test(test_where_it_cannot_be),
        cmocka_unit_test(test_a_name_without_a_folder),
        cmocka_unit_test(test_what_does_not_fit_leaves_all_as_it_was),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
