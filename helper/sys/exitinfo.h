/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a process ended that is nobody's child here: the kernel keeps it with the pidfd,
 * from Linux 6.15 on. That it ended is proc.h's, and needs no such kernel.
 */
#ifndef GVM_SYS_EXITINFO_H
#define GVM_SYS_EXITINFO_H

#include "base/err.h"

/*
 * Its status as wait(2) tells it (exit code, signal, core dumped), of a pidfd that was opened
 * before it was reaped. Never waits; no privilege is needed.
 *
 * Seen on 6.18: the status is there from when its parent (for a daemon: PID 1) has reaped it,
 * not before. Meanwhile, as a zombie, the pidfd is readable (POLLIN) without POLLHUP, which
 * comes with the reaping and wakes poll(2) and epoll(7). A thread that ends the process, or
 * outlives its first one, changes nothing of this.
 *
 * -EAGAIN: it lives, or has not been reaped: ask again when the pidfd shows POLLHUP. Listen
 * with events = 0 for that, POLLIN would wake a loop without end; and not for ever, since a
 * PID 1 that hangs reaps nobody.
 * -EOPNOTSUPP: the kernel does not tell, here or at all. That may show only after the
 * reaping: 6.13 and 6.14 answer for the living.
 */
int exitinfo_of(int pidfd, int *ret_status, struct err *why);

#endif
