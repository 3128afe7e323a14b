/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the readers of the log's two forms share: the layout that VMCOREINFO gives, and the text
 * that they fill.
 */
#ifndef GVM_MODEL_PRINTK_INTERNAL_H
#define GVM_MODEL_PRINTK_INTERNAL_H

#include <stdbool.h>
#include <stdio.h>

#include "model/kernmem.h"

/* The text while it grows. */
struct lines {
    FILE *out;
    size_t written;
};

/* Adds one record. False: there is no room for more. */
bool lines_add(struct lines *lines, uint64_t ts_nsec, const unsigned char *text, size_t size);

/* One row per SIZE() or OFFSET(); `at` is where a uint64_t of the reader's own layout is. */
struct layout_row {
    const char *name;
    bool is_size;
    size_t at;
};
/*
 * All rows or -ENODATA. No structure of a log is as large as a page, and so all sums of these
 * numbers stay far from an overflow.
 */
int layout_read(const char *info, const struct layout_row *rows, size_t count, void *layout,
                struct err *why);
/* The address of a symbol of the log, or -ENODATA. */
int layout_symbol(const char *info, const char *name, uint64_t *ret, struct err *why);

/* Linux 5.10 and later: printk_ringbuffer. */
int printk_ring_read(struct kernmem *mem, struct lines *to, struct err *why);
/* Before: log_buf with records of printk_log. */
int printk_log_read(struct kernmem *mem, struct lines *to, struct err *why);

#endif
