/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio-blk disks (virtio 1.0, 5.2). One request at a time per disk, at descriptors 0-2.
 * Read-only disks are left out: there is nothing to write on them.
 */
#include "virtio.h"

#define FEATURE_READ_ONLY (1u << 5)
#define FEATURE_FLUSH (1u << 9)
enum { TYPE_IN = 0, TYPE_OUT = 1, TYPE_FLUSH = 4 };

struct blk {
    struct virtio_dev dev;
    struct vq q;
    struct {
        uint32_t type, reserved;
        uint64_t sector;
    } header;
    volatile uint8_t status;
};

static struct blk blks[TINY_MAX_DISKS];
static uint32_t used;

static void start(struct disk *d, enum disk_op op, uint64_t lba, uint32_t sectors)
{
    static const uint32_t type[] = {[DISK_READ] = TYPE_IN, [DISK_WRITE] = TYPE_OUT,
                                    [DISK_FLUSH] = TYPE_FLUSH};
    struct blk *b = d->driver;
    struct vq_piece pieces[] = {
        {&b->header, sizeof(b->header), 0},
        {d->buffer, op == DISK_FLUSH ? 0 : sectors * 512, op == DISK_READ},
        {(const void *)&b->status, 1, 1},
    };

    b->header.type = type[op];
    b->header.sector = op == DISK_FLUSH ? 0 : lba;
    b->status = 0xFF;
    vq_submit(&b->q, 0, pieces, 3);
}

static enum disk_state poll(struct disk *d)
{
    struct blk *b = d->driver;

    vq_reap(&b->q);
    if (!b->q.done[0])
        return DISK_PENDING;
    return b->status == 0 ? DISK_DONE : DISK_FAILED;
}

void virtio_blk_probe(const struct pci_dev *pci)
{
    struct blk *b = &blks[used];
    struct disk *d;

    if (pci->vendor != VIRTIO_VENDOR || (pci->device != 0x1001 && pci->device != 0x1042))
        return;
    if (used == TINY_MAX_DISKS || !virtio_open(&b->dev, pci, FEATURE_READ_ONLY | FEATURE_FLUSH))
        return;
    if (b->dev.features & FEATURE_READ_ONLY)
        return;
    d = disk_new("virtio");
    if (!d || !virtio_queue(&b->dev, &b->q, 0))
        return;
    virtio_ready(&b->dev);
    d->sectors = *(volatile uint32_t *)b->dev.config |
                 (uint64_t)*(volatile uint32_t *)(b->dev.config + 4) << 32;
    d->driver = b;
    d->start = start;
    d->poll = poll;
    used++;
    disk_keep();
}
