/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Giving up a frozen guest: its QEMU is ended, that is proven, and the record says so. The caller
 * holds the guest's lock, and has decided that nothing of its memory is wanted any more.
 */
#ifndef GVM_GUARD_RELEASE_H
#define GVM_GUARD_RELEASE_H

#include "base/clock.h"
#include "base/err.h"
#include "model/record.h"

/*
 * Whether it may go without a person's word: the cluster says that it manages the resource, so not
 * in maintenance (-EPERM), and nobody looks into it with gdb (-EBUSY). -EAGAIN: the cluster cannot
 * be asked: doubt keeps it. To be asked before the guest's lock is taken.
 */
int release_allowed(const struct record *r, struct deadline until, struct err *why);

/*
 * 0: proven dead, and noted; who the guest is and where its evidence lies stays known. Else it is
 * as frozen as it was, or its death could not be proven. Its images stay QEMU's, for the guest that
 * may run on another node (guard/owners.h): that may be refused (-EAGAIN, -EBUSY), also where
 * there is less time than RELEASE_MS.
 */
enum { RELEASE_MS = 60 * 1000 };
int release_frozen(struct record *r, struct deadline until, struct err *why);

/* The same of a guest that runs nowhere else: at its start here, or because its QEMU is dead. */
int release_alone(struct record *r, struct deadline until, struct err *why);

/* The cluster's people are told, in the words of announce_incident, or what they were told is
 * taken back where there is no evidence to point to. */
void release_announce(const struct record *r, struct deadline until, struct err *why);

#endif
