/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets of ours by name. What is said through them is others' business.
 */
#include "sys/statesock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/statedir_internal.h"

char *statesock_path(const struct statesock *s)
{
    return str_printf("%s/%s", statedir_path(), s->name);
}

static int address(const struct statesock *s, struct sockaddr_un *ret, struct err *why)
{
    int n;

    memset(ret, 0, sizeof *ret);
    ret->sun_family = AF_UNIX;
    n = snprintf(ret->sun_path, sizeof ret->sun_path, "%s/%s", statedir_path(), s->name);
    if (n < 0 || (size_t) n >= sizeof ret->sun_path) {
        return err_set(why, -ENAMETOOLONG, ERR_GENERIC, "%s is too long a directory for a socket",
                       statedir_path());
    }
    return 0;
}

static int new_socket(const struct statesock *s, struct sockaddr_un *ret_address, int *ret_fd,
                      struct err *why)
{
    int rc = address(s, ret_address, why);

    if (rc < 0) {
        return rc;
    }
    *ret_fd = socket(AF_UNIX, s->type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return *ret_fd < 0 ? err_set(why, -errno, ERR_GENERIC, "no socket: %s", strerror(errno)) : 0;
}

int statesock_connect(const struct statesock *s, int *ret_fd, struct err *why)
{
    struct sockaddr_un to;
    _cleanup_close_ int fd = -1;
    int rc = new_socket(s, &to, &fd, why);

    if (rc < 0) {
        return rc;
    }
    if (connect(fd, (const struct sockaddr *) &to, sizeof to) < 0) {
        return err_set(why, -errno, ERR_GENERIC, "%s: %s", to.sun_path, strerror(errno));
    }
    *ret_fd = fd;
    fd = -1;
    return 0;
}

int statesock_listen(const struct statesock *s, int *ret_fd, struct err *why)
{
    struct sockaddr_un at;
    _cleanup_close_ int fd = -1;
    int rc = new_socket(s, &at, &fd, why);

    if (rc < 0) {
        return rc;
    }
    if (unlink(at.sun_path) < 0 && errno != ENOENT) {
        return err_set(why, -errno, ERR_GENERIC, "%s cannot be removed: %s", at.sun_path,
                       strerror(errno));
    }
    mode_t old = umask(0177);
    rc = bind(fd, (const struct sockaddr *) &at, sizeof at);
    umask(old);
    if (rc < 0 || listen(fd, s->backlog) < 0) {
        return err_set(why, -errno, ERR_GENERIC, "%s: %s", at.sun_path, strerror(errno));
    }
    *ret_fd = fd;
    fd = -1;
    return 0;
}

int statesock_accept(int listening, int *ret_fd)
{
    _cleanup_close_ int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct ucred who;
    socklen_t size = sizeof who;

    if (fd < 0) {
        return errno == EINTR || errno == ECONNABORTED ? -EAGAIN : -errno;
    }
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) < 0 || who.uid != geteuid()) {
        return -EPERM;
    }
    *ret_fd = fd;
    fd = -1;
    return 0;
}

void statesock_remove(const struct statesock *s)
{
    _cleanup_free_ char *path = statesock_path(s);

    unlink(path);
}
