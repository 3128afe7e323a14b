/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The watch's socket, its datagrams and its lock.
 */
#include "sys/watchsock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/statedir_internal.h"
#include "sys/statesock.h"

static const char lock_name[] = ".watch.lock";

/* Monitors of so many guests may come at once. */
static const struct statesock door = {
    .name = ".watch.socket", .type = SOCK_SEQPACKET, .backlog = 512
};

int watchsock_connect(int *ret_fd, struct err *why)
{
    int rc = statesock_connect(&door, ret_fd, why);

    return rc < 0 ? err_prefix(why, rc, "the watch at its door") : 0;
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
    return statesock_listen(&door, ret_fd, why);
}

int watchsock_accept(int listening, int *ret_fd)
{
    return statesock_accept(listening, ret_fd);
}
