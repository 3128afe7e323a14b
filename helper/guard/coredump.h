/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A core dump of a guest that stands still, into a folder of evidence: under another name until it
 * is complete, mended where QEMU writes it wrong, synced. For a process that has the time.
 */
#ifndef GVM_GUARD_COREDUMP_H
#define GVM_GUARD_COREDUMP_H

#include <stdint.h>

#include "base/err.h"
#include "model/record.h"
#include "sys/virt_job.h"

struct coredump {
    const struct record *record; /* whose guest, and how big */
    const char *folder;          /* made by evidencedir_make */
    enum dump_format format;     /* wanted, not none; afterwards: the one that it was made in */
    int64_t min_free_mib;
    /* How far it is, about once a second. */
    void (*tell)(void *data, const struct virt_job *job);
    void *data;
};

/*
 * 0: complete, *ret_file (caller frees) is its name in the folder. Formats that QEMU or the guest
 * does not support are followed by the next best. -ENOSPC: less than min_free_mib would be, or
 * was, left; what there was of it is removed. -EAGAIN: not now, since libvirt cannot be asked or is
 * at work on the guest. -ESTALE: what is there now is not the frozen guest of the record.
 * Killed at any point it leaves a partial file, which the next one removes.
 */
int coredump_make(struct coredump *c, char **ret_file, struct err *why);

#endif
