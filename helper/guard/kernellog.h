/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's kernel log out of its dump.
 */
#ifndef GVM_GUARD_KERNELLOG_H
#define GVM_GUARD_KERNELLOG_H

#include "base/clock.h"
#include "base/err.h"
#include "model/record.h"

/*
 * Writes FOLDER/FILE: the log of the kernel whose memory is in FOLDER/DUMP, an ELF core, or a
 * compressed dump while its guest is still frozen (makedumpfile 1.7.2 cannot read the log of
 * QEMU's). -ENOTSUP: another format. -ENODATA: the guest left no VMCOREINFO, or is no Linux.
 */
int kernellog_write(const struct record *r, const char *folder, const char *dump, const char *file,
                    struct deadline until, struct err *why);

#endif
