/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The watch's door: a local socket of datagrams (SOCK_SEQPACKET) in the directory of the live
 * records, and the lock that makes the watch the only one. What is said through it is
 * model/waiting's. Not libqb's IPC: a monitor would wait without a limit for a watch that
 * stands still, and each held one would carry its libraries and shared memory.
 */
#ifndef GVM_SYS_WATCHSOCK_H
#define GVM_SYS_WATCHSOCK_H

#include <stddef.h>

#include "base/clock.h"
#include "base/err.h"

/* A connection to the watch; never blocks. -ENOENT, -ECONNREFUSED: there is none. -EAGAIN: it
 * has too much to do to take us. */
int watchsock_connect(int *ret_fd, struct err *why);
/* One datagram, never blocking. -EAGAIN: the other side does not take it. */
int watchsock_send(int fd, const char *text, size_t size);
/*
 * One datagram as text, waited for until `until`. Returns its size (a NUL follows), 0: the other
 * side is gone. -ETIMEDOUT.
 */
int watchsock_receive(int fd, char *to, size_t size, struct deadline until);

void watchsock_close(int fd);
/* The connection outlives an exec (nothing happens to fd < 0). */
void watchsock_keep(int fd);

/* The watch's own: -EBUSY where another one is at work. *ret_lock keeps it the only one. */
int watchsock_lock(int *ret_lock, struct err *why);
/* Under that lock: the door, open for root on this node only. */
int watchsock_listen(int *ret_fd, struct err *why);
/* -EAGAIN: nobody is at the door. -EPERM: somebody who is not root. */
int watchsock_accept(int listening, int *ret_fd);

#endif
