/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log of Linux before 5.10: records of struct printk_log, one after the other in log_buf; one
 * of length 0 says that the next is at the buffer's beginning.
 */
#include "model/printk_internal.h"

#include <errno.h>
#include <inttypes.h>

#include "model/littleend.h"
#include "model/printk.h"

struct layout {
    uint64_t size, time, length, text_length;
};

#define ROW(name, is_size, member) {name, is_size, offsetof(struct layout, member)}
static const struct layout_row rows[] = {
    ROW("printk_log", true, size),
    ROW("printk_log.ts_nsec", false, time),
    ROW("printk_log.len", false, length),
    ROW("printk_log.text_len", false, text_length),
};

struct log {
    struct kernmem *mem;
    struct layout l;
    uint64_t buffer; /* address */
    uint32_t size, first, next;
};

struct record {
    uint64_t time;
    uint16_t length, text_length;
};

static int read_u32(struct log *log, const char *symbol, uint32_t *ret, struct err *why)
{
    uint64_t at = 0;
    int rc = layout_symbol(kernmem_info(log->mem), symbol, &at, why);

    return rc < 0 ? rc : kernmem_u32(log->mem, at, ret, why);
}

static int open_log(struct log *log, struct err *why)
{
    const char *info = kernmem_info(log->mem);
    uint64_t pointer = 0;
    int rc = layout_read(info, rows, sizeof rows / sizeof rows[0], &log->l, why);

    rc = rc < 0 ? rc : layout_symbol(info, "log_buf", &pointer, why);
    rc = rc < 0 ? rc : kernmem_u64(log->mem, pointer, &log->buffer, why);
    rc = rc < 0 ? rc : read_u32(log, "log_buf_len", &log->size, why);
    rc = rc < 0 ? rc : read_u32(log, "log_first_idx", &log->first, why);
    rc = rc < 0 ? rc : read_u32(log, "log_next_idx", &log->next, why);
    if (rc < 0) {
        return rc;
    }
    if (log->size > PRINTK_BUFFER_MOST || log->first > log->size || log->next > log->size) {
        return err_set(why, -EPROTO, ERR_GENERIC,
                       "records %" PRIu32 " to %" PRIu32 " of %" PRIu32 " bytes are not believed",
                       log->first, log->next, log->size);
    }
    return 0;
}

static int read_record(struct log *log, uint32_t at, struct record *ret, struct err *why)
{
    uint64_t head = log->buffer + at;
    unsigned char length[2] = {0};
    unsigned char text_length[2] = {0};
    int rc = kernmem_u64(log->mem, head + log->l.time, &ret->time, why);

    rc = rc < 0 ? rc : kernmem_read(log->mem, head + log->l.length, length, 2, why);
    rc = rc < 0 ? rc : kernmem_read(log->mem, head + log->l.text_length, text_length, 2, why);
    ret->length = le16(length);
    ret->text_length = le16(text_length);
    return rc;
}

static int add_record(struct log *log, uint32_t at, const struct record *record, struct lines *to,
                      bool *more, struct err *why)
{
    unsigned char text[UINT16_MAX];
    int rc = kernmem_read(log->mem, log->buffer + at + log->l.size, text, record->text_length, why);

    if (rc == 0) {
        *more = lines_add(to, record->time, text, record->text_length);
    }
    return rc;
}

/* A record is as long as its head and text at least, and ends within the buffer. */
static bool is_sound(const struct log *log, uint32_t at, const struct record *record)
{
    return record->length >= log->l.size + record->text_length &&
           record->length <= log->size - at;
}

int printk_log_read(struct kernmem *mem, struct lines *to, struct err *why)
{
    struct log log = {.mem = mem};
    bool wrapped = false;
    bool more = true;
    int rc = open_log(&log, why);
    uint32_t at = log.first;

    /* It ends: `at` grows with each record, and goes back once, not to come where it began. */
    while (rc == 0 && more && at != log.next && !(wrapped && at >= log.first)) {
        struct record record = {0};

        rc = read_record(&log, at, &record, why);
        if (rc == 0 && record.length == 0 && !wrapped && log.next < at) {
            wrapped = true;
            at = 0;
            continue;
        }
        if (rc == 0 && !is_sound(&log, at, &record)) {
            /* What came before it is a log all the same. */
            break;
        }
        rc = rc < 0 ? rc : add_record(&log, at, &record, to, &more, why);
        at += record.length;
    }
    return rc;
}
