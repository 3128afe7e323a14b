/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The leases that libvirt's lock daemon holds for a guest.
 */
#ifndef GVM_GUARD_LEASES_H
#define GVM_GUARD_LEASES_H

#include "base/err.h"
#include "model/domxml.h"
#include "model/record.h"
#include "sys/virt.h"

/*
 * Sees to it that no lease keeps others from starting this guest, whose vCPUs stand. 0: none is
 * held, or no lock daemon runs. -EBUSY: one stays held. In a stage.
 */
int leases_give_back(const struct record *r, const struct domxml *live, struct domain *d,
                     struct err *why);

#endif
