/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of a Linux kernel on x86-64 as the kernel itself addresses it, out of a core: its own
 * page tables, walked. They are a guest's: every address may be nonsense.
 */
#ifndef GVM_MODEL_KERNMEM_H
#define GVM_MODEL_KERNMEM_H

#include <stddef.h>
#include <stdint.h>

#include "model/elfcore.h"

struct kernmem;

/* `core` is borrowed. -ENODATA: it has no VMCOREINFO, or one that does not tell of page tables. */
int kernmem_open(const struct elfcore *core, struct kernmem **ret, struct err *why);
void kernmem_close(struct kernmem *mem); /* NULL-safe */

static inline void kernmem_cleanup(struct kernmem **mem)
{
    kernmem_close(*mem);
}
#define _cleanup_kernmem_ __attribute__((cleanup(kernmem_cleanup)))

/* -EFAULT: that address is mapped to nothing, or to nothing that the core has. */
int kernmem_translate(const struct kernmem *mem, uint64_t vaddr, uint64_t *ret_paddr,
                      struct err *why);
/* Keeps the last pages, so that many small reads cost little. */
int kernmem_read(struct kernmem *mem, uint64_t vaddr, void *to, size_t size, struct err *why);
int kernmem_u32(struct kernmem *mem, uint64_t vaddr, uint32_t *ret, struct err *why);
int kernmem_u64(struct kernmem *mem, uint64_t vaddr, uint64_t *ret, struct err *why);
/* The core's VMCOREINFO. */
const char *kernmem_info(const struct kernmem *mem);

#endif
