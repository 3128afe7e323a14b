/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Host network interfaces of a guest, through rtnetlink (one socket, no library
 * needed for two messages; libnl would cost more start-up time than the call).
 */
#ifndef GVM_SYS_NET_H
#define GVM_SYS_NET_H

#include "base/err.h"

enum link_state {
    LINK_UNPROVABLE = 0,
    LINK_GONE, /* no such interface */
    LINK_DOWN, /* administratively down: IFF_UP not set */
    LINK_UP
};

/* Administratively down. 0 also where the interface is gone. */
int net_link_down(const char *interface, struct err *why);
enum link_state net_link_state(const char *interface);

#endif
