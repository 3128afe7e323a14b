/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard/overlay with the real qemu-img: what an overlay is made of, and what it keeps of the one
 * that it replaces. What must not be replaced is tests/scenario/domain.bats'.
 */
#include "../sys/own_process.h"
#include "../sys/scratch_dir.h"

#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/overlay.h"

enum { LONG_MS = 20000, OTHER_ID = 64321 };

static char *overlay;
static char *base;

static void raw_base(void)
{
    FILE *f = fopen(base, "w");

    assert_non_null(f);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(truncate(base, 1 << 20), 0);
}

static int prepare(bool stateless, struct err *why)
{
    _cleanup_free_ char *config = str_printf("%s/vm.xml", scratch);
    _cleanup_free_ char *xml = str_printf(
        "<domain><name>vm</name><devices><disk type='file'><source file='%s'/></disk></devices>"
        "</domain>", overlay);
    struct params p = {.config = config, .backingfile = base, .stateless = stateless};
    _cleanup_domxml_ struct domxml *d = NULL;

    assert_int_equal(domxml_parse(xml, strlen(xml), &d, why), 0);
    return overlay_prepare(&p, d, deadline_in_ms(LONG_MS), why);
}

static bool can_make(void)
{
    return access("/usr/bin/qemu-img", X_OK) == 0;
}

static void made_where_it_is_not_there(void **state)
{
    struct err why = {0};
    struct stat st;

    (void) state;
    if (!can_make()) {
        SKIP("qemu-img is not installed");
    }
    raw_base();
    assert_int_equal(prepare(false, &why), 1);
    assert_int_equal(stat(overlay, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(prepare(false, &why), 0);
}

static void made_anew_it_keeps_its_owner_and_mode(void **state)
{
    struct err why = {0};
    struct stat before;
    struct stat after;

    (void) state;
    if (!can_make()) {
        SKIP("qemu-img is not installed");
    }
    assert_int_equal(chmod(overlay, 0640), 0);
    if (geteuid() == 0) {
        assert_int_equal(chown(overlay, OTHER_ID, OTHER_ID), 0);
    }
    assert_int_equal(stat(overlay, &before), 0);
    assert_int_equal(prepare(true, &why), 1);
    assert_int_equal(stat(overlay, &after), 0);
    assert_true(before.st_ino != after.st_ino);
    assert_int_equal(after.st_mode, before.st_mode);
    assert_int_equal(after.st_uid, before.st_uid);
    assert_int_equal(after.st_gid, before.st_gid);
}

/* One that an administrator has made ready, with its owner. */
static void an_empty_file_keeps_them_too(void **state)
{
    struct err why = {0};
    struct stat st;

    (void) state;
    if (!can_make()) {
        SKIP("qemu-img is not installed");
    }
    assert_int_equal(truncate(overlay, 0), 0);
    assert_int_equal(prepare(false, &why), 1);
    assert_int_equal(stat(overlay, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_true(st.st_size > 0);
}

static int qemu_img(const char *words)
{
    _cleanup_free_ char *line = str_printf("qemu-img %s >/dev/null", words);

    return system(line);
}

/* It is over backingfile, and all the same somebody's: its data would be left behind. */
static void one_with_a_data_file_is_not_replaced(void **state)
{
    _cleanup_free_ char *words = str_printf("create -q -f qcow2 -o data_file=%s/data -F raw -b %s "
                                            "%s", scratch, base, overlay);
    struct err why = {0};

    (void) state;
    if (!can_make()) {
        SKIP("qemu-img is not installed");
    }
    assert_int_equal(unlink(overlay), 0);
    assert_int_equal(qemu_img(words), 0);
    assert_int_equal(prepare(true, &why), -EEXIST);
    assert_non_null(strstr(why.text, "a data file of its own over "));
}

static void it_says_why_it_cannot(void **state)
{
    struct err why = {0};

    (void) state;
    if (!can_make()) {
        SKIP("qemu-img is not installed");
    }
    free(base);
    base = str_printf("%s/base.qcow2", scratch);
    raw_base();
    assert_int_equal(unlink(overlay), 0);
    assert_int_equal(prepare(false, &why), -EIO);
    assert_non_null(strstr(why.text, ": Image is not in qcow2 format"));
    assert_int_equal(access(overlay, F_OK), -1);
}

static int setup(void **state)
{
    int rc = scratch_setup(state);

    overlay = str_printf("%s/vm.qcow2", scratch);
    base = str_printf("%s/base.img", scratch);
    return rc;
}

static int teardown(void **state)
{
    free(overlay);
    free(base);
    return scratch_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(made_where_it_is_not_there),
        cmocka_unit_test(made_anew_it_keeps_its_owner_and_mode),
        cmocka_unit_test(an_empty_file_keeps_them_too),
        cmocka_unit_test(one_with_a_data_file_is_not_replaced),
        cmocka_unit_test(it_says_why_it_cannot),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
