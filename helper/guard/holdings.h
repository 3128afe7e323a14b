/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest's QEMU holds: files, block devices and taps, read from its
 * descriptors and put into the record. The domain XML names what was asked for;
 * only the kernel knows what was opened.
 */
#ifndef GVM_GUARD_HOLDINGS_H
#define GVM_GUARD_HOLDINGS_H

#include "base/err.h"
#include "model/domxml.h"
#include "model/record.h"
#include "sys/proc.h"

/*
 * Adds what r->process holds now to r's disks and NICs; what is there already stays,
 * also if it is held no longer (an earlier freeze may have closed it). `live`, which may
 * be NULL, gives the NICs their MAC addresses. May block on dead storage: in a stage only.
 */
int holdings_note(struct record *r, const struct domxml *live, struct err *why);

/*
 * A stream that QEMU only appends to: a regular file open for writing but not for
 * reading, as serial logs, QEMU's own log and dumps are (QEMU's chardev and dump code
 * open O_WRONLY; its block layer opens images O_RDWR or O_RDONLY, never O_WRONLY).
 */
bool holdings_is_stream(const struct proc_fd *fd);

/* The same file, or the same block device under whatever name. */
bool file_id_same(const struct file_id *a, const struct file_id *b);

#endif
