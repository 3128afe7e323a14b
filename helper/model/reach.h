/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether other nodes reach what lies on a storage, as far as its kind tells: a network file
 * system is theirs too, a disk in this machine is not, and of many kinds nobody can know.
 */
#ifndef GVM_MODEL_REACH_H
#define GVM_MODEL_REACH_H

#include <stdbool.h>
#include <stddef.h>

enum reach {
    REACH_UNKNOWN = 0, /* its kind does not tell */
    REACH_LOCAL,       /* this node's, or one node's at a time */
    REACH_SHARED
};

enum { STORAGE_KIND_SIZE = 64 };

/* What was found at a path; plain data. */
struct storage {
    int error; /* 0, or the negative errno of looking: nothing else is known then */
    bool block;
    enum reach reach;
    char kind[STORAGE_KIND_SIZE]; /* "ext4", "block device sda (iSCSI)" */
};

/* By the name that mount(8) shows. */
enum reach reach_of_file_system(const char *type);

/*
 * The type of file system of mount `id` in the text of /proc/PID/mountinfo, into ret. False:
 * there is no such mount.
 */
bool reach_mount_type(const char *mountinfo, int id, char ret[STORAGE_KIND_SIZE]);

/* A disk as sysfs tells of it; NULL where it tells nothing. */
struct block_facts {
    const char *name;      /* "sda", "dm-3", "drbd0" */
    const char *path;      /* of the device in sysfs, links resolved */
    const char *dm_uuid;   /* "mpath-36001405…", "LVM-…" */
    const char *transport; /* of an NVMe controller: "pcie", "tcp" */
};

/* *ret_how: what it is, in a word; NULL: nothing to add. UNKNOWN also where the disks below it
 * decide. */
enum reach reach_of_block(const struct block_facts *b, const char **ret_how);

/* Of a disk that is made of several. */
enum reach reach_of_both(enum reach a, enum reach b);

#endif
