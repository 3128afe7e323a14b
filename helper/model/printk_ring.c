/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log of Linux 5.10 and later: descriptors in one ring, each with a printk_info and the place
 * of its text in a second ring. The kernel describes both in kernel/printk/printk_ringbuffer.c.
 */
#include "model/printk_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "model/littleend.h"
#include "model/printk.h"

/* A descriptor's state is in the upper two bits of its state_var, its id in the others. */
#define ID_MASK (UINT64_MAX >> 2)
enum { STATE_SHIFT = 62, STATE_COMMITTED = 1, STATE_FINALIZED = 2 };

/* Both positions of a record without text are odd, and these where its text is an empty line. */
enum { EMPTY_LINE = 3 };

/* Each text begins with the id of its descriptor. */
enum { BLOCK_HEAD = 8, STRUCT_MOST = 1024, TEXT_MOST = UINT16_MAX };

/* The kernel makes one descriptor for 32 bytes of text. */
enum { DATA_BITS_MOST = 26, DESC_BITS_MOST = DATA_BITS_MOST - 5 };
_Static_assert(1 << DATA_BITS_MOST == PRINTK_BUFFER_MOST, "one limit");

struct layout {
    uint64_t rb_descs, rb_data;
    uint64_t ring_bits, ring_descs, ring_infos, ring_head, ring_tail;
    uint64_t desc_size, desc_state, desc_blk, blk_begin, blk_next;
    uint64_t info_size, info_time, info_length;
    uint64_t data_bits, data_data, counter;
};

#define ROW(name, is_size, member) {name, is_size, offsetof(struct layout, member)}
static const struct layout_row rows[] = {
    ROW("printk_ringbuffer.desc_ring", false, rb_descs),
    ROW("printk_ringbuffer.text_data_ring", false, rb_data),
    ROW("prb_desc_ring.count_bits", false, ring_bits),
    ROW("prb_desc_ring.descs", false, ring_descs),
    ROW("prb_desc_ring.infos", false, ring_infos),
    ROW("prb_desc_ring.head_id", false, ring_head),
    ROW("prb_desc_ring.tail_id", false, ring_tail),
    ROW("prb_desc", true, desc_size),
    ROW("prb_desc.state_var", false, desc_state),
    ROW("prb_desc.text_blk_lpos", false, desc_blk),
    ROW("prb_data_blk_lpos.begin", false, blk_begin),
    ROW("prb_data_blk_lpos.next", false, blk_next),
    ROW("printk_info", true, info_size),
    ROW("printk_info.ts_nsec", false, info_time),
    ROW("printk_info.text_len", false, info_length),
    ROW("prb_data_ring.size_bits", false, data_bits),
    ROW("prb_data_ring.data", false, data_data),
    ROW("atomic_long_t.counter", false, counter),
};

struct ring {
    struct kernmem *mem;
    struct layout l;
    uint32_t desc_bits, data_bits;
    uint64_t descs, infos, data; /* addresses */
    uint64_t head, tail;         /* ids of the newest and the oldest */
};

/* Where a record's text is in the data ring. */
struct span {
    bool is;
    uint64_t at;
    uint64_t size;
};

static int read_numbers(struct ring *r, uint64_t at, struct err *why)
{
    uint64_t descs = at + r->l.rb_descs;
    uint64_t data = at + r->l.rb_data;
    int rc = kernmem_u32(r->mem, descs + r->l.ring_bits, &r->desc_bits, why);

    rc = rc < 0 ? rc : kernmem_u32(r->mem, data + r->l.data_bits, &r->data_bits, why);
    rc = rc < 0 ? rc : kernmem_u64(r->mem, descs + r->l.ring_descs, &r->descs, why);
    rc = rc < 0 ? rc : kernmem_u64(r->mem, descs + r->l.ring_infos, &r->infos, why);
    rc = rc < 0 ? rc : kernmem_u64(r->mem, data + r->l.data_data, &r->data, why);
    rc = rc < 0 ? rc : kernmem_u64(r->mem, descs + r->l.ring_head + r->l.counter, &r->head, why);
    rc = rc < 0 ? rc : kernmem_u64(r->mem, descs + r->l.ring_tail + r->l.counter, &r->tail, why);
    return rc;
}

