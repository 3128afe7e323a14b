/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The core of core_sample.h, built.
 */
#include "core_sample.h"

#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"

void sample_put(unsigned char *to, size_t size, uint64_t value)
{
    for (size_t i = 0; i < size; i++) {
        to[i] = (unsigned char) (value >> (8 * i));
    }
}

uint64_t sample_get(const unsigned char *from, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++) {
        value |= (uint64_t) from[i] << (8 * i);
    }
    return value;
}

#define PUT(to, type, member, value) \
    sample_put((to) + offsetof(type, member), sizeof(((type *) NULL)->member), value)

unsigned char *sample_at(struct sample *s, size_t offset)
{
    /* The second half comes first in the file. */
    return s->bytes + SAMPLE_MEMORY +
           (offset < SAMPLE_SEGMENT ? offset + SAMPLE_SEGMENT : offset - SAMPLE_SEGMENT);
}

int sample_read(void *data, uint64_t offset, void *to, size_t size)
{
    const struct sample *s = data;

    if (offset > s->size || size > s->size - offset) {
        return -EIO;
    }
    if (size > 0) {
        memcpy(to, s->bytes + offset, size);
    }
    return 0;
}

static void put_header(struct sample *s, int index, uint32_t type, uint64_t offset, uint64_t size,
                       uint64_t paddr)
{
    unsigned char *to = s->bytes + SAMPLE_HEADERS + (size_t) index * sizeof(Elf64_Phdr);

    PUT(to, Elf64_Phdr, p_type, type);
    PUT(to, Elf64_Phdr, p_offset, offset);
    PUT(to, Elf64_Phdr, p_filesz, size);
    PUT(to, Elf64_Phdr, p_memsz, size);
    PUT(to, Elf64_Phdr, p_paddr, paddr);
}

static size_t put_note(unsigned char *to, const char *name, const void *text, size_t size)
{
    size_t head = sizeof(Elf64_Nhdr);
    size_t name_size = strlen(name) + 1;

    PUT(to, Elf64_Nhdr, n_namesz, name_size);
    PUT(to, Elf64_Nhdr, n_descsz, size);
    memcpy(to + head, name, name_size);
    head += (name_size + 3) / 4 * 4;
    memcpy(to + head, text, size);
    return head + (size + 3) / 4 * 4;
}

static size_t put_notes(struct sample *s, const char *info)
{
    unsigned char *to = s->bytes + SAMPLE_NOTES;
    size_t used = put_note(to, "CORE", "registers of a vCPU", 20);

    if (info) {
        _cleanup_free_ char *text = str_printf(
            "OSRELEASE=6.1.0-test\nSYMBOL(swapper_pg_dir)=%" PRIx64 "\nNUMBER(phys_base)=%" PRId64
            "\n%s", SAMPLE_IMAGE + SAMPLE_PGD, SAMPLE_PHYS_BASE, info);

        used += put_note(to + used, "VMCOREINFO", text, strlen(text));
    }
    return used;
}

/* As QEMU 7.2 does, with the size of a pointer as e_ehsize. */
static void put_head(struct sample *s)
{
    unsigned char *to = s->bytes;

    memcpy(to, ELFMAG, SELFMAG);
    to[EI_CLASS] = ELFCLASS64;
    to[EI_DATA] = ELFDATA2LSB;
    to[EI_VERSION] = EV_CURRENT;
    PUT(to, Elf64_Ehdr, e_type, ET_CORE);
    PUT(to, Elf64_Ehdr, e_machine, EM_X86_64);
    PUT(to, Elf64_Ehdr, e_version, EV_CURRENT);
    PUT(to, Elf64_Ehdr, e_ehsize, 8);
    PUT(to, Elf64_Ehdr, e_phoff, SAMPLE_HEADERS);
    PUT(to, Elf64_Ehdr, e_phentsize, sizeof(Elf64_Phdr));
    PUT(to, Elf64_Ehdr, e_phnum, SAMPLE_HEADERS_COUNT);
    PUT(to, Elf64_Ehdr, e_shoff, SAMPLE_SECTION);
    PUT(to, Elf64_Ehdr, e_shentsize, sizeof(Elf64_Shdr));
    PUT(to, Elf64_Ehdr, e_shnum, 1);
    PUT(to + SAMPLE_SECTION, Elf64_Shdr, sh_info, SAMPLE_HEADERS_COUNT);
}

static void put_entry(struct sample *s, size_t table, size_t index, uint64_t entry)
{
    sample_put(sample_at(s, table + 8 * index), 8, entry | 0x63); /* present, writable, used */
}

static void put_tables(struct sample *s)
{
    enum { LARGE = 0x80 };

    put_entry(s, SAMPLE_P4D, 511, SAMPLE_PADDR + SAMPLE_PGD);
    put_entry(s, SAMPLE_PGD, 511, SAMPLE_PADDR + SAMPLE_PUD);
    put_entry(s, SAMPLE_PUD, 510, SAMPLE_PADDR + SAMPLE_PMD);
    put_entry(s, SAMPLE_PMD, 8, SAMPLE_PADDR + SAMPLE_PTE);
    for (size_t i = 0; i < SAMPLE_BYTES / 4096; i++) {
        put_entry(s, SAMPLE_PTE, i, (SAMPLE_PADDR + i * 4096) | UINT64_C(1) << 63);
    }
    put_entry(s, SAMPLE_PGD, 273, SAMPLE_PADDR + SAMPLE_DIRECT_PUD);
    put_entry(s, SAMPLE_DIRECT_PUD, 0, SAMPLE_PADDR + SAMPLE_DIRECT_PMD);
    put_entry(s, SAMPLE_DIRECT_PMD, SAMPLE_PADDR >> 21, SAMPLE_PADDR | LARGE);
    put_entry(s, SAMPLE_DIRECT_PUD, 1, LARGE);
}

struct sample *sample_new(const char *info)
{
    struct sample *s = mem_zero(1, sizeof *s);

    s->size = SAMPLE_MEMORY + SAMPLE_BYTES;
    s->bytes = mem_zero(s->size, 1);
    put_head(s);
    put_header(s, 0, PT_NOTE, SAMPLE_NOTES, put_notes(s, info), 0);
    put_header(s, 1, PT_LOAD, SAMPLE_MEMORY, SAMPLE_SEGMENT, SAMPLE_PADDR + SAMPLE_SEGMENT);
    put_header(s, 2, PT_LOAD, SAMPLE_MEMORY + SAMPLE_SEGMENT, SAMPLE_SEGMENT, SAMPLE_PADDR);
    put_tables(s);
    return s;
}

void sample_free(struct sample *s)
{
    if (s) {
        free(s->bytes);
        free(s);
    }
}
