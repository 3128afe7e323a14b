/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One connection to libvirt that listens: what happens to its domains, as tidings. Not in a
 * stage, since it stays; a call that never returns hangs the process, and who reads its
 * tidings has to notice that none come.
 */
#ifndef GVM_SYS_VIRT_LISTEN_H
#define GVM_SYS_VIRT_LISTEN_H

#include <qb/qbloop.h>

#include "base/err.h"
#include "model/tidings.h"

struct virt_listener;

/* Must not open or close a listener: that is for a later turn of the loop. */
typedef void (*virt_tell)(const struct tiding *t, void *data);

/*
 * After virt_loop_register on the same loop. Tries once. Tells OPENED, each active domain's
 * STATE and CONFIRMED; then events as they come, each before the state that it led to, and
 * CLOSED once, after which only closing is left.
 */
int virt_listen_open(qb_loop_t *loop, const char *uri, virt_tell tell, void *data,
                     struct virt_listener **ret, struct err *why);

/* Asks for all states, tells those that differ, then CONFIRMED; or CLOSED. */
void virt_listen_sweep(struct virt_listener *l);

void virt_listen_close(struct virt_listener *l);

#endif
