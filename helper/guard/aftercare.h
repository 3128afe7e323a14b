/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is done with frozen guests afterwards: evidence, dump, release, by the policy that each was
 * frozen with. One process of a node at a time, which the watch starts; it is no part of any
 * action, and may take hours.
 */
#ifndef GVM_GUARD_AFTERCARE_H
#define GVM_GUARD_AFTERCARE_H

#include "base/err.h"
#include "guard/collect.h"
#include "model/record.h"

/*
 * Everything that is due on this node, one after the other. 0: nothing is left to be done now;
 * -EBUSY: another process is at it; else what could not be done, to be tried again later. Logs.
 */
int aftercare_run(struct err *why);

/*
 * Evidence and dump of this frozen guest, now, whatever its policy is. The record is as on disk,
 * and is afterwards, too. -ENODATA: no dump was made, `why` tells why. The caller has
 * statedir_lock_care.
 */
int aftercare_dump(struct record **r, const struct collect_request *wanted, struct err *why);

#endif
