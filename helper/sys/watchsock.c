/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The watch's socket and lock. The names begin with a dot, which no guest's files do
 * (record_file_name encodes it).
 */
#include "sys/watchsock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/statedir_internal.h"

static const char socket_name[] = ".watch.socket";
static const char lock_name[] = ".watch.lock";

/* Monitors of so many guests may come at once. */
enum { BACKLOG = 512 };

static int address(struct sockaddr_un *ret, struct err *why)
{
    int n;

    memset(ret, 0, sizeof *ret);
    ret->sun_family = AF_UNIX;
    n = snprintf(ret->sun_path, sizeof ret->sun_path, "%s/%s", statedir_path(), socket_name);
    if (n < 0 || (size_t) n >= sizeof ret->sun_path) {
        return err_set(why, -ENAMETOOLONG, ERR_GENERIC, "%s is too long a directory for a socket",
                       statedir_path());
    }
    return 0;
}

static int new_socket(struct sockaddr_un *ret_address, int *ret_fd, struct err *why)
{
    int rc = address(ret_address, why);

    if (rc < 0) {
        return rc;
    }
    *ret_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return *ret_fd < 0 ? err_set(why, -errno, ERR_GENERIC, "no socket: %s", strerror(errno)) : 0;
}

int watchsock_connect(int *ret_fd, struct err *why)
{
    struct sockaddr_un to;
    _cleanup_close_ int fd = -1;
    int rc = new_socket(&to, &fd, why);

    if (rc < 0) {
        return rc;
    }
    if (connect(fd, (const struct sockaddr *) &to, sizeof to) < 0) {
        return err_set(why, -errno, ERR_GENERIC, "the watch at %s: %s", to.sun_path,
                       strerror(errno));
    }
    *ret_fd = fd;
    fd = -1;
    return 0;
}

int watchsock_send(int fd, const char *text, size_t size)
{
    ssize_t n = send(fd, text, size, MSG_NOSIGNAL | MSG_DONTWAIT);

    return n == (ssize_t) size ? 0 : n < 0 ? -errno : -EMSGSIZE;
}

int watchsock_receive(int fd, char *to, size_t size, struct deadline until)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    for (;;) {
        ssize_t n = recv(fd, to, size - 1, MSG_DONTWAIT);

        if (n >= 0) {
            to[n] = '\0';
            return (int) n;
        }
        if (errno == ECONNRESET) {
            return 0;
        }
        if (errno != EAGAIN && errno != EINTR) {
            return -errno;
        }
        if (deadline_over(until)) {
            return -ETIMEDOUT;
        }
        poll(&p, 1, deadline_left_ms(until));
    }
}

void watchsock_close(int fd)
{
    cleanup_close(&fd);
}

void watchsock_keep(int fd)
{
    if (fd >= 0) {
        fcntl(fd, F_SETFD, 0);
    }
}

int watchsock_lock(int *ret_lock, struct err *why)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    _cleanup_close_ int dir = -1;
    _cleanup_close_ int fd = -1;
    int rc = statedir_open(1, &dir, why);

    if (rc == 0) {
        rc = statefile_open(dir, lock_name, O_RDWR | O_CREAT, &fd, why);
    }
    if (rc < 0) {
        return rc;
    }
    if (fcntl(fd, F_SETLK, &lock) < 0) {
        return err_set(why, errno == EAGAIN || errno == EACCES ? -EBUSY : -errno, ERR_GENERIC,
                       "another watch is at work (%s/%s: %s)", statedir_path(), lock_name,
                       strerror(errno));
    }
    *ret_lock = fd;
    fd = -1;
    return 0;
}

int watchsock_listen(int *ret_fd, struct err *why)
{
    struct sockaddr_un at;
    _cleanup_close_ int fd = -1;
    int rc = new_socket(&at, &fd, why);

    if (rc < 0) {
        return rc;
    }
    /* Of a watch that is gone: the lock says so. */
    if (unlink(at.sun_path) < 0 && errno != ENOENT) {
        return err_set(why, -errno, ERR_GENERIC, "%s cannot be removed: %s", at.sun_path,
                       strerror(errno));
    }
    mode_t old = umask(0177);
    rc = bind(fd, (const struct sockaddr *) &at, sizeof at);
    umask(old);
    if (rc < 0 || listen(fd, BACKLOG) < 0) {
        return err_set(why, -errno, ERR_GENERIC, "%s: %s", at.sun_path, strerror(errno));
    }
    *ret_fd = fd;
    fd = -1;
    return 0;
}

int watchsock_accept(int listening, int *ret_fd)
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
