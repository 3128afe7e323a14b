/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes beside the target, under a name that nobody can guess and so nobody can have put a
 * link at, and renames. The folder is opened once: what is renamed is what was written in it.
 */
#include "sys/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/fileio.h"
#include "sys/randomread.h"

enum { COPY_MOST = 64 * 1024 * 1024 };

static int fail(struct err *why, int code, const char *path, const char *what)
{
    return err_set(why, code, ERR_GENERIC, "%s %s: %s", path, what, strerror(-code));
}

static int open_folder(const char *path, const char **ret_name, int *ret_fd, struct err *why)
{
    _cleanup_free_ char *folder = str_dup(path);
    char *slash = strrchr(folder, '/');
    const char *name = slash ? path + (slash + 1 - folder) : path;
    int fd;

    if (!*name || str_eq(name, ".") || str_eq(name, "..")) {
        return err_set(why, -EISDIR, ERR_ARGS, "'%s' is not the name of a file", path);
    }
    if (slash) {
        slash[1] = '\0'; /* "/" stays */
    }
    fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return fail(why, -errno, slash ? folder : ".", "cannot be opened");
    }
    *ret_name = name;
    *ret_fd = fd;
    return 0;
}

/* What is planted after this look is replaced by the rename, which follows nothing either. */
static int may_replace(int dir, const char *name, const char *path, struct err *why)
{
    struct stat st;

    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        return errno == ENOENT ? 0 : fail(why, -errno, path, "cannot be looked at");
    }
    if (!S_ISREG(st.st_mode)) {
        return err_set(why, -EEXIST, ERR_ARGS, "%s is there, and is no regular file: it is "
                       "neither followed nor replaced", path);
    }
    return 0;
}

static int make_temporary(int dir, char **ret_name, int *ret_fd)
{
    uint64_t random[2];
    _cleanup_free_ char *name = NULL;
    int fd;

    if (getrandom(random, sizeof random, 0) != sizeof random) {
        return -EIO;
    }
    name = str_printf(".guardedvm-%016" PRIx64 "%016" PRIx64, random[0], random[1]);
    fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return -errno;
    }
    *ret_name = name;
    *ret_fd = fd;
    name = NULL;
    return 0;
}

int outfile_write(const char *path, const char *text, size_t size, struct err *why)
{
    _cleanup_close_ int dir = -1;
    _cleanup_close_ int fd = -1;
    _cleanup_free_ char *temporary = NULL;
    const char *name = NULL;
    int rc = open_folder(path, &name, &dir, why);

    if (rc == 0) {
        rc = may_replace(dir, name, path, why);
    }
    if (rc < 0) {
        return rc;
    }
    rc = make_temporary(dir, &temporary, &fd);
    if (rc < 0) {
        return fail(why, rc, path, "cannot be made");
    }
    /* A umask may have taken more than it should. */
    rc = fchmod(fd, 0600) < 0 ? -errno : file_write_synced(fd, text, size);
    if (rc == 0 && renameat(dir, temporary, dir, name) < 0) {
        rc = -errno;
    }
    if (rc < 0) {
        unlinkat(dir, temporary, 0);
        return fail(why, rc, path, "cannot be written");
    }
    return 0;
}

/* A descriptor that only names the folder cannot be synced itself. */
static int sync_folder(int dir)
{
    _cleanup_close_ int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

int outfile_replace(int dir, const char *name, const char *text, size_t size,
                    const struct stat *like, int (*may)(void *data), void *data)
{
    _cleanup_close_ int fd = -1;
    _cleanup_free_ char *temporary = NULL;
    int rc = make_temporary(dir, &temporary, &fd);

    if (rc < 0) {
        return rc;
    }
    if (fchown(fd, like->st_uid, like->st_gid) < 0 || fchmod(fd, like->st_mode & ALLPERMS) < 0) {
        rc = -errno;
    }
    rc = rc < 0 ? rc : file_write_synced(fd, text, size);
    rc = rc < 0 ? rc : may(data);
    if (rc == 0 && renameat(dir, temporary, dir, name) < 0) {
        rc = -errno;
    }
    if (rc < 0) {
        unlinkat(dir, temporary, 0);
        return rc;
    }
    return sync_folder(dir);
}

int outfile_copy(const char *from, const char *path, struct err *why)
{
    _cleanup_free_ char *bytes = NULL;
    size_t size = 0;
    int rc = wholefile_read(from, COPY_MOST, &bytes, &size, why);

    return rc < 0 ? rc : outfile_write(path, bytes, size, why);
}
