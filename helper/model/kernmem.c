/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The walk through a kernel's page tables (Intel SDM volume 3, "4-level paging and 5-level
 * paging"), and a few pages kept.
 */
#include "model/kernmem.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/littleend.h"
#include "model/vmcoreinfo.h"

enum {
    PAGE_BITS = 12,
    PAGE_BYTES = 1 << PAGE_BITS,
    LEVEL_BITS = 9,
    /* A log is read in some three places at once. */
    PAGES_KEPT = 8
};

/* Where the kernel's image is mapped: __START_KERNEL_map. */
#define IMAGE_START UINT64_C(0xffffffff80000000)
#define ENTRY_PRESENT UINT64_C(1)
#define ENTRY_LARGE (UINT64_C(1) << 7)
#define ENTRY_ADDRESS UINT64_C(0x000ffffffffff000)

struct page {
    bool used;
    uint64_t vaddr;
    unsigned char bytes[PAGE_BYTES];
};

struct kernmem {
    const struct elfcore *core;
    uint64_t root; /* physical address of the highest table */
    uint64_t address_mask;
    int levels;
    size_t oldest;
    struct page pages[PAGES_KEPT];
};

/* On x86-64 swapper_pg_dir is another name of init_top_pgt; kernels give one or both. */
static bool find_root(const char *info, uint64_t *ret)
{
    uint64_t vaddr;
    int64_t base;

    if (!vmcoreinfo_symbol(info, "swapper_pg_dir", &vaddr) &&
        !vmcoreinfo_symbol(info, "init_top_pgt", &vaddr)) {
        return false;
    }
    if (!vmcoreinfo_number(info, "phys_base", &base)) {
        return false;
    }
    *ret = vaddr - IMAGE_START + (uint64_t) base;
    return true;
}

int kernmem_open(const struct elfcore *core, struct kernmem **ret, struct err *why)
{
    const char *info = elfcore_vmcoreinfo(core);
    int64_t five = 0;
    int64_t encrypted = 0;
    uint64_t root;

    if (!info) {
        return err_set(why, -ENODATA, ERR_GENERIC,
                       "the core has no VMCOREINFO: give the domain <vmcoreinfo state='on'/> and "
                       "have the guest load qemu_fw_cfg");
    }
    if (!find_root(info, &root)) {
        return err_set(why, -ENODATA, ERR_GENERIC,
                       "the core's VMCOREINFO is not of a Linux kernel on x86-64: it names no "
                       "swapper_pg_dir or no phys_base");
    }
    vmcoreinfo_number(info, "pgtable_l5_enabled", &five);
    vmcoreinfo_number(info, "sme_mask", &encrypted);

    struct kernmem *mem = mem_zero(1, sizeof *mem);
    mem->core = core;
    mem->levels = five == 1 ? 5 : 4;
    mem->address_mask = ENTRY_ADDRESS & ~(uint64_t) encrypted;
    mem->root = root & mem->address_mask;
    *ret = mem;
    return 0;
}

void kernmem_close(struct kernmem *mem)
{
    free(mem);
}

const char *kernmem_info(const struct kernmem *mem)
{
    return elfcore_vmcoreinfo(mem->core);
}

static int read_entry(const struct kernmem *mem, uint64_t table, uint64_t vaddr, int shift,
                      uint64_t *ret, struct err *why)
{
    unsigned char bytes[8];
    uint64_t index = vaddr >> shift & ((1 << LEVEL_BITS) - 1);
    uint64_t at = table + index * sizeof bytes;
    int rc = elfcore_read_physical(mem->core, at, bytes, sizeof bytes, why);

    if (rc < 0) {
        return err_prefix(why, rc, "the page tables for 0x%" PRIx64, vaddr);
    }
    *ret = le64(bytes);
    if (!(*ret & ENTRY_PRESENT)) {
        return err_set(why, -EFAULT, ERR_GENERIC,
                       "nothing is mapped at the kernel's address 0x%" PRIx64, vaddr);
    }
    return 0;
}

int kernmem_translate(const struct kernmem *mem, uint64_t vaddr, uint64_t *ret_paddr,
                      struct err *why)
{
    uint64_t table = mem->root;

    for (int level = mem->levels; level >= 1; level--) {
        int shift = PAGE_BITS + (level - 1) * LEVEL_BITS;
        uint64_t within = (UINT64_C(1) << shift) - 1;
        uint64_t entry = 0;
        int rc = read_entry(mem, table, vaddr, shift, &entry, why);

        if (rc < 0) {
            return rc;
        }
        /* Level 2 maps 2 MiB, level 3 maps 1 GiB; bit 7 means something else in the others. */
        if (level == 1 || (level <= 3 && (entry & ENTRY_LARGE))) {
            *ret_paddr = (entry & mem->address_mask & ~within) | (vaddr & within);
            return 0;
        }
        table = entry & mem->address_mask;
    }
    return err_set(why, -EFAULT, ERR_GENERIC, "no page tables"); /* levels is 4 or 5 */
}

static int get_page(struct kernmem *mem, uint64_t vaddr, const unsigned char **ret,
                    struct err *why)
{
    struct page *page = &mem->pages[mem->oldest];
    uint64_t paddr = 0;
    int rc;

    for (size_t i = 0; i < PAGES_KEPT; i++) {
        if (mem->pages[i].used && mem->pages[i].vaddr == vaddr) {
            *ret = mem->pages[i].bytes;
            return 0;
        }
    }
    rc = kernmem_translate(mem, vaddr, &paddr, why);
    if (rc < 0) {
        return rc;
    }
    page->used = false;
    rc = elfcore_read_physical(mem->core, paddr, page->bytes, PAGE_BYTES, why);
    if (rc < 0) {
        return rc;
    }
    page->used = true;
    page->vaddr = vaddr;
    mem->oldest = (mem->oldest + 1) % PAGES_KEPT;
    *ret = page->bytes;
    return 0;
}

int kernmem_read(struct kernmem *mem, uint64_t vaddr, void *to, size_t size, struct err *why)
{
    unsigned char *next = to;

    while (size > 0) {
        size_t into = vaddr % PAGE_BYTES;
        size_t part = size < PAGE_BYTES - into ? size : PAGE_BYTES - into;
        const unsigned char *page = NULL;
        int rc = get_page(mem, vaddr - into, &page, why);

        if (rc < 0) {
            return rc;
        }
        memcpy(next, page + into, part);
        next += part;
        size -= part;
        vaddr += part;
    }
    return 0;
}

int kernmem_u32(struct kernmem *mem, uint64_t vaddr, uint32_t *ret, struct err *why)
{
    unsigned char bytes[4];
    int rc = kernmem_read(mem, vaddr, bytes, sizeof bytes, why);

    if (rc == 0) {
        *ret = le32(bytes);
    }
    return rc;
}

int kernmem_u64(struct kernmem *mem, uint64_t vaddr, uint64_t *ret, struct err *why)
{
    unsigned char bytes[8];
    int rc = kernmem_read(mem, vaddr, bytes, sizeof bytes, why);

    if (rc == 0) {
        *ret = le64(bytes);
    }
    return rc;
}
