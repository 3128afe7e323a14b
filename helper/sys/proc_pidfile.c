/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt's pid file of a guest as a witness: the process that libvirt starts as its QEMU holds a
 * write lock on the file's first byte for its life (libvirt 9.0: virFileLock before the exec),
 * whatever program that is. The number in the file is not read: it outlives the process.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/proc.h"

enum { TRIES = 3 };

static const char suffix[] = ".pid";
/* libvirtd's own, in the same directory. */
static const char daemons_own[] = "driver";

/* Who has the lock; 0: nobody. Only a write lock counts: root's alone can be one, as nobody else
 * may open the file for writing; anybody can hold a read lock. */
static int ask_lock(int fd, pid_t *ret)
{
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};

    if (fcntl(fd, F_GETLK, &lock) < 0) {
        return -errno;
    }
    *ret = lock.l_type == F_UNLCK ? 0 : lock.l_pid;
    /* An open file's lock, or one of a process that is not shown here: somebody, but who? */
    return lock.l_type != F_UNLCK && lock.l_pid <= 0 ? -ESRCH : 0;
}

/* -ENOENT: there is none. */
static int open_file(const char *path, int *ret_fd)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat st;

    if (fd < 0) {
        return errno == ENAMETOOLONG ? -ENOENT : -errno; /* nor could libvirt have made one */
    }
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return -EINVAL;
    }
    *ret_fd = fd;
    return 0;
}

int proc_pidfile_holder(const char *dir, const char *guest, struct process_id *ret,
                        struct err *why)
{
    _cleanup_free_ char *path = str_printf("%s/%s%s", dir, guest, suffix);
    _cleanup_close_ int fd = -1;
    int rc;

    *ret = (struct process_id){0};
    if (str_eq(guest, daemons_own)) {
        return 0;
    }
    rc = open_file(path, &fd);
    if (rc == -ENOENT) {
        return 0;
    }
    for (int i = 0; rc == 0 && i < TRIES; i++) {
        pid_t pid = 0;

        rc = ask_lock(fd, &pid);
        if (rc == 0 && (pid == 0 || proc_identify(pid, ret, NULL) == 0)) {
            return 0;
        }
    }
    return err_set(why, -EIO, ERR_GENERIC, "libvirt's pid file '%s' does not tell which process "
                   "is the guest's: %s", path,
                   rc < 0 ? strerror(-rc) : "who holds it is not to be found");
}

static void add_guest(const char *file, char ***list, size_t *count)
{
    size_t length = strlen(file);
    size_t tail = sizeof suffix - 1;

    if (length > tail && str_eq(file + length - tail, suffix)) {
        *(char **) array_add(list, count, sizeof **list) =
            str_printf("%.*s", (int) (length - tail), file);
    }
}

int proc_pidfile_guests(const char *dir, char ***ret, size_t *ret_count, struct err *why)
{
    DIR *d = opendir(dir);
    struct dirent *entry;
    char **list = NULL;
    size_t count = 0;
    int rc = d || errno == ENOENT ? 0 : -errno;

    while (d && (errno = 0, entry = readdir(d))) {
        add_guest(entry->d_name, &list, &count);
    }
    if (d) {
        rc = -errno;
        closedir(d);
    }
    if (rc < 0) {
        str_list_free(list, count);
        return err_set(why, -EIO, ERR_GENERIC, "libvirt's pid files in '%s' cannot be listed: %s",
                       dir, strerror(-rc));
    }
    *ret = list;
    *ret_count = count;
    return 0;
}
