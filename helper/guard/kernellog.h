/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's kernel log out of its dump.
 */
#ifndef GVM_GUARD_KERNELLOG_H
#define GVM_GUARD_KERNELLOG_H

#include "base/clock.h"
#include "base/err.h"

/*
 * Reads FOLDER/DUMP and writes FOLDER/FILE. An ELF core by our own reader, other formats by
 * makedumpfile where that is installed. -ENODATA: the guest left no VMCOREINFO, or is no Linux.
 */
int kernellog_write(const char *folder, const char *dump, const char *file, struct deadline until,
                    struct err *why);

#endif
