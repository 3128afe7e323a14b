/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The core's header and segments, and its memory by physical address. Notes are elfcore_note.c's,
 * what QEMU writes amiss is elfcore_mend.c's.
 */
#include "model/elfcore_internal.h"

#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/littleend.h"

/* QEMU writes one segment per block of memory, with paging one per mapping. */
enum { HEADERS_MOST = 1 << 18 };

int core_read(const struct elfcore *core, uint64_t offset, void *to, size_t size, struct err *why)
{
    int rc = core->read(core->data, offset, to, size);

    if (rc < 0) {
        return err_set(why, rc, ERR_GENERIC,
                       "the core cannot be read at %" PRIu64 " (%zu bytes): %s", offset, size,
                       strerror(-rc));
    }
    return 0;
}

bool core_is_ours(const unsigned char *head)
{
    return memcmp(head, ELFMAG, SELFMAG) == 0 && head[EI_CLASS] == ELFCLASS64 &&
           head[EI_DATA] == ELFDATA2LSB && le16(FIELD(head, Elf64_Ehdr, e_type)) == ET_CORE &&
           le16(FIELD(head, Elf64_Ehdr, e_machine)) == EM_X86_64;
}

/* e_shentsize only counts where there are sections. */
bool core_entries_are_sound(const unsigned char *head)
{
    bool sections = le16(FIELD(head, Elf64_Ehdr, e_shnum)) > 0 ||
                    le16(FIELD(head, Elf64_Ehdr, e_phnum)) == PN_XNUM;

    return le16(FIELD(head, Elf64_Ehdr, e_phentsize)) == sizeof(Elf64_Phdr) &&
           (!sections || le16(FIELD(head, Elf64_Ehdr, e_shentsize)) == sizeof(Elf64_Shdr));
}

/* What does not fit into 16 bits stands in the first section header. */
static int count_headers(const struct elfcore *core, const unsigned char *head, uint32_t *ret,
                         struct err *why)
{
    unsigned char section[sizeof(Elf64_Shdr)];
    uint32_t count = le16(FIELD(head, Elf64_Ehdr, e_phnum));
    int rc;

    if (count == PN_XNUM) {
        rc = core_read(core, le64(FIELD(head, Elf64_Ehdr, e_shoff)), section, sizeof section, why);
        if (rc < 0) {
            return rc;
        }
        count = le32(FIELD(section, Elf64_Shdr, sh_info));
    }
    if (count > HEADERS_MOST) {
        return err_set(why, -EPROTO, ERR_GENERIC,
                       "the core is damaged: it claims to have %" PRIu32 " segments", count);
    }
    *ret = count;
    return 0;
}

static int add_segment(struct elfcore *core, const unsigned char *header, struct err *why)
{
    struct segment s = {
        .paddr = le64(FIELD(header, Elf64_Phdr, p_paddr)),
        .size = le64(FIELD(header, Elf64_Phdr, p_filesz)),
        .offset = le64(FIELD(header, Elf64_Phdr, p_offset)),
    };

    if (s.size > UINT64_MAX - s.paddr || s.size > UINT64_MAX - s.offset) {
        return err_set(why, -EPROTO, ERR_GENERIC,
                       "the core is damaged: a segment of %" PRIu64 " bytes at %" PRIu64, s.size,
                       s.offset);
    }
    if (s.size > 0) {
        struct segment *to = array_add(&core->segments, &core->segment_count, sizeof s);
        *to = s;
    }
    return 0;
}

static int read_header(struct elfcore *core, uint64_t offset, struct err *why)
{
    unsigned char header[sizeof(Elf64_Phdr)];
    int rc = core_read(core, offset, header, sizeof header, why);

    if (rc < 0) {
        return rc;
    }
    switch (le32(FIELD(header, Elf64_Phdr, p_type))) {
    case PT_LOAD:
        return add_segment(core, header, why);
    case PT_NOTE:
        return core_read_notes(core, le64(FIELD(header, Elf64_Phdr, p_offset)),
                               le64(FIELD(header, Elf64_Phdr, p_filesz)), why);
    default:
        return 0;
    }
}

