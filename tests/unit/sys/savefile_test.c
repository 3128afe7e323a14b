/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sys/savefile: which file counts as saved memory, how it gets its name and loses it, and the time
 * that tells whether its disks were written to since.
 */
#include "scratch_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "sys/savefile.h"

#define COMPLETE "LibvirtQemudSave and the rest"
#define HALF "LibvirtQemudPart and the rest"

enum { SECOND_NS = 1000 * 1000 * 1000 };

static int look(enum savefile which)
{
    return savefile_look(scratch, "vm", which, NULL, NULL);
}

static void set_time(const char *name, int64_t ns)
{
    struct timespec times[2] = {
        {.tv_nsec = UTIME_OMIT}, {.tv_sec = ns / SECOND_NS, .tv_nsec = ns % SECOND_NS},
    };

    assert_int_equal(utimensat(AT_FDCWD, scratch_path(name), times, 0), 0);
}

static void names_are_virtual_domains(void **state)
{
    _cleanup_free_ char *path = savefile_path("/srv/saved", "my vm", SAVEFILE_STATE);

    (void) state;
    assert_string_equal(path, "/srv/saved/my vm.state");
}

static void only_roots_own_regular_file_counts(void **state)
{
    struct err why = {0};

    (void) state;
    assert_int_equal(look(SAVEFILE_STATE), -ENOENT);
    scratch_put("vm.state", COMPLETE);
    assert_int_equal(look(SAVEFILE_STATE), 0);
    assert_int_equal(chmod(scratch_path("vm.state"), 0620), 0);
    assert_int_equal(savefile_look(scratch, "vm", SAVEFILE_STATE, NULL, &why), -EPERM);
    assert_non_null(strstr(why.text, "vm.state"));
    assert_int_equal(unlink(scratch_path("vm.state")), 0);
    scratch_put("elsewhere", COMPLETE);
    assert_int_equal(symlink(scratch_path("elsewhere"), scratch_path("vm.state")), 0);
    assert_int_equal(look(SAVEFILE_STATE), -EPERM);
    assert_int_equal(unlink(scratch_path("vm.state")), 0);
    assert_int_equal(mkdir(scratch_path("vm.state"), 0700), 0);
    assert_int_equal(look(SAVEFILE_STATE), -EPERM);
    assert_int_equal(rmdir(scratch_path("vm.state")), 0);
}

static void a_folder_of_others_is_refused(void **state)
{
    struct err why = {0};

    (void) state;
    assert_int_equal(savefile_folder(scratch_path("nowhere"), &why), -ENOENT);
    assert_int_equal(why.kind, ERR_INSTALLED);
    assert_non_null(strstr(why.text, "snapshot: "));
    assert_int_equal(mkdir(scratch_path("open"), 0700), 0);
    assert_int_equal(chmod(scratch_path("open"), 0777), 0);
    assert_int_equal(savefile_folder(scratch_path("open"), &why), -EPERM);
    assert_non_null(strstr(why.text, "chmod go-w"));
}

static void a_partial_file_is_never_a_state(void **state)
{
    (void) state;
    scratch_put("vm.state.partial", "of an interrupted save");
    assert_int_equal(savefile_begin(scratch, "vm", NULL), 0);
    assert_int_equal(savefile_is_complete(scratch, "vm", NULL), 0);
    scratch_put("vm.state.partial", HALF);
    assert_int_equal(savefile_is_complete(scratch, "vm", NULL), 0);
    scratch_put("vm.state.partial", COMPLETE);
    assert_int_equal(savefile_is_complete(scratch, "vm", NULL), 1);
    assert_int_equal(look(SAVEFILE_STATE), -ENOENT);
    assert_int_equal(savefile_remove(scratch, "vm", SAVEFILE_PARTIAL, NULL), 0);
    assert_int_equal(savefile_remove(scratch, "vm", SAVEFILE_PARTIAL, NULL), 0);
    assert_int_equal(symlink(scratch_path("elsewhere"), scratch_path("vm.state.partial")), 0);
    assert_int_equal(savefile_is_complete(scratch, "vm", NULL), 0);
    assert_int_equal(savefile_begin(scratch, "vm", NULL), 0);
    assert_true(scratch_has("elsewhere"));
    assert_int_equal(look(SAVEFILE_PARTIAL), 0);
}

