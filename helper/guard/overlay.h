/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's disk as an overlay over backingfile, made before the guest is created.
 */
#ifndef GVM_GUARD_OVERLAY_H
#define GVM_GUARD_OVERLAY_H

#include "base/clock.h"
#include "base/err.h"
#include "model/domxml.h"
#include "model/params.h"

/*
 * Makes the overlay of the guest `d`, which runs nowhere, where it is not there or where the
 * guest is stateless; in a stage of its own. It is whole under its name, or not there, or the old
 * one. A file that is not an overlay over p->backingfile is never replaced (-EEXIST), nor one
 * that a QEMU has open (-EBUSY). 1: made. 0: nothing to do.
 */
int overlay_prepare(const struct params *p, const struct domxml *d, struct deadline until,
                    struct err *why);

#endif
