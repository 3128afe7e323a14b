/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The images of a frozen guest stay QEMU's when it ends. libvirt knows nothing of the cut disks:
 * at its QEMU's end it gives the images back to root, and on a shared file system takes them so
 * from the QEMU that runs the guest on another node by now (on NFS: its next write fails). Only of
 * what it calls a migration does libvirt think of that.
 */
#ifndef GVM_GUARD_OWNERS_H
#define GVM_GUARD_OWNERS_H

#include "base/clock.h"
#include "base/err.h"
#include "model/record.h"

struct owners;

/*
 * Before the QEMU of `r`, a frozen guest, is ended by `until`: most of that time is left for it.
 * *ret NULL: there is nothing to keep, as where its images lie on this node's own disks. -EAGAIN:
 * not now: it was frozen so lately that another node may be at its start, for which libvirt there
 * wants the same locks. Other errors: the storage hangs, or another libvirt is at the images'
 * owners. Not in a stage.
 */
int owners_keep(const struct record *r, struct deadline until, struct owners **ret,
                struct err *why);

/* `r`'s QEMU has ended: waits until libvirt is done with it, at most until `until`. NULL-safe. */
void owners_outlast(struct owners *o, const struct record *r, struct deadline until);
/* What libvirt's tries take (some 20 s), and a little more. */
enum { OWNERS_OUTLAST_MS = 30 * 1000 };

/* Frees it. NULL-safe. */
void owners_let_go(struct owners *o);

#endif
