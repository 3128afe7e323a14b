/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One rtnetlink message by hand: set a link down. The kernel's RTNL lock
 * can be held by a stuck driver, which no time-out of a socket helps against: call
 * these inside a stage.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "sys/net.h"
#include "sys/netlink.h"
#include "sys/stage.h"

struct request {
    struct nlmsghdr head;
    struct ifinfomsg link;
    struct rtattr name_head;
    char name[IFNAMSIZ];
};

/* To set it down: ifi_change says that it is about IFF_UP, ifi_flags that it is not set. */
static int build(struct request *r, const char *name)
{
    size_t length = strlen(name);

    if (length == 0 || length >= IFNAMSIZ) {
        return -EINVAL;
    }
    *r = (struct request){
        .head = {.nlmsg_len = sizeof *r, .nlmsg_type = RTM_NEWLINK, .nlmsg_seq = 1,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
        .link = {.ifi_family = AF_UNSPEC, .ifi_change = IFF_UP},
        .name_head = {.rta_len = (unsigned short) RTA_LENGTH(length + 1),
                      .rta_type = IFLA_IFNAME},
    };
    memcpy(r->name, name, length);
    /* The message ends where the name does: a longer one is refused by strict kernels. */
    r->head.nlmsg_len = (unsigned) (offsetof(struct request, name_head) +
                                    RTA_ALIGN(r->name_head.rta_len));
    return 0;
}

/* Sends and takes the acknowledgement: 0, or the kernel's error. */
static int exchange(const struct request *r)
{
    union netlink_reply reply;
    ssize_t n = netlink_ask(NETLINK_ROUTE, &r->head, &reply);

    if (n < 0) {
        return (int) n;
    }
    return reply.head.nlmsg_type == NLMSG_ERROR ? 0 : -EBADMSG;
}

int net_link_down(const char *interface, struct err *why)
{
    struct request r;
    int rc = build(&r, interface);

    stage_at("setting link %s down", interface);
    if (rc == 0) {
        rc = exchange(&r);
    }
    if (rc == 0 || rc == -ENODEV) {
        return 0;
    }
    return err_set(why, rc, ERR_GENERIC, "interface '%s' cannot be set down: %s", interface,
                   strerror(-rc));
}
