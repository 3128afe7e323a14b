/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which kinds of storage other nodes reach.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/reach.h"

static void test_file_systems(void **state)
{
    (void) state;
    assert_int_equal(reach_of_file_system("ext4"), REACH_LOCAL);
    assert_int_equal(reach_of_file_system("tmpfs"), REACH_LOCAL);
    assert_int_equal(reach_of_file_system("nfs4"), REACH_SHARED);
    assert_int_equal(reach_of_file_system("gfs2"), REACH_SHARED);
    assert_int_equal(reach_of_file_system("fuse.glusterfs"), REACH_SHARED);
    assert_int_equal(reach_of_file_system("fuse"), REACH_UNKNOWN);
    assert_int_equal(reach_of_file_system("virtiofs"), REACH_UNKNOWN);
    assert_int_equal(reach_of_file_system(""), REACH_UNKNOWN);
}

static void test_mounts(void **state)
{
    static const char text[] =
        "22 1 0:21 / /proc rw,nosuid - proc proc rw\n"
        "36 35 98:0 /mnt1 /a\\040-\\040b rw shared:1 master:2 - ext4 /dev/root rw\n"
        "37 35 0:55 / /nfs rw - nfs4 server:/x rw\n"
        "38 35 0:56 / /broken rw\n"
        "39 35 0:57 / /last rw - xfs /dev/x rw";
    char type[STORAGE_KIND_SIZE] = "";

    (void) state;
    assert_true(reach_mount_type(text, 36, type));
    assert_string_equal(type, "ext4");
    assert_true(reach_mount_type(text, 37, type));
    assert_string_equal(type, "nfs4");
    assert_true(reach_mount_type(text, 39, type));
    assert_string_equal(type, "xfs");
    assert_false(reach_mount_type(text, 38, type)); /* the next line's is not its own */
    assert_false(reach_mount_type(text, 3, type));
    assert_false(reach_mount_type(text, -1, type));
    assert_false(reach_mount_type("", 1, type));
}

static void is(struct block_facts b, enum reach reach, const char *how)
{
    const char *said = "unset";

    assert_int_equal(reach_of_block(&b, &said), reach);
    if (how) {
        assert_string_equal(said, how);
    } else {
        assert_null(said);
    }
}

static void test_block_devices(void **state)
{
    (void) state;
    is((struct block_facts) {.name = "drbd0"}, REACH_SHARED, "DRBD");
    is((struct block_facts) {.name = "loop0"}, REACH_LOCAL, "a file of this node");
    is((struct block_facts) {.name = "dm-1", .dm_uuid = "mpath-3600"}, REACH_SHARED, "multipath");
    is((struct block_facts) {.name = "dm-1", .dm_uuid = "LVM-x"}, REACH_UNKNOWN, NULL);
    is((struct block_facts) {.name = "nvme0n1", .transport = "pcie"}, REACH_LOCAL,
       "NVMe in this machine");
    is((struct block_facts) {.name = "nvme0n1", .transport = "tcp"}, REACH_SHARED,
       "NVMe over TCP");
    is((struct block_facts) {.name = "sda",
       .path = "/sys/devices/platform/host3/session1/target3:0:0/block/sda"}, REACH_SHARED,
       "iSCSI");
    is((struct block_facts) {.name = "sda", .path = "/sys/devices/pci0/ata1/host0/block/sda"},
       REACH_LOCAL, "ATA");
    is((struct block_facts) {.name = "sda", .path = "/sys/devices/pci0/host0/end_device-0:0"},
       REACH_UNKNOWN, NULL);
    is((struct block_facts) {.name = "vda"}, REACH_UNKNOWN, NULL);
}

static void test_disks_of_disks(void **state)
{
    (void) state;
    assert_int_equal(reach_of_both(REACH_SHARED, REACH_SHARED), REACH_SHARED);
    assert_int_equal(reach_of_both(REACH_SHARED, REACH_LOCAL), REACH_LOCAL);
    assert_int_equal(reach_of_both(REACH_SHARED, REACH_UNKNOWN), REACH_UNKNOWN);
    assert_int_equal(reach_of_both(REACH_UNKNOWN, REACH_LOCAL), REACH_LOCAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file_systems),
        cmocka_unit_test(test_mounts),
        cmocka_unit_test(test_block_devices),
        cmocka_unit_test(test_disks_of_disks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
