/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process that writes a dump for libvirt. It can be made to give way to others at the disk, and
 * ending it is the only way to stop a dump: libvirt 9.0 cannot abort a memory-only one.
 */
#ifndef GVM_GUARD_DUMPWRITER_H
#define GVM_GUARD_DUMPWRITER_H

#include "model/record.h"

/* Every libvirt_iohelper that has this file open gives way at the disk; how many. */
int dumpwriter_calm(const struct file_id *file);
/* Ends every libvirt_iohelper that has this file open; how many. QEMU itself, which writes where
 * the page cache could not be bypassed, is left alone: the full disk ends its dump. */
int dumpwriter_end(const struct file_id *file);

#endif
