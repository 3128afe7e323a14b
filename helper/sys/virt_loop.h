/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt's event loop, made of a libqb loop: libvirt's file handles and timers become
 * qb's. Everything runs in the one thread that runs the loop.
 */
#ifndef GVM_SYS_VIRT_LOOP_H
#define GVM_SYS_VIRT_LOOP_H

#include <qb/qbloop.h>

#include "base/err.h"

/*
 * Once in a process, before its first virt_open: a connection that was opened earlier hears
 * nothing. `loop` has to live as long as the connections do.
 */
int virt_loop_register(qb_loop_t *loop, struct err *why);

/*
 * Runs those of libvirt's timers that want to run at once. One of them hands out the events
 * that libvirt took in while a call of ours waited for its reply: what that reply says is
 * newer than they are. Not from inside a callback of libvirt's, whose dispatching is not
 * reentrant.
 */
void virt_loop_hand_out(void);

#endif
