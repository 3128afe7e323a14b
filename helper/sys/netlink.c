/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A socket for each question. What is asked, and what the answer means, is the callers'.
 */
#include "sys/netlink.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/cleanup.h"

enum { REPLY_WAIT_S = 5 }; /* the kernel answers in the send itself: only a lost reply waits */

static int open_socket(int protocol)
{
    const struct timeval wait = {.tv_sec = REPLY_WAIT_S};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    int code;

    if (fd < 0) {
        return -errno;
    }
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) < 0) {
        code = -errno;
        close(fd);
        return code;
    }
    return fd;
}

static int send_request(int fd, const struct nlmsghdr *request)
{
    const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    ssize_t n = sendto(fd, request, request->nlmsg_len, 0, (const struct sockaddr *) &kernel,
                       sizeof kernel);

    return n < 0 ? -errno : 0;
}

/* One datagram from the kernel itself into `ret`; its length, or -errno. */
static ssize_t receive(int fd, union netlink_reply *ret)
{
    struct sockaddr_nl from;

    for (;;) {
        socklen_t from_size = sizeof from;
        ssize_t n = recvfrom(fd, ret, sizeof *ret, 0, (struct sockaddr *) &from, &from_size);

        if (n < 0 && errno != EINTR) {
            return -errno;
        }
        /* Any process may send to a netlink socket; only the kernel has address 0. */
        if (n >= (ssize_t) sizeof(struct nlmsghdr) && from.nl_pid == 0) {
            return n;
        }
    }
}

ssize_t netlink_ask(int protocol, const struct nlmsghdr *request, union netlink_reply *ret)
{
    _cleanup_close_ int fd = open_socket(protocol);
    int rc = fd < 0 ? fd : send_request(fd, request);
    ssize_t n = rc < 0 ? rc : receive(fd, ret);

    if (n < 0 || ret->head.nlmsg_type != NLMSG_ERROR) {
        return n;
    }
    if (n < (ssize_t) NLMSG_LENGTH(sizeof(struct nlmsgerr))) {
        return -EBADMSG;
    }
    rc = ((const struct nlmsgerr *) NLMSG_DATA(&ret->head))->error;
    return rc < 0 ? rc : n;
}
