/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of elfcore share: the core while it is read.
 */
#ifndef GVM_MODEL_ELFCORE_INTERNAL_H
#define GVM_MODEL_ELFCORE_INTERNAL_H

#include <stdbool.h>

#include "model/elfcore.h"

/* A member of one of ELF's structures, among bytes. */
#define FIELD(bytes, type, member) ((bytes) + offsetof(type, member))

struct segment {
    uint64_t paddr;
    uint64_t size;
    uint64_t offset; /* in the file; offset + size does not overflow, nor does paddr + size */
};

struct elfcore {
    read_at read;
    void *data;
    struct segment *segments; /* by paddr */
    size_t segment_count;
    size_t notes; /* read so far */
    char *vmcoreinfo;
};

/* Of a core's first ELFCORE_HEAD_SIZE bytes: whether it can be read, and its tables by ELF64. */
bool core_is_ours(const unsigned char *head);
bool core_entries_are_sound(const unsigned char *head);
/* Reads of the file, with an error that says where. */
int core_read(const struct elfcore *core, uint64_t offset, void *to, size_t size, struct err *why);
/* Takes the VMCOREINFO out of one PT_NOTE, if it is there. */
int core_read_notes(struct elfcore *core, uint64_t offset, uint64_t size, struct err *why);

#endif
