/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Host network interfaces of a guest, through rtnetlink (one socket, no library
 * needed for two messages; libnl would cost more start-up time than the call).
 */
#ifndef GVM_SYS_NET_H
#define GVM_SYS_NET_H

#include "base/err.h"

/* Administratively down. 0 also where the interface is gone. */
int net_link_down(const char *interface, struct err *why);

#endif
