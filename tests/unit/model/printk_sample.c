/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernels' writers of printk_sample.h.
 */
#include "printk_sample.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"

#define ID_MASK (UINT64_MAX >> 2)

static const char ring_info_lines[] =
    "SYMBOL(prb)=%" PRIx64 "\n"
    "OFFSET(printk_ringbuffer.desc_ring)=0\n"
    "OFFSET(printk_ringbuffer.text_data_ring)=48\n"
    "OFFSET(prb_desc_ring.count_bits)=0\n"
    "OFFSET(prb_desc_ring.descs)=8\n"
    "OFFSET(prb_desc_ring.infos)=16\n"
    "OFFSET(prb_desc_ring.head_id)=24\n"
    "OFFSET(prb_desc_ring.tail_id)=32\n"
    "SIZE(prb_desc)=24\n"
    "OFFSET(prb_desc.state_var)=0\n"
    "OFFSET(prb_desc.text_blk_lpos)=8\n"
    "OFFSET(prb_data_blk_lpos.begin)=0\n"
    "OFFSET(prb_data_blk_lpos.next)=8\n"
    "SIZE(printk_info)=88\n"
    "OFFSET(printk_info.ts_nsec)=8\n"
    "OFFSET(printk_info.text_len)=16\n"
    "OFFSET(prb_data_ring.size_bits)=0\n"
    "OFFSET(prb_data_ring.data)=8\n"
    "OFFSET(atomic_long_t.counter)=0\n";

static uint64_t get64(struct sample *s, size_t at)
{
    return sample_get(sample_at(s, at), 8);
}

static void put64(struct sample *s, size_t at, uint64_t value)
{
    sample_put(sample_at(s, at), 8, value);
}

static unsigned char *desc_of(struct sample *s, uint64_t id)
{
    return sample_at(s, RING_DESC + (size_t) (id % RING_DESCS) * RING_DESC_SIZE);
}

static void set_state(struct sample *s, uint64_t id, unsigned state)
{
    sample_put(desc_of(s, id), 8, (uint64_t) state << 62 | id);
}

/* Ids and positions begin one lap below 0, as the kernel has them do. */
static void put_ring(struct sample *s)
{
    uint64_t first = (UINT64_C(0) - RING_DESCS - 1) & ID_MASK;

    put64(s, RING_POINTER, SAMPLE_IMAGE + RING);
    sample_put(sample_at(s, RING_COUNT_BITS), 4, RING_DESC_BITS);
    put64(s, RING_DESCS_POINTER, SAMPLE_IMAGE + RING_DESC);
    put64(s, RING_INFOS_POINTER, SAMPLE_DIRECT + RING_INFO);
    put64(s, RING_HEAD, first);
    put64(s, RING_TAIL, first);
    sample_put(sample_at(s, RING_SIZE_BITS), 4, RING_BITS);
    put64(s, RING_DATA_POINTER, SAMPLE_IMAGE + RING_DATA);
    set_state(s, first, REUSABLE);
    ring_set_block(s, 1, 1);
    s->laid = UINT64_C(0) - RING_BYTES;
}

struct sample *ring_sample_without(const char *line)
{
    _cleanup_free_ char *info = str_printf(ring_info_lines, SAMPLE_IMAGE + RING_POINTER);
    char *found = line ? strstr(info, line) : NULL;

    if (found) {
        *found = '#';
    }
    struct sample *s = sample_new(info);
    put_ring(s);
    return s;
}

struct sample *ring_sample(void)
{
    return ring_sample_without(NULL);
}

unsigned char *ring_desc(struct sample *s)
{
    return desc_of(s, get64(s, RING_HEAD));
}

unsigned char *ring_info(struct sample *s)
{
    size_t index = (size_t) (get64(s, RING_HEAD) % RING_DESCS);

    return sample_at(s, RING_INFO + index * RING_INFO_SIZE);
}

void ring_set_state(struct sample *s, unsigned state)
{
    set_state(s, get64(s, RING_HEAD), state);
}

void ring_set_block(struct sample *s, uint64_t begin, uint64_t next)
{
    sample_put(ring_desc(s) + 8, 8, begin);
    sample_put(ring_desc(s) + 16, 8, next);
}

/* The records whose text is overwritten may no longer be read. */
static void forget_before(struct sample *s, uint64_t lpos)
{
    uint64_t head = get64(s, RING_HEAD);

    for (uint64_t id = get64(s, RING_TAIL); id != head; id = (id + 1) & ID_MASK) {
        if ((int64_t) (sample_get(desc_of(s, id) + 8, 8) - lpos) < 0) {
            set_state(s, id, REUSABLE);
        }
    }
}

