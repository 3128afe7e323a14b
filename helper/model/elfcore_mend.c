/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A core's first bytes, put right for programs that read it less carefully than elfcore.c.
 */
#include "model/elfcore_internal.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/littleend.h"

static void put16(unsigned char *to, size_t value)
{
    to[0] = (unsigned char) value;
    to[1] = (unsigned char) (value >> 8);
}

/* Within what is read and written back, so below 2^16. */
static void put_offset(unsigned char *to, size_t value)
{
    memset(to, 0, 8);
    put16(to, value);
}

static bool mend_size(unsigned char *start)
{
    if (le16(FIELD(start, Elf64_Ehdr, e_ehsize)) == sizeof(Elf64_Ehdr)) {
        return false;
    }
    put16(FIELD(start, Elf64_Ehdr, e_ehsize), sizeof(Elf64_Ehdr));
    return true;
}

/* The two tables follow the header and each other, sections first: exchanges them. */
static bool mend_order(unsigned char *start, size_t size)
{
    size_t sections = (size_t) le16(FIELD(start, Elf64_Ehdr, e_shnum)) * sizeof(Elf64_Shdr);
    size_t headers = (size_t) le16(FIELD(start, Elf64_Ehdr, e_phnum)) * sizeof(Elf64_Phdr);
    size_t first = sizeof(Elf64_Ehdr);
    size_t end = first + sections + headers;

    if (sections == 0 || headers == 0 || end > size || end > UINT16_MAX ||
        le16(FIELD(start, Elf64_Ehdr, e_phnum)) == PN_XNUM ||
        le64(FIELD(start, Elf64_Ehdr, e_shoff)) != first ||
        le64(FIELD(start, Elf64_Ehdr, e_phoff)) != first + sections) {
        return false;
    }
    _cleanup_free_ unsigned char *kept = mem_zero(sections, 1);
    memcpy(kept, start + first, sections);
    memmove(start + first, start + first + sections, headers);
    memcpy(start + first + headers, kept, sections);
    put_offset(FIELD(start, Elf64_Ehdr, e_phoff), first);
    put_offset(FIELD(start, Elf64_Ehdr, e_shoff), first + headers);
    return true;
}

enum elfcore_head elfcore_mend(unsigned char *start, size_t size)
{
    if (size < ELFCORE_HEAD_SIZE || !core_is_ours(start)) {
        return ELFCORE_HEAD_OTHER;
    }
    if (!core_entries_are_sound(start)) {
        return ELFCORE_HEAD_DAMAGED;
    }
    bool size_mended = mend_size(start);
    bool order_mended = mend_order(start, size);

    return size_mended || order_mended ? ELFCORE_HEAD_MENDED : ELFCORE_HEAD_SOUND;
}