static void what_cannot_be_read_is_not_called_incomplete(void **state)
{
    struct err why = {0};

    (void) state;
    assert_int_equal(unlink(scratch_path("vm.state.partial")), 0);
    assert_int_equal(savefile_is_complete(scratch, "vm", &why), 0);
    assert_int_equal(mkdir(scratch_path("vm.state.partial"), 0700), 0);
    assert_int_equal(savefile_is_complete(scratch, "vm", &why), -EISDIR);
    assert_non_null(strstr(why.text, "vm.state.partial"));
    assert_int_equal(rmdir(scratch_path("vm.state.partial")), 0);
}

static void it_gets_its_name_and_its_disks_time(void **state)
{
    const int64_t newest = (int64_t) 1700000000 * SECOND_NS + 123456789;
    int64_t seen = 0;
    struct err why = {0};

    (void) state;
    assert_int_equal(savefile_remove(scratch, "vm", SAVEFILE_PARTIAL, NULL), 0);
    assert_int_equal(savefile_publish(scratch, "vm", newest, &why), -ENOENT);
    assert_int_equal(savefile_begin(scratch, "vm", NULL), 0);
    assert_true(savefile_publish(scratch, "vm", newest, &why) < 0); /* it is empty */
    assert_false(scratch_has("vm.state"));
    scratch_put("vm.state.partial", COMPLETE);
    scratch_put("vm.state", "an older one");
    assert_int_equal(savefile_publish(scratch, "vm", newest, &why), 0);
    assert_false(scratch_has("vm.state.partial"));
    assert_int_equal(savefile_look(scratch, "vm", SAVEFILE_STATE, &seen, &why), 0);
    assert_true(seen == newest);
}

static void it_loses_its_name_once(void **state)
{
    (void) state;
    scratch_put("vm.state", COMPLETE);
    assert_int_equal(savefile_move(scratch, "vm", SAVEFILE_STATE, SAVEFILE_RESTORED, NULL), 0);
    assert_int_equal(look(SAVEFILE_STATE), -ENOENT);
    assert_true(scratch_has("vm.state.restored"));
    assert_int_equal(savefile_move(scratch, "vm", SAVEFILE_STATE, SAVEFILE_RESTORED, NULL),
                     -ENOENT);
    assert_true(scratch_has("vm.state.restored"));
}

static void the_newest_disk_counts(void **state)
{
    char disk[2 * SCRATCH_BYTES], nvram[2 * SCRATCH_BYTES], cdrom[2 * SCRATCH_BYTES];
    struct domxml_disk disks[] = {
        {.source = disk}, {.source = cdrom, .readonly = true}, {.source = NULL},
        {.source = (char *) "pool/volume"}, {.source = (char *) "/dev/null"},
        {.source = (char *) "rbd:x", .network = true}, {.source = (char *) "/no/such/disk"},
    };
    struct domxml d = {.disk = disks, .disk_count = sizeof disks / sizeof disks[0]};

    (void) state;
    scratch_put("disk", "d");
    scratch_put("nvram", "n");
    scratch_put("cdrom", "c");
    snprintf(disk, sizeof disk, "%s/disk", scratch);
    snprintf(nvram, sizeof nvram, "%s/nvram", scratch);
    snprintf(cdrom, sizeof cdrom, "%s/cdrom", scratch);
    set_time("disk", 5000 + (int64_t) SECOND_NS);
    set_time("nvram", 5001 + (int64_t) SECOND_NS);
    assert_true(savefile_newest_disk(&d) == 5000 + (int64_t) SECOND_NS);
    d.nvram = nvram;
    assert_true(savefile_newest_disk(&d) == 5001 + (int64_t) SECOND_NS);
    d = (struct domxml) {.disk = &disks[2], .disk_count = 5};
    assert_true(savefile_newest_disk(&d) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_virtual_domains),
        cmocka_unit_test(only_roots_own_regular_file_counts),
        cmocka_unit_test(a_folder_of_others_is_refused),
        cmocka_unit_test(a_partial_file_is_never_a_state),
        cmocka_unit_test(what_cannot_be_read_is_not_called_incomplete),
        cmocka_unit_test(it_gets_its_name_and_its_disks_time),
        cmocka_unit_test(it_loses_its_name_once),
        cmocka_unit_test(the_newest_disk_counts),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
