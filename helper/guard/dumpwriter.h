/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process that writes a dump for libvirt, which is the only way to stop one: libvirt cannot
 * abort a memory-only dump (FACTS of libvirt 9.0: "memory-only dump cannot be aborted").
 */
#ifndef GVM_GUARD_DUMPWRITER_H
#define GVM_GUARD_DUMPWRITER_H

#include "model/record.h"

/* Ends every libvirt_iohelper that has this file open; how many. QEMU itself, which writes where
 * the page cache could not be bypassed, is left alone: the full disk ends its dump. */
int dumpwriter_end(const struct file_id *file);

#endif
