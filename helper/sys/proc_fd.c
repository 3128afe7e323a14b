/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of a process's descriptors, each with what it leads to. An incomplete list is
 * an error: it would prove what it does not show.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/proc_fd_internal.h"
#include "sys/procfile.h"
#include "sys/stage.h"

void proc_fds_free(struct proc_fd *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(list[i].path);
        free(list[i].detail);
    }
    free(list);
}

int file_link_text(const char *path, char **ret)
{
    char text[PATH_MAX];
    ssize_t n = readlink(path, text, sizeof text - 1);

    if (n < 0) {
        return -errno;
    }
    text[n] = '\0';
    *ret = str_dup(text);
    return 0;
}

/* Any other family than unix is looked for among inet's, and unknown if it is not there. */
static enum socket_family family_of(const char *path)
{
    char protocol[32] = "";

    return getxattr(path, "system.sockprotoname", protocol, sizeof protocol - 1) > 0 &&
           str_starts(protocol, "UNIX") ? SOCKET_UNIX : SOCKET_INET;
}

int file_look_at(const char *path, struct file_look *ret)
{
    /* O_PATH opens no device and wakes no file system, but holds on to the very file. */
    _cleanup_close_ int fd = open(path, O_PATH | O_CLOEXEC);
    struct statfs fs;

    if (fd < 0 || fstat(fd, &ret->st) < 0 || fstatfs(fd, &fs) < 0) {
        return -errno;
    }
    ret->fs_type = (unsigned long) fs.f_type;
    ret->family = S_ISSOCK(ret->st.st_mode) ? family_of(path) : SOCKET_UNIX;
    return 0;
}

bool proc_shares_network(pid_t pid)
{
    _cleanup_free_ char *path = procfile_path("%d/ns/net", (int) pid);
    struct stat theirs;
    struct stat ours;

    return stat(path, &theirs) == 0 && stat("/proc/self/ns/net", &ours) == 0 &&
           theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino;
}

static int read_fdinfo(pid_t pid, int fd, struct fd_info *ret)
{
    _cleanup_free_ char *path = procfile_path("%d/fdinfo/%d", (int) pid, fd);
    _cleanup_free_ char *text = NULL;
    char *rest = NULL;
    bool flags_seen = false;
    int rc = procfile_read(path, &text, NULL);

    if (rc < 0) {
        return rc;
    }
    *ret = (struct fd_info){0};
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        if (str_starts(line, "flags:")) {
            flags_seen = sscanf(line, "flags: %o", &ret->flags) == 1;
        } else if (str_starts(line, "lock:")) {
            ret->locked = true;
        } else if (str_starts(line, "UserFiles:")) {
            sscanf(line, "UserFiles: %u", &ret->registered_files);
        } else if (str_starts(line, "iff:")) {
            ret->is_tun = true;
            sscanf(line, "iff: %15s", ret->interface);
        }
    }
    return flags_seen ? 0 : -EBADMSG;
}

static int look_at_fd(pid_t pid, int fd, struct socket_table *sockets, struct proc_fd *ret)
{
    _cleanup_free_ char *path = procfile_path("%d/fd/%d", (int) pid, fd);
    struct file_look look;
    struct fd_info info;
    int rc = file_link_text(path, &ret->path);

    if (rc < 0) {
        return rc;
    }
    stage_at("looking at descriptor %d of process %d, %.120s", fd, (int) pid, ret->path);
    look.link = ret->path;
    rc = read_fdinfo(pid, fd, &info);
    if (rc == 0) {
        rc = file_look_at(path, &look);
    }
    if (rc < 0) {
        return rc;
    }
    ret->fd = fd;
    ret->readable = (info.flags & O_ACCMODE) != O_WRONLY && !(info.flags & O_PATH);
    ret->writable = (info.flags & O_ACCMODE) != O_RDONLY;
    ret->locked = info.locked;
    fd_classify(&look, &info, sockets, ret);
    return 0;
}

/* A descriptor that was closed meanwhile is not part of the list. */
static int add_fd(struct socket_table *sockets, int fd, struct proc_fd **list, size_t *count)
{
    struct proc_fd f = {0};
    int rc = look_at_fd(sockets->pid, fd, sockets, &f);

    if (rc == 0) {
        *(struct proc_fd *) array_add(list, count, sizeof f) = f;
        return 0;
    }
    free(f.path);
    free(f.detail);
    return rc == -ENOENT ? 0 : rc;
}

static int read_list(struct socket_table *sockets, struct proc_fd **list, size_t *count)
{
    _cleanup_free_ char *path = procfile_path("%d/fd", (int) sockets->pid);
    struct dirent *entry;
    DIR *dir = opendir(path);
    int rc = dir ? 0 : -errno;

    while (rc == 0 && (errno = 0, entry = readdir(dir))) {
        long fd = procfile_number(entry->d_name);

        if (fd >= 0) {
            rc = add_fd(sockets, (int) fd, list, count);
        }
    }
    if (rc == 0) {
        rc = -errno;
    }
    if (dir) {
        closedir(dir);
    }
    return rc;
}

/* An ending process shows no descriptors while another of its threads, stuck in I/O, still
 * has them all. */
static int still_whole(pid_t pid)
{
    _cleanup_free_ char *path = procfile_path("%d/stat", (int) pid);
    struct proc_stat s;
    int rc = procfile_stat(path, &s);

    if (rc < 0) {
        return rc;
    }
    return strchr("ZXx", s.state) ? -ESRCH : 0;
}

int proc_list_fds(pid_t pid, struct proc_fd **ret, size_t *ret_count, struct err *why)
{
    struct socket_table sockets = {.pid = pid};
    struct proc_fd *list = NULL;
    size_t count = 0;
    int rc = read_list(&sockets, &list, &count);

    socket_table_release(&sockets);
    if (rc == 0) {
        rc = still_whole(pid);
    }
    if (rc == 0 && count == 0) {
        rc = -ESRCH;
    }
    if (rc < 0) {
        proc_fds_free(list, count);
        return err_set(why, rc, ERR_GENERIC, "the open files of process %d cannot be told: %s",
                       (int) pid, rc == -ESRCH ? "it is ending" : strerror(-rc));
    }
    *ret = list;
    *ret_count = count;
    return 0;
}
