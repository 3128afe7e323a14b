/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two halves of a verification. For verify.c and tests only; everybody else
 * uses verify.h, which knows what they mean together.
 */
#ifndef GVM_GUARD_LOOK_H
#define GVM_GUARD_LOOK_H

#include "base/err.h"
#include "model/record.h"
#include "sys/virt.h"

/*
 * Outside: what the kernel shows of r->process. Adds one proof per rule. 0: all hold.
 * -EBUSY: one does not, `why` names it. -ESRCH: that process has ended. Other errors: it could not
 * be looked at. May block on dead storage.
 */
int look_outside(struct record *r, struct err *why);

/*
 * Inside: what QEMU itself says through libvirt. Adds one proof per question. 0, -EBUSY as
 * above; other errors: no answer. May block as long as libvirt or QEMU does.
 */
int look_inside(struct record *r, struct domain *d, struct err *why);

#endif
