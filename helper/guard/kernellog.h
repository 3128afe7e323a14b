/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's kernel log out of its dump.
 */
#ifndef GVM_GUARD_KERNELLOG_H
#define GVM_GUARD_KERNELLOG_H

#include "base/clock.h"
#include "base/err.h"

/*
 * Reads FOLDER/DUMP, an ELF core, and writes FOLDER/FILE. -ENOTSUP: another format (makedumpfile
 * 1.7.2 cannot read the log of QEMU's compressed ones either). -ENODATA: the guest left no
 * VMCOREINFO, or is no Linux.
 */
int kernellog_write(const char *folder, const char *dump, const char *file, struct deadline until,
                    struct err *why);

#endif
