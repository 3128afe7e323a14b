/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that keeps changing: what makes a migration or a dump take its time. Every page of a
 * region above everything else is changed several times a second, on a busy machine as well.
 */
#include "tiny.h"

#define REGION_START (16u * 1024 * 1024)
#define PAGE_BYTES 4096u
#define PAGES_PER_MIB 256u
#define TURNS_PER_ROUND 20u

static uint32_t pages, next, round;

void memory_fill(uint32_t mib)
{
    pages = mib * PAGES_PER_MIB;
    next = 0;
}

void memory_tick(void)
{
    for (uint32_t i = 0; i < pages / TURNS_PER_ROUND + 1 && pages; i++) {
        if (next >= pages) {
            next = 0;
            round++;
        }
        *(volatile uint32_t *)(REGION_START + next * PAGE_BYTES) = round * 2 + 1;
        next++;
    }
}
