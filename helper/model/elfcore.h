/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's memory as QEMU's memory-only dump writes it: an ELF64 core of an x86-64 machine.
 * Pure: bytes come through a callback. The file may be cut off and its memory is a guest's, so
 * nothing in it is believed: what is not sound is an error, and sizes have limits.
 */
#ifndef GVM_MODEL_ELFCORE_H
#define GVM_MODEL_ELFCORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Fills `to` whole and returns 0, or -errno; a read that reaches beyond the end is an error. */
typedef int (*read_at)(void *data, uint64_t offset, void *to, size_t size);

struct elfcore;

/*
 * `data` is the callback's. -ENOTSUP: no ELF64 core of x86-64; -EPROTO: one that is damaged; else
 * the callback's own error. A wrong e_ehsize does no harm here.
 */
int elfcore_open(read_at read, void *data, struct elfcore **ret, struct err *why);
/* The same of a guest's memory itself: `read` reads it by physical address. `vmcoreinfo` is
 * copied. */
struct elfcore *elfcore_of_memory(read_at read, void *data, const char *vmcoreinfo);
void elfcore_close(struct elfcore *core); /* NULL-safe */

static inline void elfcore_cleanup(struct elfcore **core)
{
    elfcore_close(*core);
}
#define _cleanup_elfcore_ __attribute__((cleanup(elfcore_cleanup)))

/* -EFAULT: the core does not have all of that memory. */
int elfcore_read_physical(const struct elfcore *core, uint64_t paddr, void *to, size_t size,
                          struct err *why);
/* What the guest's kernel says of itself (vmcoreinfo.h); NULL where it left nothing. */
const char *elfcore_vmcoreinfo(const struct elfcore *core);

/* --- the mend --- */

enum { ELFCORE_HEAD_SIZE = 64, ELFCORE_START_SIZE = 4096 };

enum elfcore_head {
    ELFCORE_HEAD_OTHER = 0, /* no ELF64 core of x86-64: none of ours */
    ELFCORE_HEAD_SOUND,
    ELFCORE_HEAD_MENDED,
    ELFCORE_HEAD_DAMAGED /* the tables' entries are not of ELF64's sizes: nothing to mend by */
};
/*
 * QEMU 7.2 writes the size of a pointer as the header's own (e_ehsize), and the table of sections
 * before that of segments, while makedumpfile 1.7 takes what follows the header for the segments,
 * wherever the header says that they are. Puts both right in a core's first bytes; the tables only
 * where they follow each other within `size`. What is not ELFCORE_HEAD_MENDED is left as it was.
 * ELFCORE_START_SIZE bytes have room for the tables of some 60 segments, and are one page: who
 * writes them back and is killed has written all of them or none.
 */
enum elfcore_head elfcore_mend(unsigned char *start, size_t size);

#endif
