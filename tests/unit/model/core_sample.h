/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A core in memory, as QEMU writes it, of a small kernel with page tables of its own: for the tests
 * of whoever reads one. Its kernel's memory is two segments, which the file has in the wrong order.
 */
#ifndef GVM_TESTS_CORE_SAMPLE_H
#define GVM_TESTS_CORE_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

enum {
    /* Offsets in the file; the tables in QEMU's order. */
    SAMPLE_SECTION = 64,
    SAMPLE_HEADERS = 128, SAMPLE_HEADERS_COUNT = 3, /* PT_NOTE, then two PT_LOAD */
    SAMPLE_NOTES = 512,
    SAMPLE_MEMORY = 0x4000,
    /* Of the kernel's memory. */
    SAMPLE_SEGMENT = 0x20000,
    SAMPLE_BYTES = 2 * SAMPLE_SEGMENT,
    /* What is where in it: tables of the pages, then free. */
    SAMPLE_PGD = 0, SAMPLE_PUD = 0x1000, SAMPLE_PMD = 0x2000, SAMPLE_PTE = 0x3000,
    SAMPLE_DIRECT_PUD = 0x4000, SAMPLE_DIRECT_PMD = 0x5000, SAMPLE_P4D = 0x6000,
    SAMPLE_FREE = 0x7000
};

#define SAMPLE_PADDR UINT64_C(0x1200000)
#define SAMPLE_PHYS_BASE INT64_C(0x200000)
/* The kernel's image, in small pages; all memory in pages of 2 MiB, and once more of 1 GiB. */
#define SAMPLE_IMAGE UINT64_C(0xffffffff81000000)
#define SAMPLE_DIRECT (UINT64_C(0xffff888000000000) + SAMPLE_PADDR)
#define SAMPLE_HUGE (UINT64_C(0xffff888040000000) + SAMPLE_PADDR)

struct sample {
    unsigned char *bytes;
    size_t size;
    uint64_t laid; /* of a ring's writer: where its next text begins */
};

/* `info`: what follows the lines about page tables in VMCOREINFO; NULL: there is no such note. */
struct sample *sample_new(const char *info);
void sample_free(struct sample *s);
/* The kernel's memory at one of its offsets; not across SAMPLE_SEGMENT. */
unsigned char *sample_at(struct sample *s, size_t offset);
void sample_put(unsigned char *to, size_t size, uint64_t value);
uint64_t sample_get(const unsigned char *from, size_t size);
/* A read_at of a struct sample: -EIO beyond its end. */
int sample_read(void *data, uint64_t offset, void *to, size_t size);

#endif