static size_t lay_text(struct sample *s, uint64_t size, uint64_t *ret_begin)
{
    uint64_t begin = s->laid;
    uint64_t next = begin + size;

    *ret_begin = begin;
    if (begin >> RING_BITS != next >> RING_BITS) {
        next = (next >> RING_BITS << RING_BITS) + size;
        begin = next - size;
    }
    s->laid = next;
    forget_before(s, next - RING_BYTES);
    return (size_t) (begin % RING_BYTES);
}

void ring_say(struct sample *s, uint64_t ts_nsec, const char *text)
{
    size_t length = strlen(text);
    uint64_t begin = 0;
    size_t at = lay_text(s, (8 + length + 7) / 8 * 8, &begin);
    uint64_t id = (get64(s, RING_HEAD) + 1) & ID_MASK;

    if (sample_get(ring_desc(s), 8) >> 62 == COMMITTED) {
        ring_set_state(s, FINALIZED);
    }
    if (((id - get64(s, RING_TAIL)) & ID_MASK) >= RING_DESCS) {
        put64(s, RING_TAIL, (get64(s, RING_TAIL) + 1) & ID_MASK);
    }
    put64(s, RING_HEAD, id);
    ring_set_state(s, COMMITTED);
    ring_set_block(s, begin, s->laid);
    sample_put(ring_info(s) + 8, 8, ts_nsec);
    sample_put(ring_info(s) + 16, 2, length);
    for (size_t i = 0; i < length; i++) {
        *sample_at(s, RING_DATA + at + 8 + i) = (unsigned char) text[i];
    }
}

/* --- before Linux 5.10 --- */

struct sample *log_sample(void)
{
    _cleanup_free_ char *info = str_printf(
        "SYMBOL(log_buf)=%" PRIx64 "\nSYMBOL(log_buf_len)=%" PRIx64 "\nSYMBOL(log_first_idx)=%"
        PRIx64 "\nSYMBOL(log_next_idx)=%" PRIx64 "\nSIZE(printk_log)=16\n"
        "OFFSET(printk_log.ts_nsec)=0\nOFFSET(printk_log.len)=8\nOFFSET(printk_log.text_len)=10\n",
        SAMPLE_IMAGE + LOG_POINTER, SAMPLE_IMAGE + LOG_LENGTH, SAMPLE_IMAGE + LOG_FIRST,
        SAMPLE_IMAGE + LOG_NEXT);
    struct sample *s = sample_new(info);

    put64(s, LOG_POINTER, SAMPLE_DIRECT + LOG_DATA);
    sample_put(sample_at(s, LOG_LENGTH), 4, LOG_BYTES);
    return s;
}

static void log_forget(struct sample *s)
{
    size_t first = (size_t) sample_get(sample_at(s, LOG_FIRST), 4);
    size_t length = (size_t) sample_get(sample_at(s, LOG_DATA + first + 8), 2);

    sample_put(sample_at(s, LOG_FIRST), 4, length ? first + length : 0);
}

/* A record and the head of an empty one fit before the end, or else at the beginning. */
static bool log_has_room(struct sample *s, size_t next, size_t size)
{
    size_t first = (size_t) sample_get(sample_at(s, LOG_FIRST), 4);

    if (next >= first) {
        return (LOG_BYTES - next > first ? LOG_BYTES - next : first) >= size + LOG_HEAD;
    }
    return first - next >= size + LOG_HEAD;
}

void log_say(struct sample *s, uint64_t ts_nsec, const char *text)
{
    size_t size = (LOG_HEAD + strlen(text) + 3) / 4 * 4;
    size_t next = (size_t) sample_get(sample_at(s, LOG_NEXT), 4);

    while (!log_has_room(s, next, size)) {
        log_forget(s);
    }
    if (next + size + LOG_HEAD > LOG_BYTES) {
        memset(sample_at(s, LOG_DATA + next), 0, LOG_HEAD);
        next = 0;
    }
    unsigned char *to = sample_at(s, LOG_DATA + next);
    sample_put(to, 8, ts_nsec);
    sample_put(to + 8, 2, size);
    sample_put(to + 10, 2, strlen(text));
    memcpy(to + LOG_HEAD, text, strlen(text));
    sample_put(sample_at(s, LOG_NEXT), 4, next + size);
}
