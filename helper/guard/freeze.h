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
 * Runs inside ONE stage child of its own, ends by `until`. Needs the record's
 * identity (uuid, process). Order: identity check, hazards refused, record
 * saved as PHASE_FREEZING with the files and taps QEMU holds now, vCPUs stopped,
 * links and taps cut, drained, jobs and exports ended, every drive swapped for
 * null-co, every other block node deleted, verified, record saved as
 * PHASE_FROZEN with steps and proof. 0: frozen and proven, and `r` (reloaded from disk) says so.
 * Otherwise the guest must be killed; `why` says in plain words why it could not be frozen.
 */
int freeze_guest(struct record *r, struct deadline until, struct err *why);

#endif
