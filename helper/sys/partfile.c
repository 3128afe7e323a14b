/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making, checking and renaming a file that others write; the mend of a core.
 */
#include "sys/partfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/elfcore.h"

static int fail(struct err *why, int code, const char *path, const char *what)
{
    return err_set(why, code, ERR_GENERIC, "file '%s' %s: %s", path, what, strerror(-code));
}

int partfile_begin(const char *path, struct file_id *ret, int *ret_fd, struct err *why)
{
    _cleanup_close_ int fd = -1;
    struct stat st;

    partfile_remove(path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 || fchmod(fd, 0600) < 0 || fstat(fd, &st) < 0) {
        return fail(why, -errno, path, "cannot be made");
    }
    *ret = (struct file_id) {.dev = st.st_dev, .ino = st.st_ino};
    if (ret_fd) {
        *ret_fd = fd;
        fd = -1;
    }
    return 0;
}

bool partfile_identify(const char *path, struct file_id *ret)
{
    struct stat st;

    if (lstat(path, &st) < 0) {
        return false;
    }
    *ret = (struct file_id) {.dev = st.st_dev, .ino = st.st_ino};
    return true;
}

void partfile_size(const char *path, int64_t *ret_bytes)
{
    struct stat st;

    *ret_bytes = lstat(path, &st) == 0 ? (int64_t) st.st_size : 0;
}

void partfile_remove(const char *path)
{
    unlink(path);
}

static int check(int fd, const struct file_id *begun, const char *path, struct err *why)
{
    struct stat st;

    if (fstat(fd, &st) < 0) {
        return fail(why, -errno, path, "cannot be looked at");
    }
    if (!S_ISREG(st.st_mode) || st.st_dev != begun->dev || st.st_ino != begun->ino) {
        return err_set(why, -EBADMSG, ERR_GENERIC, "file '%s' is another file than the one that "
                       "was made for it", path);
    }
    if (st.st_size == 0) {
        return err_set(why, -EBADMSG, ERR_GENERIC, "file '%s' is empty", path);
    }
    return 0;
}

/* libvirtd may have given it to QEMU's user for the time of the dump. */
static int give(int fd, const struct stat *like, const char *path, struct err *why)
{
    uid_t uid = like ? like->st_uid : geteuid();
    gid_t gid = like ? like->st_gid : getegid();
    mode_t mode = like ? like->st_mode & ACCESSPERMS : S_IRUSR | S_IWUSR;
    struct stat st;

    if (fstat(fd, &st) < 0 ||
        ((st.st_uid != uid || (like && st.st_gid != gid)) && fchown(fd, uid, gid) < 0) ||
        fchmod(fd, mode) < 0) {
        return fail(why, -errno, path, "cannot be given its owner and permissions");
    }
    return 0;
}

int partfile_mend_core(const char *path, struct err *why)
{
    _cleanup_close_ int fd = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    unsigned char start[ELFCORE_START_SIZE];
    ssize_t size;

    if (fd < 0) {
        return fail(why, -errno, path, "cannot be opened");
    }
    size = pread(fd, start, sizeof start, 0);
    if (size < 0) {
        return fail(why, -errno, path, "cannot be read");
    }
    if (elfcore_mend(start, (size_t) size) != ELFCORE_HEAD_MENDED) {
        return 0;
    }
    return pwrite(fd, start, (size_t) size, 0) == size
               ? 0 : fail(why, -EIO, path, "cannot be mended");
}

static int publish(const char *path, const char *folder, const char *name, struct err *why)
{
    _cleanup_free_ char *final = str_printf("%s/%s", folder, name);
    _cleanup_close_ int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (dir < 0 || rename(path, final) < 0 || fsync(dir) < 0) {
        return fail(why, -errno, path, "cannot be renamed");
    }
    return 0;
}

int partfile_complete(const char *path, const struct file_id *begun, const struct stat *like,
                      const char *folder, const char *name, struct err *why)
{
    _cleanup_close_ int fd = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int rc;

    if (fd < 0) {
        return fail(why, -errno, path, "cannot be opened");
    }
    rc = check(fd, begun, path, why);
    rc = rc < 0 ? rc : give(fd, like, path, why);
    if (rc == 0 && fsync(fd) < 0) {
        rc = fail(why, -errno, path, "cannot be synced");
    }
    return rc < 0 ? rc : publish(path, folder, name, why);
}
