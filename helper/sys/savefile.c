/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names, checks and moves of the files of saved memory.
 */
#include "sys/savefile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/partfile.h"
#include "sys/safepath.h"
#include "sys/stage.h"

enum { NS_PER_S = 1000 * 1000 * 1000 };

static const char *const endings[SAVEFILE_LAST] = {
    [SAVEFILE_STATE] = ".state",
    [SAVEFILE_PARTIAL] = ".state.partial",
    [SAVEFILE_RESTORED] = ".state.restored",
    [SAVEFILE_STALE] = ".state.stale",
};

/* What libvirt's files of saved memory begin with, once they are complete. */
static const char COMPLETE[] = "LibvirtQemudSave";

char *savefile_path(const char *folder, const char *guest, enum savefile which)
{
    return str_printf("%s/%s%s", folder, guest, endings[which]);
}

static int fail(struct err *why, int code, const char *path, const char *what)
{
    return err_set(why, code, ERR_GENERIC, "saved memory '%s' %s: %s", path, what,
                   strerror(-code));
}

int savefile_folder(const char *folder, struct err *why)
{
    _cleanup_close_ int fd = -1;
    int rc;

    stage_at("looking at snapshot='%s'", folder);
    rc = safepath_open(folder, &fd, why);
    return rc < 0 ? err_prefix(why, rc, "snapshot") : 0;
}

static int64_t mtime_of(const struct stat *st)
{
    return (int64_t) st->st_mtim.tv_sec * NS_PER_S + st->st_mtim.tv_nsec;
}

int savefile_look(const char *folder, const char *guest, enum savefile which,
                  int64_t *ret_mtime_ns, struct err *why)
{
    _cleanup_free_ char *path = savefile_path(folder, guest, which);
    struct stat st;

    stage_at("looking at '%s'", path);
    if (lstat(path, &st) < 0) {
        return fail(why, -errno, path, "cannot be looked at");
    }
    if (ret_mtime_ns) {
        *ret_mtime_ns = mtime_of(&st);
    }
    if (!S_ISREG(st.st_mode) || (st.st_uid != 0 && st.st_uid != geteuid()) ||
        (st.st_mode & (S_IWGRP | S_IWOTH))) {
        return err_set(why, -EPERM, ERR_GENERIC, "saved memory '%s' is not a file that only root "
                       "can have written: if it is yours, chown root and chmod 0600 it; else move "
                       "it away", path);
    }
    return 0;
}

int savefile_begin(const char *folder, const char *guest, struct err *why)
{
    _cleanup_free_ char *path = savefile_path(folder, guest, SAVEFILE_PARTIAL);
    struct file_id id;

    stage_at("making '%s'", path);
    return partfile_begin(path, &id, NULL, why);
}

int savefile_is_complete(const char *folder, const char *guest, struct err *why)
{
    _cleanup_free_ char *path = savefile_path(folder, guest, SAVEFILE_PARTIAL);
    _cleanup_close_ int fd = -1;
    char start[sizeof COMPLETE - 1];
    ssize_t size;

    stage_at("reading '%s'", path);
    fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT || errno == ELOOP ? 0 : fail(why, -errno, path, "cannot be opened");
    }
    size = pread(fd, start, sizeof start, 0);
    if (size < 0) {
        return fail(why, -errno, path, "cannot be read");
    }
    return (size_t) size == sizeof start && memcmp(start, COMPLETE, sizeof start) == 0;
}

/* Where the file system keeps whole seconds only: the next one, never an earlier time. */
static int set_mtime(const char *path, int64_t ns, struct err *why)
{
    struct timespec times[2] = {
        {.tv_nsec = UTIME_OMIT},
        {.tv_sec = (time_t) (ns / NS_PER_S), .tv_nsec = (long) (ns % NS_PER_S)},
    };
    struct stat st;
    int rc = utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);

    if (rc == 0 && lstat(path, &st) == 0 && mtime_of(&st) < ns) {
        times[1].tv_sec++;
        times[1].tv_nsec = 0;
        rc = utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
    }
    return rc < 0 ? fail(why, -errno, path, "cannot be given its disks' time") : 0;
}

int savefile_publish(const char *folder, const char *guest, int64_t mtime_ns, struct err *why)
{
    _cleanup_free_ char *path = savefile_path(folder, guest, SAVEFILE_PARTIAL);
    _cleanup_free_ char *name = str_printf("%s%s", guest, endings[SAVEFILE_STATE]);
    struct file_id id;
    int rc = 0;

    stage_at("completing '%s'", path);
    if (!partfile_identify(path, &id)) {
        return fail(why, -ENOENT, path, "cannot be completed");
    }
    if (mtime_ns > 0) {
        rc = set_mtime(path, mtime_ns, why);
    }
    return rc < 0 ? rc : partfile_complete(path, &id, NULL, folder, name, why);
}

static int sync_folder(const char *folder, struct err *why)
{
    _cleanup_close_ int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return dir < 0 || fsync(dir) < 0 ? fail(why, -errno, folder, "cannot be synced") : 0;
}

int savefile_move(const char *folder, const char *guest, enum savefile from, enum savefile to,
                  struct err *why)
{
    _cleanup_free_ char *path = savefile_path(folder, guest, from);
    _cleanup_free_ char *other = savefile_path(folder, guest, to);

    stage_at("moving '%s' to '%s'", path, other);
    if (rename(path, other) < 0) {
        return fail(why, -errno, path, "cannot be moved away");
    }
    return sync_folder(folder, why);
}

int savefile_remove(const char *folder, const char *guest, enum savefile which, struct err *why)
{
    _cleanup_free_ char *path = savefile_path(folder, guest, which);

    stage_at("removing '%s'", path);
    if (unlink(path) < 0) {
        return errno == ENOENT ? 0 : fail(why, -errno, path, "cannot be removed");
    }
    return sync_folder(folder, why);
}

/* Opening is what makes NFS ask its server. */
static int64_t file_time(const char *path)
{
    struct stat st;

    stage_at("looking at disk '%s'", path);
    if (stat(path, &st) < 0 || !S_ISREG(st.st_mode)) {
        return 0;
    }
    _cleanup_close_ int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    if (fd >= 0) {
        fstat(fd, &st);
    }
    return mtime_of(&st);
}

int64_t savefile_newest_disk(const struct domxml *d)
{
    int64_t newest = d->nvram ? file_time(d->nvram) : 0;

    for (size_t i = 0; i < d->disk_count; i++) {
        const struct domxml_disk *disk = &d->disk[i];
        int64_t at = disk->network || disk->readonly || !disk->source || disk->source[0] != '/'
                         ? 0 : file_time(disk->source);

        newest = at > newest ? at : newest;
    }
    return newest;
}
