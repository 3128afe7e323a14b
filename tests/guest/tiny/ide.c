/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IDE disks of the pc machine (PIIX3): the two classic channels, bus-master DMA, 28-bit
 * addresses. One request at a time per disk, and per channel, since two disks share it.
 * CD-ROMs answer IDENTIFY with an error and are left out.
 */
#include "tiny.h"

enum { COMMAND_READ = 0xC8, COMMAND_WRITE = 0xCA, COMMAND_FLUSH = 0xE7,
       COMMAND_IDENTIFY = 0xEC };
enum { BUSY = 0x80, REQUEST = 0x08, FAULT = 0x21 };
enum { BM_COMMAND = 0, BM_STATUS = 2, BM_TABLE = 4 };
#define CHUNK 65536u

struct channel {
    uint16_t io;
    uint16_t busmaster;
    struct disk *owner;
    /* {address, byte count or 0 for 64 KiB, end mark} */
    struct { uint32_t addr; uint16_t bytes, flags; } table[2];
};

struct request {
    enum disk_op op;
    uint32_t lba, sectors;
    int started;
};

static struct channel channels[2] __attribute__((aligned(32)));
static struct request requests[4];

static void fill_table(struct channel *c, const struct disk *d, uint32_t bytes)
{
    uint32_t first = bytes > CHUNK ? CHUNK : bytes;
    uint32_t rest = bytes - first;

    c->table[0].addr = (uint32_t)d->buffer;
    c->table[0].bytes = (uint16_t)first;
    c->table[0].flags = rest ? 0 : 0x8000;
    c->table[1].addr = (uint32_t)d->buffer + first;
    c->table[1].bytes = (uint16_t)rest;
    c->table[1].flags = 0x8000;
}

static void issue(struct channel *c, const struct disk *d, struct request *r)
{
    static const uint8_t code[] = {[DISK_READ] = COMMAND_READ, [DISK_WRITE] = COMMAND_WRITE,
                                   [DISK_FLUSH] = COMMAND_FLUSH};
    uint8_t to_memory = r->op == DISK_READ ? 8 : 0;

    out8((uint16_t)(c->busmaster + BM_COMMAND), 0);
    out8((uint16_t)(c->busmaster + BM_STATUS), 6);
    out8((uint16_t)(c->io + 6), (uint8_t)(0xE0 | (d->unit & 1) << 4 | (r->lba >> 24 & 15)));
    out8((uint16_t)(c->io + 2), (uint8_t)r->sectors);
    out8((uint16_t)(c->io + 3), (uint8_t)r->lba);
    out8((uint16_t)(c->io + 4), (uint8_t)(r->lba >> 8));
    out8((uint16_t)(c->io + 5), (uint8_t)(r->lba >> 16));
    if (r->op != DISK_FLUSH) {
        fill_table(c, d, r->sectors * 512);
        barrier();
        out32((uint16_t)(c->busmaster + BM_TABLE), (uint32_t)c->table);
        out8((uint16_t)(c->busmaster + BM_COMMAND), to_memory);
    }
    out8((uint16_t)(c->io + 7), code[r->op]);
    if (r->op != DISK_FLUSH)
        out8((uint16_t)(c->busmaster + BM_COMMAND), (uint8_t)(to_memory | 1));
    r->started = 1;
}

static void start(struct disk *d, enum disk_op op, uint64_t lba, uint32_t sectors)
{
    struct channel *c = d->driver;

    requests[d->unit] = (struct request){op, (uint32_t)lba, sectors, 0};
    if (!c->owner) {
        c->owner = d;
        issue(c, d, &requests[d->unit]);
    }
}

static enum disk_state poll(struct disk *d)
{
    struct channel *c = d->driver;
    struct request *r = &requests[d->unit];
    uint8_t status;

    if (!r->started) {
        if (!c->owner) {
            c->owner = d;
            issue(c, d, r);
        }
        return DISK_PENDING;
    }
    /* The alternate status register does not acknowledge the interrupt, which nobody waits for. */
    status = in8((uint16_t)(c->io + 0x206));
    if (status & BUSY)
        return DISK_PENDING;
    if (r->op != DISK_FLUSH && (in8((uint16_t)(c->busmaster + BM_STATUS)) & 5) == 1)
        return DISK_PENDING;
    out8((uint16_t)(c->busmaster + BM_COMMAND), 0);
    in8((uint16_t)(c->io + 7));
    c->owner = NULL;
    return status & FAULT ? DISK_FAILED : DISK_DONE;
}

/* Two passes of a bounded spin: the answer comes from QEMU's own memory, at once or never. */
static int identify(struct channel *c, uint32_t unit, uint16_t words[256])
{
    uint8_t status = 0;

    out8((uint16_t)(c->io + 6), (uint8_t)(0xA0 | (unit & 1) << 4));
    if (in8((uint16_t)(c->io + 7)) == 0)
        return 0;
    out8((uint16_t)(c->io + 7), COMMAND_IDENTIFY);
    for (uint32_t i = 0; i < 100000; i++) {
        status = in8((uint16_t)(c->io + 7));
        if (!(status & BUSY))
            break;
    }
    if (!(status & REQUEST) || (status & FAULT))
        return 0;
    for (int i = 0; i < 256; i++)
        words[i] = in16(c->io);
    return 1;
}

void ide_probe(const struct pci_dev *pci)
{
    static uint16_t words[256];

    if (pci->class != 0x0101)
        return;
    for (uint32_t unit = 0; unit < 4; unit++) {
        struct channel *c = &channels[unit / 2];
        struct disk *d = disk_new("ide");

        c->io = unit < 2 ? 0x1F0 : 0x170;
        c->busmaster = (uint16_t)(pci_bar(pci, 4) + (unit < 2 ? 0 : 8));
        if (!d || !identify(c, unit, words))
            continue;
        d->sectors = words[60] | (uint32_t)words[61] << 16;
        d->driver = c;
        d->unit = unit;
        d->start = start;
        d->poll = poll;
        disk_keep();
    }
}
