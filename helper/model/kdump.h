/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A compressed dump (kdump) in the form for pipes that QEMU writes, which makedumpfile calls
 * flattened: pieces, each with its place in the file to be. Only what the guest's kernel says of
 * itself is taken out: the memory would have to be decompressed. Pure, and as with the ELF core
 * nothing in it is believed.
 */
#ifndef GVM_MODEL_KDUMP_H
#define GVM_MODEL_KDUMP_H

#include "model/elfcore.h"

/*
 * The kernel's VMCOREINFO as text, new. -ENOTSUP: no dump of this form; -ENODATA: the guest left
 * none; -EPROTO: the dump is damaged.
 */
int kdump_vmcoreinfo(read_at read, void *data, char **ret, struct err *why);

#endif
