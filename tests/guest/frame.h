/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The broadcast frame that test guests send and netread counts. Shared by the tiny guest, the
 * Linux guest's sender and the reader, so that there is one definition. Its Ethernet type is the
 * one that IEEE 802 sets aside for local experiments: nothing else on a bridge uses it.
 */
#ifndef GUEST_FRAME_H
#define GUEST_FRAME_H

#include <stdint.h>

#define FRAME_ETHERTYPE 0x88B5u
#define FRAME_MAGIC "GVMNET1"

struct frame {
    uint8_t to[6];
    uint8_t from[6];
    /** Big-endian, as Ethernet wants it; all below is little-endian. */
    uint8_t type[2];
    char magic[8];
    uint64_t boot_id;
    /** From 1, per card and boot. */
    uint64_t count;
    /** Up to the shortest frame that Ethernet allows. */
    uint8_t padding[22];
} __attribute__((packed));

static inline void frame_fill(struct frame *f, const uint8_t mac[6], uint64_t boot_id,
                              uint64_t count)
{
    static const char magic[8] = FRAME_MAGIC;

    *f = (struct frame){.type = {FRAME_ETHERTYPE >> 8, FRAME_ETHERTYPE & 0xFF},
                        .boot_id = boot_id, .count = count};
    for (int i = 0; i < 6; i++) {
        f->to[i] = 0xFF;
        f->from[i] = mac[i];
    }
    for (int i = 0; i < 8; i++)
        f->magic[i] = magic[i];
}

#endif
