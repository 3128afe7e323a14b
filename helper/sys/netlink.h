/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One question to the kernel by netlink and its one answer. Inside sys/ only.
 */
#ifndef GVM_SYS_NETLINK_H
#define GVM_SYS_NETLINK_H

#include <linux/netlink.h>
#include <sys/types.h>

enum { NETLINK_REPLY_BYTES = 16384 }; /* what matters comes first; a longer reply is cut */

union netlink_reply {
    struct nlmsghdr head;
    char bytes[NETLINK_REPLY_BYTES];
};

/* Sends the whole message and takes the answer: its length, with at least a head, or -errno (the
 * kernel's own refusal, too). NLMSG_ERROR is then an acknowledgement. */
ssize_t netlink_ask(int protocol, const struct nlmsghdr *request, union netlink_reply *ret);

#endif
