/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The record that test guests write and seqread reads: one 512-byte sector per sequence number,
 * in a ring at the start of the disk. Everything the outside oracle knows comes from here, so
 * the tiny guest, the Linux guest's writer and seqread all include this one definition. Needs
 * neither libc nor 64-bit division (the tiny guest has none).
 */
#ifndef GUEST_RECORD_H
#define GUEST_RECORD_H

#include <stddef.h>
#include <stdint.h>

#define RECORD_MAGIC "GVMSEQ1"
#define RECORD_SECTOR_BYTES 512u
/** Slots of the ring: a power of two, so that a slot is a mask away; 1 MiB of disk. */
#define RECORD_MAX_SLOTS 2048u
/**
 * Slots whose first write is followed by a flush: a qcow2 cluster (64 KiB) is allocated by the
 * write to its first slot, and an outside reader sees the cluster only after the flush.
 */
#define RECORD_FLUSH_EVERY 128u

/** Little-endian on disk; both guests and the reader are x86. */
struct record {
    char magic[8];
    /** Differs for every boot of every guest. */
    uint64_t boot_id;
    /** Boots that wrote to this disk so far, this one included. */
    uint64_t generation;
    /** First sequence number of this generation: an older generation at or above it is a stale
     *  guest that wrote although its successor had taken over. */
    uint64_t first_seq;
    uint64_t seq;
    uint64_t uptime_ms;
    char kind[8];
    uint32_t disk;
    uint32_t slots;
    uint32_t check;
} __attribute__((packed));

/** What a new writer has to know of those before it. */
struct record_tail {
    uint64_t generation;
    uint64_t seq;
};

static inline uint32_t record_sum(const struct record *r)
{
    const unsigned char *bytes = (const unsigned char *)r;
    uint32_t sum = 2166136261u;

    for (size_t i = 0; i < offsetof(struct record, check); i++)
        sum = (sum ^ bytes[i]) * 16777619u;
    return sum;
}

static inline int record_valid(const struct record *r)
{
    static const char magic[8] = RECORD_MAGIC;

    for (size_t i = 0; i < sizeof(magic); i++) {
        if (r->magic[i] != magic[i])
            return 0;
    }
    return r->check == record_sum(r);
}

/** Magic and kind are written with the checksum, so a half-filled record never looks whole. */
static inline void record_seal(struct record *r, const char kind[8])
{
    static const char magic[8] = RECORD_MAGIC;

    for (size_t i = 0; i < sizeof(magic); i++) {
        r->magic[i] = magic[i];
        r->kind[i] = kind[i];
    }
    r->check = record_sum(r);
}

/** Largest power of two of slots that fits the disk, 0 if it has no whole sector. */
static inline uint32_t record_slots(uint64_t sectors)
{
    uint32_t slots = RECORD_MAX_SLOTS;

    while (slots > sectors)
        slots /= 2;
    return slots;
}

/** Takes one sector into account: afterwards, tail holds the highest generation and number. */
static inline void record_follow(struct record_tail *tail, const void *sector)
{
    const struct record *r = sector;

    if (!record_valid(r))
        return;
    if (r->generation > tail->generation)
        tail->generation = r->generation;
    if (r->seq > tail->seq)
        tail->seq = r->seq;
}

#endif
