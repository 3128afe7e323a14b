/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far libvirt is with what somebody else asked it to do with a guest: a dump, a migration. As
 * with all of libvirt (virt.h), in a stage only.
 */
#ifndef GVM_SYS_VIRT_JOB_H
#define GVM_SYS_VIRT_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sys/virt.h"

/* In bytes of memory, and for a migration of disks that move with it. All 0 while libvirt has
 * nothing to tell. */
struct virt_job {
    bool runs;             /* libvirt is at it; else nobody goes on with what was begun */
    bool moves;            /* it is a migration away from here */
    int64_t done_bytes;
    int64_t remaining_bytes;
    int64_t total_bytes;
};

/* virDomainGetJobStats; needs QEMU's monitor. Fails of a guest that comes in. */
int virt_job(struct domain *d, struct virt_job *ret, struct err *why);

#endif
