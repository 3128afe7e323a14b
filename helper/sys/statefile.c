/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state directory and single files in it: opened without following links, checked
 * for owner and mode, replaced whole. What is in them is statedir.c's.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/fileio.h"
#include "sys/statedir.h"
#include "sys/statedir_internal.h"

enum {
    MAX_BYTES = 1024 * 1024, /* a record is a few KiB */
    STALE_S = 60             /* a temporary file this old, of a dead process, is litter */
};

/* Not ending in ".json": never taken for a record. The PID keeps two writers apart. */
#define TEMPORARY_PREFIX ".new."

static const char *state_directory = GVM_STATEDIR;

void statedir_set_path(const char *path)
{
    state_directory = path ? path : GVM_STATEDIR;
}

const char *statedir_path(void)
{
    return state_directory;
}

static int fail(struct err *why, int code, const char *name, const char *what)
{
    return err_set(why, code, ERR_GENERIC, "%s/%s %s: %s", state_directory, name, what,
                   strerror(-code));
}

/*
 * Closes `fd` to others. Where they could only look, nothing was lost and the mode is mended; what
 * they own or could have written to proves nothing any more.
 */
static int make_private(int fd, const struct stat *st, const char *name, struct err *why)
{
    if (st->st_uid != geteuid() || (st->st_mode & (S_IWGRP | S_IWOTH))) {
        return err_set(why, -EPERM, ERR_GENERIC, "%s/%s belongs to user %u with mode %04o; it "
                       "must be user %u's alone (chown, chmod go=)", state_directory, name,
                       (unsigned) st->st_uid, (unsigned) (st->st_mode & 07777),
                       (unsigned) geteuid());
    }
    if ((st->st_mode & (S_IRWXG | S_IRWXO)) && fchmod(fd, st->st_mode & S_IRWXU) < 0) {
        return fail(why, -errno, name, "is open to others, and that cannot be mended");
    }
    return 0;
}

int statedir_open(int create, int *ret_fd, struct err *why)
{
    _cleanup_close_ int fd = -1;
    struct stat st;
    int rc;

    if (create && mkdir(state_directory, 0700) < 0 && errno != EEXIST) {
        return err_set(why, -errno, ERR_GENERIC, "directory %s cannot be made: %s",
                       state_directory, strerror(errno));
    }
    fd = open(state_directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0) {
        /* A link in its place tells ENOTDIR or ELOOP. */
        rc = errno == ELOOP || errno == ENOTDIR ? -EPERM : -errno;
        return err_set(why, rc, ERR_GENERIC, "directory %s cannot be opened: %s",
                       state_directory, strerror(errno));
    }
    rc = make_private(fd, &st, "", why);
    if (rc == 0) {
        *ret_fd = fd;
        fd = -1;
    }
    return rc;
}

int statefile_open(int dir, const char *name, int flags, int *ret_fd, struct err *why)
{
    /* O_NONBLOCK: a FIFO in its place must not hold us. */
    _cleanup_close_ int fd = openat(dir, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK |
                                    O_NOCTTY, 0600);
    struct stat st;
    int rc;

    if (fd < 0 || fstat(fd, &st) < 0) {
        return fail(why, errno == ELOOP ? -EPERM : -errno, name, "cannot be opened");
    }
    if (!S_ISREG(st.st_mode)) {
        return fail(why, -EPERM, name, "is not a regular file");
    }
    rc = make_private(fd, &st, name, why);
    if (rc == 0) {
        *ret_fd = fd;
        fd = -1;
    }
    return rc;
}

int statefile_read(int dir, const char *name, char **ret, size_t *ret_size, struct err *why)
{
    _cleanup_close_ int fd = -1;
    _cleanup_free_ char *text = NULL;
    size_t size = 0;
    int rc = statefile_open(dir, name, O_RDONLY, &fd, why);

    if (rc < 0) {
        return rc;
    }
    text = mem_zero(1, MAX_BYTES + 1);
    rc = file_read_most(fd, text, MAX_BYTES, &size);
    if (rc < 0) {
        return fail(why, rc, name, "cannot be read");
    }
    if (size == MAX_BYTES) {
        return fail(why, -EBADMSG, name, "is too large to be a record");
    }
    *ret = text;
    *ret_size = size;
    text = NULL;
    return 0;
}

/* What writers that were killed left behind. Nothing depends on it being gone. */
static void sweep(int dir)
{
    int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = copy >= 0 ? fdopendir(copy) : NULL;
    struct dirent *entry;
    struct stat st;

    if (!d) {
        cleanup_close(&copy);
        return;
    }
    while ((entry = readdir(d))) {
        int64_t pid;

        if (str_starts(entry->d_name, TEMPORARY_PREFIX) &&
            str_to_int64(entry->d_name + strlen(TEMPORARY_PREFIX), 1, INT32_MAX, &pid) &&
            kill((pid_t) pid, 0) < 0 && errno == ESRCH &&
            fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            st.st_mtime + STALE_S < time(NULL)) {
            unlinkat(dir, entry->d_name, 0);
        }
    }
    closedir(d);
}

static int make_temporary(int dir, const char *temporary, const char *text, struct err *why)
{
    _cleanup_close_ int fd = -1;
    int rc;

    /* Of a dead process that had our PID. */
    unlinkat(dir, temporary, 0);
    rc = statefile_open(dir, temporary, O_WRONLY | O_CREAT | O_EXCL, &fd, why);
    if (rc == 0) {
        rc = file_write_synced(fd, text, strlen(text));
        if (rc < 0) {
            fail(why, rc, temporary, "cannot be written");
        }
    }
    return rc;
}

int statefile_replace(int dir, const char *name, const char *text, struct err *why)
{
    _cleanup_free_ char *temporary = str_printf(TEMPORARY_PREFIX "%d", (int) getpid());
    int rc;

    sweep(dir);
    rc = make_temporary(dir, temporary, text, why);
    if (rc == 0 && renameat(dir, temporary, dir, name) < 0) {
        rc = fail(why, -errno, name, "cannot be replaced");
    }
    if (rc < 0) {
        unlinkat(dir, temporary, 0);
        return rc;
    }
    return fsync(dir) < 0 ? fail(why, -errno, "", "cannot be synced") : 0;
}

int statefile_remove(int dir, const char *name, struct err *why)
{
    if (unlinkat(dir, name, 0) < 0) {
        return errno == ENOENT ? 0 : fail(why, -errno, name, "cannot be removed");
    }
    return fsync(dir) < 0 ? fail(why, -errno, "", "cannot be synced") : 0;
}
