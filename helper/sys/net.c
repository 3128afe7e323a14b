/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two rtnetlink messages by hand: look at a link, set it down. The kernel's RTNL lock
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

static int build(struct request *r, unsigned short type, unsigned short flags, const char *name)
{
    size_t length = strlen(name);

    if (length == 0 || length >= IFNAMSIZ) {
        return -EINVAL;
    }
    *r = (struct request){
        .head = {.nlmsg_len = sizeof *r, .nlmsg_type = type, .nlmsg_seq = 1,
                 .nlmsg_flags = (unsigned short) (NLM_F_REQUEST | flags)},
        .link = {.ifi_family = AF_UNSPEC},
        .name_head = {.rta_len = (unsigned short) RTA_LENGTH(length + 1),
                      .rta_type = IFLA_IFNAME},
    };
    memcpy(r->name, name, length);
    /* The message ends where the name does: a longer one is refused by strict kernels. */
    r->head.nlmsg_len = (unsigned) (offsetof(struct request, name_head) +
                                    RTA_ALIGN(r->name_head.rta_len));
    return 0;
}

/* Sends and takes the answer: 0, or the kernel's error. *ret_flags: IFF_*, if the answer
 * is a link. */
static int exchange(const struct request *r, unsigned *ret_flags)
{
    union netlink_reply reply;
    const struct nlmsghdr *h = &reply.head;
    ssize_t n = netlink_ask(NETLINK_ROUTE, &r->head, &reply);

    if (n < 0) {
        return (int) n;
    }
    if (h->nlmsg_type == NLMSG_ERROR) {
        return 0;
    }
    if (h->nlmsg_type == RTM_NEWLINK && n >= (ssize_t) NLMSG_LENGTH(sizeof(struct ifinfomsg))) {
        *ret_flags = ((const struct ifinfomsg *) NLMSG_DATA(h))->ifi_flags;
        return 0;
    }
    return -EBADMSG;
}

int net_link_down(const char *interface, struct err *why)
{
    struct request r;
    unsigned flags = 0;
    int rc = build(&r, RTM_NEWLINK, NLM_F_ACK, interface);

    stage_at("setting link %s down", interface);
    if (rc == 0) {
        r.link.ifi_change = IFF_UP;
        r.link.ifi_flags = 0;
        rc = exchange(&r, &flags);
    }
    if (rc == 0 || rc == -ENODEV) {
        return 0;
    }
    return err_set(why, rc, ERR_GENERIC, "interface '%s' cannot be set down: %s", interface,
                   strerror(-rc));
}

enum link_state net_link_state(const char *interface)
{
    struct request r;
    unsigned flags = 0;
    int rc = build(&r, RTM_GETLINK, 0, interface);

    stage_at("looking at link %s", interface);
    if (rc == 0) {
        rc = exchange(&r, &flags);
    }
    if (rc == -ENODEV) {
        return LINK_GONE;
    }
    if (rc < 0) {
        return LINK_UNPROVABLE;
    }
    return (flags & IFF_UP) ? LINK_UP : LINK_DOWN;
}