static int open_ring(struct ring *r, struct err *why)
{
    const char *info = kernmem_info(r->mem);
    uint64_t pointer = 0;
    uint64_t at = 0;
    int rc = layout_read(info, rows, sizeof rows / sizeof rows[0], &r->l, why);

    rc = rc < 0 ? rc : layout_symbol(info, "prb", &pointer, why);
    rc = rc < 0 ? rc : kernmem_u64(r->mem, pointer, &at, why);
    rc = rc < 0 ? rc : read_numbers(r, at, why);
    if (rc < 0) {
        return rc;
    }
    if (r->desc_bits > DESC_BITS_MOST || r->data_bits > DATA_BITS_MOST || r->data_bits < 4) {
        return err_set(why, -EPROTO, ERR_GENERIC,
                       "2^%" PRIu32 " records in 2^%" PRIu32 " bytes are not believed",
                       r->desc_bits, r->data_bits);
    }
    return 0;
}

/*
 * A text that does not fit before the end of the ring leaves only its id there and stands whole
 * at the ring's beginning. Positions count on over all laps.
 */
static struct span find_text(const struct ring *r, uint64_t begin, uint64_t next)
{
    struct span s = {.is = true};
    uint64_t size = UINT64_C(1) << r->data_bits;
    uint64_t last = next - 1; /* a text may end where the ring does */

    if (begin % BLOCK_HEAD != 0 || next % BLOCK_HEAD != 0) {
        s.is = begin == EMPTY_LINE && next == EMPTY_LINE;
        return s;
    }
    if (begin >> r->data_bits == last >> r->data_bits && begin <= last) {
        s.at = begin & (size - 1);
        s.size = last - begin + 1;
    } else if ((begin + size) >> r->data_bits == last >> r->data_bits) {
        s.size = (last & (size - 1)) + 1;
    }
    s.is = s.size >= BLOCK_HEAD;
    s.at += BLOCK_HEAD;
    s.size -= s.is ? BLOCK_HEAD : 0;
    return s;
}

/* Whether the descriptor holds the record of that id, and whole; else its place is not told. */
static int read_desc(struct ring *r, uint64_t id, struct span *ret, struct err *why)
{
    uint64_t count = UINT64_C(1) << r->desc_bits;
    uint64_t desc = r->descs + (id & (count - 1)) * r->l.desc_size;
    uint64_t block = desc + r->l.desc_blk;
    uint64_t state = 0, begin = 0, next = 0;
    int rc = kernmem_u64(r->mem, desc + r->l.desc_state + r->l.counter, &state, why);

    rc = rc < 0 ? rc : kernmem_u64(r->mem, block + r->l.blk_begin, &begin, why);
    rc = rc < 0 ? rc : kernmem_u64(r->mem, block + r->l.blk_next, &next, why);
    if (rc < 0) {
        return rc;
    }
    *ret = (struct span) {0};
    if ((state & ID_MASK) == id &&
        (state >> STATE_SHIFT == STATE_COMMITTED || state >> STATE_SHIFT == STATE_FINALIZED)) {
        *ret = find_text(r, begin, next);
    }
    return 0;
}

static int read_info(struct ring *r, uint64_t id, uint64_t *ret_time, size_t *ret_length,
                     struct err *why)
{
    uint64_t count = UINT64_C(1) << r->desc_bits;
    uint64_t info = r->infos + (id & (count - 1)) * r->l.info_size;
    unsigned char length[2] = {0};
    int rc = kernmem_u64(r->mem, info + r->l.info_time, ret_time, why);

    rc = rc < 0 ? rc : kernmem_read(r->mem, info + r->l.info_length, length, sizeof length, why);
    *ret_length = le16(length);
    return rc;
}

static int add_record(struct ring *r, uint64_t id, struct lines *to, bool *more, struct err *why)
{
    unsigned char text[TEXT_MOST];
    struct span s = {0};
    uint64_t time = 0;
    size_t length = 0;
    int rc = read_desc(r, id, &s, why);

    if (rc < 0 || !s.is) {
        return rc;
    }
    rc = read_info(r, id, &time, &length, why);
    /* The kernel cuts off what does not fit and keeps the length that it was to have. */
    length = length < s.size ? length : (size_t) s.size;
    rc = rc < 0 ? rc : kernmem_read(r->mem, r->data + s.at, text, length, why);
    if (rc == 0) {
        *more = lines_add(to, time, text, length);
    }
    return rc;
}

int printk_ring_read(struct kernmem *mem, struct lines *to, struct err *why)
{
    struct ring r = {.mem = mem};
    bool more = true;
    int rc = open_ring(&r, why);

    if (rc < 0) {
        return rc;
    }
    uint64_t count = UINT64_C(1) << r.desc_bits;
    uint64_t last = (r.head - r.tail) & ID_MASK;

    /* Of more than the ring can hold, the newest are those that are in it. */
    last = last < count ? last : count - 1;
    for (uint64_t back = last + 1; rc == 0 && more && back > 0; back--) {
        rc = add_record(&r, (r.head - (back - 1)) & ID_MASK, to, &more, why);
    }
    return rc;
}