static int by_paddr(const void *a, const void *b)
{
    const struct segment *s = a;
    const struct segment *t = b;

    return s->paddr < t->paddr ? -1 : s->paddr > t->paddr;
}

static int read_headers(struct elfcore *core, const unsigned char *head, struct err *why)
{
    uint64_t first = le64(FIELD(head, Elf64_Ehdr, e_phoff));
    uint32_t count = 0;
    int rc = count_headers(core, head, &count, why);

    if (rc == 0 && first > UINT64_MAX - (uint64_t) count * sizeof(Elf64_Phdr)) {
        rc = err_set(why, -EPROTO, ERR_GENERIC,
                     "the core is damaged: its segments' table is said to be at %" PRIu64, first);
    }
    for (uint32_t i = 0; rc == 0 && i < count; i++) {
        rc = read_header(core, first + (uint64_t) i * sizeof(Elf64_Phdr), why);
    }
    if (rc == 0 && core->segment_count > 0) {
        qsort(core->segments, core->segment_count, sizeof core->segments[0], by_paddr);
    }
    return rc;
}

int elfcore_open(read_at read, void *data, struct elfcore **ret, struct err *why)
{
    unsigned char head[ELFCORE_HEAD_SIZE];
    _cleanup_elfcore_ struct elfcore *core = mem_zero(1, sizeof *core);

    core->read = read;
    core->data = data;
    int rc = core_read(core, 0, head, sizeof head, why);
    if (rc < 0) {
        return rc;
    }
    if (!core_is_ours(head)) {
        return err_set(why, -ENOTSUP, ERR_GENERIC,
                       "this is no ELF core of an x86-64 guest, as dump --memory-only writes");
    }
    if (!core_entries_are_sound(head)) {
        return err_set(why, -EPROTO, ERR_GENERIC,
                       "the core is damaged: its tables' entries are not of ELF64's sizes");
    }
    rc = read_headers(core, head, why);
    if (rc < 0) {
        return rc;
    }
    *ret = core;
    core = NULL;
    return 0;
}

struct elfcore *elfcore_of_memory(read_at read, void *data, const char *vmcoreinfo)
{
    struct elfcore *core = mem_zero(1, sizeof *core);
    struct segment *all = array_add(&core->segments, &core->segment_count, sizeof *all);

    core->read = read;
    core->data = data;
    core->vmcoreinfo = str_dup(vmcoreinfo);
    *all = (struct segment) {.paddr = 0, .size = INT64_MAX, .offset = 0};
    return core;
}

void elfcore_close(struct elfcore *core)
{
    if (core) {
        free(core->segments);
        free(core->vmcoreinfo);
        free(core);
    }
}

const char *elfcore_vmcoreinfo(const struct elfcore *core)
{
    return core->vmcoreinfo;
}

/* The last one that begins at or before; where segments overlap, that one counts. */
static const struct segment *find_segment(const struct elfcore *core, uint64_t paddr)
{
    size_t low = 0;
    size_t high = core->segment_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (core->segments[middle].paddr <= paddr) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0 || paddr - core->segments[low - 1].paddr >= core->segments[low - 1].size) {
        return NULL;
    }
    return &core->segments[low - 1];
}

int elfcore_read_physical(const struct elfcore *core, uint64_t paddr, void *to, size_t size,
                          struct err *why)
{
    unsigned char *next = to;

    while (size > 0) {
        const struct segment *s = find_segment(core, paddr);

        if (!s) {
            return err_set(why, -EFAULT, ERR_GENERIC,
                           "the core does not have the guest's memory at 0x%" PRIx64, paddr);
        }
        uint64_t into = paddr - s->paddr;
        size_t part = size < s->size - into ? size : (size_t) (s->size - into);
        int rc = core_read(core, s->offset + into, next, part, why);

        if (rc < 0) {
            return rc;
        }
        next += part;
        size -= part;
        paddr += part;
    }
    return 0;
}
