/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kinds of storage and whom they reach, as tables. A kind that no row knows is unknown: a
 * guess would be a false alarm, or a false peace.
 */
#include "model/reach.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

static const char *const local_types[] = {
    "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "bcachefs", "tmpfs", "ramfs",
    "overlay", "vfat", "exfat", "iso9660", "squashfs", "erofs",
};
static const char *const shared_types[] = {
    "nfs", "nfs4", "gfs2", "ocfs2", "ceph", "fuse.ceph", "fuse.ceph-fuse", "fuse.glusterfs",
    "glusterfs", "cifs", "smb3", "lustre", "gpfs", "beegfs", "orangefs", "afs", "fuse.mfs",
    "fuse.juicefs", "fuse.sshfs",
};

enum { LOCAL_TYPES = sizeof local_types / sizeof local_types[0] };
enum { SHARED_TYPES = sizeof shared_types / sizeof shared_types[0] };

static bool among(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(word, words[i])) {
            return true;
        }
    }
    return false;
}

enum reach reach_of_file_system(const char *type)
{
    if (among(type, shared_types, SHARED_TYPES)) {
        return REACH_SHARED;
    }
    return among(type, local_types, LOCAL_TYPES) ? REACH_LOCAL : REACH_UNKNOWN;
}

/* "36 35 98:0 / /mnt rw shared:1 - ext4 /dev/sda1 rw": the fields before the dash vary. */
bool reach_mount_type(const char *mountinfo, int id, char ret[STORAGE_KIND_SIZE])
{
    for (const char *line = mountinfo; *line;) {
        size_t length = strcspn(line, "\n");
        int number = -1;

        if (sscanf(line, "%d ", &number) == 1 && number == id) {
            const char *dash = strstr(line, " - ");

            return dash && dash < line + length && sscanf(dash, " - %63s", ret) == 1;
        }
        line += length + (line[length] == '\n');
    }
    return false;
}

/* A text that the name begins with, or that stands in its path, dm UUID or transport. */
struct block_rule {
    enum { BY_NAME, BY_PATH, BY_DM_UUID, BY_TRANSPORT } by;
    const char *text;
    enum reach reach;
    const char *how;
};

static const struct block_rule block_rules[] = {
    {BY_NAME, "drbd", REACH_SHARED, "DRBD"},
    {BY_NAME, "rbd", REACH_SHARED, "Ceph"},
    {BY_NAME, "nbd", REACH_SHARED, "NBD"},
    {BY_NAME, "loop", REACH_LOCAL, "a file of this node"},
    {BY_NAME, "ram", REACH_LOCAL, "memory"},
    {BY_NAME, "zram", REACH_LOCAL, "memory"},
    {BY_NAME, "pmem", REACH_LOCAL, "memory"},
    {BY_NAME, "mmcblk", REACH_LOCAL, "a card"},
    {BY_DM_UUID, "mpath-", REACH_SHARED, "multipath"},
    {BY_TRANSPORT, "pcie", REACH_LOCAL, "NVMe in this machine"},
    {BY_TRANSPORT, "tcp", REACH_SHARED, "NVMe over TCP"},
    {BY_TRANSPORT, "rdma", REACH_SHARED, "NVMe over RDMA"},
    {BY_TRANSPORT, "fc", REACH_SHARED, "NVMe over Fibre Channel"},
    {BY_PATH, "/session", REACH_SHARED, "iSCSI"},
    {BY_PATH, "/rport-", REACH_SHARED, "Fibre Channel"},
    {BY_PATH, "/ata", REACH_LOCAL, "ATA"},
    {BY_PATH, "/usb", REACH_LOCAL, "USB"},
};

static bool rule_fits(const struct block_rule *r, const struct block_facts *b)
{
    switch (r->by) {
    case BY_NAME: return str_starts(b->name, r->text);
    case BY_PATH: return b->path && strstr(b->path, r->text);
    case BY_DM_UUID: return b->dm_uuid && str_starts(b->dm_uuid, r->text);
    case BY_TRANSPORT: return str_eq(b->transport, r->text);
    }
    return false;
}

enum reach reach_of_block(const struct block_facts *b, const char **ret_how)
{
    for (size_t i = 0; i < sizeof block_rules / sizeof block_rules[0]; i++) {
        if (rule_fits(&block_rules[i], b)) {
            *ret_how = block_rules[i].how;
            return block_rules[i].reach;
        }
    }
    *ret_how = NULL;
    return REACH_UNKNOWN;
}

enum reach reach_of_both(enum reach a, enum reach b)
{
    if (a == REACH_LOCAL || b == REACH_LOCAL) {
        return REACH_LOCAL;
    }
    return a == b ? a : REACH_UNKNOWN;
}
