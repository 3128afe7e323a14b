/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes increasing sequence numbers into the ring of every disk (../record.h), one at a time
 * per disk, paced by the tick. Looks at the whole ring first, to go on where the last boot
 * ended. Never waits: a disk that hangs stops its own writing and nothing else.
 */
#include "tiny.h"
#include "../record.h"

#define SCAN_SECTORS (TINY_DISK_BUFFER_BYTES / RECORD_SECTOR_BYTES)

enum phase { PHASE_NEW, PHASE_SCAN, PHASE_READY, PHASE_WRITE, PHASE_FLUSH };

struct writer {
    enum phase phase;
    uint32_t slots, scanned, scanning;
    struct record_tail tail;
    uint64_t first_seq;
    uint64_t written, errors;
    uint32_t credit;
};

static struct writer writers[TINY_MAX_DISKS];
static uint32_t rate;
static uint64_t boot_id;

static void fill(struct writer *w, struct disk *d, uint32_t index)
{
    struct record *r = (struct record *)d->buffer;

    memset(d->buffer, 0, RECORD_SECTOR_BYTES);
    r->boot_id = boot_id;
    r->generation = w->tail.generation;
    r->first_seq = w->first_seq;
    r->seq = w->tail.seq + 1;
    r->uptime_ms = (uint64_t)cpu_ticks() * (1000 / TICK_HZ);
    r->disk = index;
    r->slots = w->slots;
    record_seal(r, "tiny\0\0\0");
}

static void finish_scan(struct writer *w, struct disk *d)
{
    for (uint32_t i = 0; i < w->scanning; i++)
        record_follow(&w->tail, d->buffer + (size_t)i * RECORD_SECTOR_BYTES);
    w->scanned += w->scanning;
    if (w->scanned < w->slots) {
        w->phase = PHASE_NEW;
        return;
    }
    w->tail.generation++;
    w->first_seq = w->tail.seq + 1;
    w->phase = PHASE_READY;
}

static void finish_write(struct writer *w, struct disk *d)
{
    w->tail.seq++;
    w->written++;
    if (w->written == 1 || w->tail.seq % RECORD_FLUSH_EVERY == 0) {
        w->phase = PHASE_FLUSH;
        d->start(d, DISK_FLUSH, 0, 0);
    } else {
        w->phase = PHASE_READY;
    }
}

/* A failed request is repeated by its phase's own start: no number is skipped. */
static void finish(struct writer *w, struct disk *d, enum disk_state result)
{
    if (result == DISK_FAILED) {
        w->errors++;
        w->phase = w->phase == PHASE_SCAN ? PHASE_NEW : PHASE_READY;
    } else if (w->phase == PHASE_SCAN) {
        finish_scan(w, d);
    } else if (w->phase == PHASE_WRITE) {
        finish_write(w, d);
    } else {
        w->phase = PHASE_READY;
    }
}

static void begin(struct writer *w, struct disk *d, uint32_t index)
{
    if (w->phase == PHASE_NEW) {
        w->slots = record_slots(d->sectors);
        w->scanning = w->slots - w->scanned < SCAN_SECTORS ? w->slots - w->scanned : SCAN_SECTORS;
        if (!w->slots)
            return;
        w->phase = PHASE_SCAN;
        d->start(d, DISK_READ, w->scanned, w->scanning);
        return;
    }
    if (w->credit < TICK_HZ)
        return;
    w->credit -= TICK_HZ;
    fill(w, d, index);
    w->phase = PHASE_WRITE;
    d->start(d, DISK_WRITE, (w->tail.seq + 1) & (w->slots - 1), 1);
}

static void step(struct writer *w, struct disk *d, uint32_t index)
{
    w->credit += rate;
    if (w->credit > 2 * TICK_HZ)
        w->credit = 2 * TICK_HZ;
    if (w->phase != PHASE_NEW && w->phase != PHASE_READY) {
        enum disk_state result = d->poll(d);

        if (result == DISK_PENDING)
            return;
        finish(w, d, result);
    }
    if (rate && (w->phase == PHASE_NEW || w->phase == PHASE_READY))
        begin(w, d, index);
}

void writer_on(uint32_t per_second)
{
    rate = per_second > TICK_HZ ? TICK_HZ : per_second;
    if (!boot_id)
        boot_id = cpu_boot_id();
}

void writer_off(void)
{
    rate = 0;
}

void writer_tick(void)
{
    for (uint32_t i = 0; i < disk_count(); i++)
        step(&writers[i], disk_at(i), i);
}

void writer_status(void)
{
    for (uint32_t i = 0; i < disk_count(); i++) {
        print("disk=");
        print_u64(i);
        print(" bus=");
        print(disk_at(i)->bus);
        print(" sectors=");
        print_u64(disk_at(i)->sectors);
        print(" seq=");
        print_u64(writers[i].tail.seq);
        print(" written=");
        print_u64(writers[i].written);
        print(" errors=");
        print_u64(writers[i].errors);
        print("\n");
    }
}
