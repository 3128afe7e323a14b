/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cores whose kernel has a log, in either form, and a writer of it that does as the kernel does.
 */
#ifndef GVM_TESTS_PRINTK_SAMPLE_H
#define GVM_TESTS_PRINTK_SAMPLE_H

#include "core_sample.h"

enum {
    RING_BITS = 10, RING_BYTES = 1 << RING_BITS,
    RING_DESC_BITS = 5, RING_DESCS = 1 << RING_DESC_BITS,
    /* Offsets in the kernel's memory; the texts lie across the two segments. */
    RING_POINTER = SAMPLE_FREE, RING = SAMPLE_FREE + 0x100,
    RING_COUNT_BITS = RING, RING_DESCS_POINTER = RING + 8, RING_INFOS_POINTER = RING + 16,
    RING_HEAD = RING + 24, RING_TAIL = RING + 32, RING_SIZE_BITS = RING + 48,
    RING_DATA_POINTER = RING + 56,
    RING_DESC = 0x8000, RING_DESC_SIZE = 24, RING_INFO = 0x9000, RING_INFO_SIZE = 88,
    RING_DATA = SAMPLE_SEGMENT - 512,

    LOG_BYTES = 1024, LOG_HEAD = 16,
    LOG_POINTER = SAMPLE_FREE, LOG_LENGTH = SAMPLE_FREE + 8, LOG_FIRST = SAMPLE_FREE + 12,
    LOG_NEXT = SAMPLE_FREE + 16, LOG_DATA = 0xa000
};

enum { RESERVED = 0, COMMITTED = 1, FINALIZED = 2, REUSABLE = 3 };

/* Without and with one line of its VMCOREINFO, for the tests of what is missing. */
struct sample *ring_sample(void);
struct sample *ring_sample_without(const char *line);
void ring_say(struct sample *s, uint64_t ts_nsec, const char *text);
/* The descriptor and the printk_info of the record written last. */
unsigned char *ring_desc(struct sample *s);
unsigned char *ring_info(struct sample *s);
void ring_set_state(struct sample *s, unsigned state);
void ring_set_block(struct sample *s, uint64_t begin, uint64_t next);

struct sample *log_sample(void);
void log_say(struct sample *s, uint64_t ts_nsec, const char *text);

#endif
