/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * End a guest's QEMU and prove its death by pidfd. Needs no libvirt.
 */
#ifndef GVM_GUARD_KILL_H
#define GVM_GUARD_KILL_H

#include "base/clock.h"
#include "base/err.h"
#include "model/record.h"

enum kill_manner {
    KILL_FLUSHED, /* SIGTERM first, so that QEMU closes its images; SIGKILL after a share */
    /* SIGKILL: frozen or hopeless, nothing may be flushed any more. */
    KILL_AT_ONCE
};

/*
 * 0: that process (PID and start time) is proven dead. -ETIMEDOUT: alive in
 * spite of SIGKILL; `why` tells its stuck threads. Never anything else about another process.
 */
int kill_proven(const struct process_id *id, enum kill_manner manner, struct deadline until,
                struct err *why);

#endif
