/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Freeze: stop the vCPUs, cut network and disks for ever, memory kept. Each step
 * can be repeated after a kill at any point. Proving it is verify.h's business,
 * and a freeze that is not verified is nothing.
 */
#ifndef GVM_GUARD_FREEZE_H
#define GVM_GUARD_FREEZE_H

#include "base/clock.h"
#include "base/err.h"
#include "model/record.h"

/*
 * Runs inside ONE stage child of its own, ends by `until`. Needs the record's identity (uri,
 * name, uuid, process) and the guest's lock held by the caller. Order: identity checked (one QEMU
 * with that UUID, the recorded process, and libvirt's monitor leads to it), hazards refused,
 * record saved as PHASE_FREEZING with the files and taps that QEMU holds now, vCPUs stopped and
 * drained, network back-ends deleted, migration, exports and jobs ended, every drive swapped
 * for null-co, every other block node deleted, vCPUs stopped again, verified, record saved
 * as PHASE_FROZEN with steps and proof (incident condition and reason stay the caller's).
 *
 * 0: frozen and proven, and `r` (reloaded from disk) says so. Otherwise the guest must be killed
 * before anybody may hear "stopped"; `why` says in plain words why it could not be frozen. With an
 * error before the first cut (-ENOTSUP: a hazard; -ESTALE: identity) nothing was done to it.
 * -ETIMEDOUT: cuts may still be made by QEMU after this returned, never by us.
 */
int freeze_guest(struct record *r, struct deadline until, struct err *why);

#endif
