/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of disks that the drivers found, in PCI order, and their buffers. Owns both; the
 * requests are the drivers' business.
 */
#include "tiny.h"

/* Page-aligned: the drivers' DMA descriptors may not cross 64 KiB unevenly. */
static uint8_t buffers[TINY_MAX_DISKS][TINY_DISK_BUFFER_BYTES] __attribute__((aligned(65536)));
static struct disk disks[TINY_MAX_DISKS];
static uint32_t count;

struct disk *disk_new(const char *bus)
{
    if (count == TINY_MAX_DISKS)
        return NULL;
    disks[count] = (struct disk){.bus = bus, .buffer = buffers[count]};
    return &disks[count];
}

void disk_keep(void)
{
    count++;
}

struct disk *disk_at(uint32_t i)
{
    return &disks[i];
}

uint32_t disk_count(void)
{
    return count;
}

/* Five seconds: a disk that hangs while the guest boots must not keep it from its console. */
enum disk_state disk_wait(struct disk *d)
{
    uint32_t start = cpu_ticks();
    enum disk_state s = DISK_PENDING;

    while (s == DISK_PENDING && cpu_ticks() - start < 5 * TICK_HZ)
        s = d->poll(d);
    return s;
}
