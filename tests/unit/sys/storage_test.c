/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Real files on this machine's file systems, and disks out of a sysfs of this test's own.
 */
#include "own_process.h"
#include "scratch_dir.h"

#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/storage.h"

static void folder(const char *path)
{
    assert_int_equal(mkdir(scratch_path(path), 0700), 0);
}

static void link_to(const char *target, const char *path)
{
    assert_int_equal(symlink(target, scratch_path(path)), 0);
}

static void test_files(void **state)
{
    struct storage s;

    (void) state;
    storage_look("/proc/self/status", &s);
    assert_int_equal(s.error, 0);
    assert_string_equal(s.kind, "proc");
    assert_int_equal(s.reach, REACH_UNKNOWN);
    storage_look(scratch_path("missing"), &s);
    assert_int_equal(s.error, -ENOENT);
    storage_look("/dev/null", &s);
    assert_int_equal(s.error, 0);
    assert_false(s.block);
    assert_int_equal(s.reach, REACH_UNKNOWN);
    assert_string_equal(s.kind, "a device or socket of another program");
}

static void is(unsigned minor, enum reach reach, const char *kind)
{
    struct storage s = {0};

    storage_look_at_block(8, minor, &s);
    assert_string_equal(s.kind, kind);
    assert_int_equal(s.reach, reach);
    assert_true(s.block);
}

static void test_disks(void **state)
{
    (void) state;
    is(0, REACH_LOCAL, "block device sda (ATA)");
    is(1, REACH_LOCAL, "block device sda1 (ATA)");
    is(2, REACH_SHARED, "block device sdb (iSCSI)");
    is(99, REACH_UNKNOWN, "block device 8:99");
}

/* dm-0 is made of sda1, dm-1 of sdb and of what nobody knows, dm-2 is made of itself. */
static void test_disks_of_disks(void **state)
{
    (void) state;
    is(10, REACH_LOCAL, "block device dm-0");
    is(11, REACH_UNKNOWN, "block device dm-1");
    is(12, REACH_UNKNOWN, "block device dm-2");
    is(13, REACH_SHARED, "block device dm-3 (multipath)");
    is(14, REACH_LOCAL, "block device nvme0n1 (NVMe in this machine)");
}

static const char *const folders[] = {
    "dev", "dev/block", "devices", "devices/ata1", "devices/ata1/sda", "devices/ata1/sda/sda1",
    "devices/session1", "devices/session1/sdb", "devices/virtual", "devices/virtual/vdx",
    "devices/virtual/dm-0", "devices/virtual/dm-0/slaves", "devices/virtual/dm-0/dm",
    "devices/virtual/dm-1", "devices/virtual/dm-1/slaves", "devices/virtual/dm-2",
    "devices/virtual/dm-2/slaves", "devices/virtual/dm-3", "devices/virtual/dm-3/dm",
    "devices/virtual/nvme0n1", "devices/virtual/nvme0n1/device",
};

static int setup(void **state)
{
    if (scratch_setup(state) < 0) {
        return -1;
    }
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        folder(folders[i]);
    }
    scratch_put("devices/ata1/sda/sda1/partition", "1\n");
    scratch_put("devices/virtual/dm-0/dm/uuid", "LVM-x\n");
    scratch_put("devices/virtual/dm-3/dm/uuid", "mpath-3600\n");
    scratch_put("devices/virtual/nvme0n1/device/transport", "pcie\n");
    link_to("../../../ata1/sda/sda1", "devices/virtual/dm-0/slaves/sda1");
    link_to("../../../session1/sdb", "devices/virtual/dm-1/slaves/sdb");
    link_to("../../vdx", "devices/virtual/dm-1/slaves/vdx");
    link_to("../../dm-2", "devices/virtual/dm-2/slaves/dm-2");
    link_to("../../devices/ata1/sda", "dev/block/8:0");
    link_to("../../devices/ata1/sda/sda1", "dev/block/8:1");
    link_to("../../devices/session1/sdb", "dev/block/8:2");
    link_to("../../devices/virtual/dm-0", "dev/block/8:10");
    link_to("../../devices/virtual/dm-1", "dev/block/8:11");
    link_to("../../devices/virtual/dm-2", "dev/block/8:12");
    link_to("../../devices/virtual/dm-3", "dev/block/8:13");
    link_to("../../devices/virtual/nvme0n1", "dev/block/8:14");
    storage_set_sysfs(scratch);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_disks),
        cmocka_unit_test(test_disks_of_disks),
    };

    return cmocka_run_group_tests(tests, setup, scratch_teardown);
}
