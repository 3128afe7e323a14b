/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks the kernel: /proc/self/mountinfo for a file system's type, sysfs for a disk and for the
 * disks that it is made of. What a kind means is model/reach.c's.
 */
#include "sys/storage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/procfile.h"
#include "sys/stage.h"

/* A mapping of mappings of …; the kernel itself allows no endless ones. */
enum { DEPTH_MAX = 8 };

static const char *sysfs = "/sys";

void storage_set_sysfs(const char *path)
{
    sysfs = path ? path : "/sys";
}

/* A file of one line; NULL: it is not there. */
static char *attribute(const char *folder, const char *name)
{
    _cleanup_free_ char *path = str_printf("%s/%s", folder, name);
    char *text = NULL;
    size_t size = 0;

    if (procfile_read(path, &text, &size) < 0) {
        return NULL;
    }
    text[strcspn(text, "\n")] = '\0';
    return text;
}

static enum reach reach_of_folder(const char *folder, int depth, const char **ret_how);

static enum reach reach_of_slaves(const char *folder, int depth)
{
    _cleanup_free_ char *path = str_printf("%s/slaves", folder);
    DIR *dir = depth < DEPTH_MAX ? opendir(path) : NULL;
    enum reach reach = REACH_UNKNOWN;
    bool first = true;

    for (struct dirent *e; dir && (e = readdir(dir));) {
        _cleanup_free_ char *link = str_printf("%s/%s", path, e->d_name);
        char slave[PATH_MAX];
        const char *how = NULL;

        if (e->d_name[0] == '.' || !realpath(link, slave)) {
            continue;
        }
        enum reach one = reach_of_folder(slave, depth + 1, &how);

        reach = first ? one : reach_of_both(reach, one);
        first = false;
    }
    if (dir) {
        closedir(dir);
    }
    return reach;
}

/* A partition lies in the folder of its disk, which is what the rules know. */
static void to_whole_disk(char *folder)
{
    _cleanup_free_ char *partition = attribute(folder, "partition");

    if (partition) {
        *strrchr(folder, '/') = '\0';
    }
}

static enum reach reach_of_folder(const char *folder, int depth, const char **ret_how)
{
    _cleanup_free_ char *disk = str_dup(folder);

    to_whole_disk(disk);
    _cleanup_free_ char *dm_uuid = attribute(disk, "dm/uuid");
    _cleanup_free_ char *transport = attribute(disk, "device/transport");
    struct block_facts facts = {
        .name = strrchr(disk, '/') + 1, .path = disk, .dm_uuid = dm_uuid, .transport = transport
    };
    enum reach reach = reach_of_block(&facts, ret_how);

    return reach == REACH_UNKNOWN && !*ret_how ? reach_of_slaves(disk, depth) : reach;
}

void storage_look_at_block(unsigned major, unsigned minor, struct storage *ret)
{
    _cleanup_free_ char *link = str_printf("%s/dev/block/%u:%u", sysfs, major, minor);
    char folder[PATH_MAX];
    const char *how = NULL;

    ret->block = true;
    if (!realpath(link, folder)) {
        snprintf(ret->kind, sizeof ret->kind, "block device %u:%u", major, minor);
        return;
    }
    ret->reach = reach_of_folder(folder, 0, &how);
    snprintf(ret->kind, sizeof ret->kind, "block device %s%s%s%s", strrchr(folder, '/') + 1,
             how ? " (" : "", how ? how : "", how ? ")" : "");
}

/* "mnt_id:\t35" */
static int mount_id_of(int fd)
{
    _cleanup_free_ char *path = procfile_path("self/fdinfo/%d", fd);
    _cleanup_free_ char *text = NULL;
    size_t size = 0;
    int id = -1;
    const char *field = procfile_read(path, &text, &size) == 0 ? strstr(text, "mnt_id:") : NULL;

    return field && sscanf(field, "mnt_id: %d", &id) == 1 ? id : -1;
}

static void look_at_file(int fd, struct storage *ret)
{
    _cleanup_free_ char *path = procfile_path("self/mountinfo");
    _cleanup_free_ char *mounts = NULL;
    size_t size = 0;

    snprintf(ret->kind, sizeof ret->kind, "a file system of unknown type");
    if (procfile_read(path, &mounts, &size) == 0 &&
        reach_mount_type(mounts, mount_id_of(fd), ret->kind)) {
        ret->reach = reach_of_file_system(ret->kind);
    }
}

void storage_look(const char *path, struct storage *ret)
{
    struct stat st;

    *ret = (struct storage) {.reach = REACH_UNKNOWN};
    stage_at("looking at '%s'", path);
    _cleanup_close_ int fd = open(path, O_PATH | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &st) < 0) {
        ret->error = -errno;
    } else if (S_ISBLK(st.st_mode)) {
        storage_look_at_block(major(st.st_rdev), minor(st.st_rdev), ret);
    } else if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
        /* vhost-user, vDPA: where its name lies says nothing of its data. */
        snprintf(ret->kind, sizeof ret->kind, "a device or socket of another program");
    } else {
        look_at_file(fd, ret);
    }
}
