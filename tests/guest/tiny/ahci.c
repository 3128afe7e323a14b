/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SATA disks behind AHCI (q35's own controller; AHCI 1.3): command slot 0 of each port, one
 * request at a time, 48-bit DMA commands. CD-ROMs are left out by their signature.
 */
#include "tiny.h"

#define PORTS 32u
#define SIGNATURE_DISK 0x00000101u
enum { COMMAND_READ = 0x25, COMMAND_WRITE = 0x35, COMMAND_FLUSH = 0xEA, COMMAND_IDENTIFY = 0xEC };
enum { REG_GHC = 0x04, REG_IMPLEMENTED = 0x0C };
/* A port's registers, in 32-bit words from 0x100 + 0x80 * port. */
enum { PORT_LIST = 0, PORT_FIS = 2, PORT_STATUS = 4, PORT_COMMAND = 6, PORT_TASK = 8,
       PORT_SIGNATURE = 9, PORT_LINK = 10, PORT_ERROR = 12, PORT_ISSUE = 14 };

struct port_memory {
    uint32_t list[8 * 32];
    uint8_t fis[256];
    struct {
        uint8_t command[64];
        uint8_t atapi[16];
        uint8_t reserved[48];
        struct { uint32_t addr, high, reserved, bytes; } prd;
    } table;
} __attribute__((aligned(1024)));

static struct port_memory memory[TINY_MAX_DISKS];

static volatile uint32_t *port_of(const struct disk *d)
{
    return (volatile uint32_t *)d->driver;
}

static void issue(struct disk *d, uint8_t code, uint64_t lba, uint32_t sectors, int write)
{
    struct port_memory *m = &memory[d->unit];
    uint8_t *f = m->table.command;

    memset(f, 0, sizeof(m->table.command));
    f[0] = 0x27;
    f[1] = 0x80;
    f[2] = code;
    for (int i = 0; i < 3; i++) {
        f[4 + i] = (uint8_t)(lba >> (8 * i));
        f[8 + i] = (uint8_t)(lba >> (24 + 8 * i));
    }
    f[7] = 0x40;
    f[12] = (uint8_t)sectors;
    f[13] = (uint8_t)(sectors >> 8);
    m->table.prd.addr = (uint32_t)d->buffer;
    m->table.prd.bytes = sectors ? sectors * 512 - 1 : 0;
    m->list[0] = 5u | (write ? 1u << 6 : 0) | (sectors ? 1u << 16 : 0);
    m->list[1] = 0;
    m->list[2] = (uint32_t)&m->table;
    barrier();
    port_of(d)[PORT_ISSUE] = 1;
}

static void start(struct disk *d, enum disk_op op, uint64_t lba, uint32_t sectors)
{
    static const uint8_t code[] = {[DISK_READ] = COMMAND_READ, [DISK_WRITE] = COMMAND_WRITE,
                                   [DISK_FLUSH] = COMMAND_FLUSH};

    if (op == DISK_FLUSH)
        lba = sectors = 0;
    issue(d, code[op], lba, sectors, op == DISK_WRITE);
}

static enum disk_state poll(struct disk *d)
{
    volatile uint32_t *p = port_of(d);

    if (p[PORT_ISSUE] & 1)
        return DISK_PENDING;
    return p[PORT_TASK] & 0x21 ? DISK_FAILED : DISK_DONE;
}

/* The controller must have let go of the firmware's lists before it is given ours. */
static int take_port(volatile uint32_t *p, struct port_memory *m)
{
    p[PORT_COMMAND] &= ~0x11u;
    for (uint32_t i = 0; p[PORT_COMMAND] & 0xC000; i++) {
        if (i == 100000)
            return 0;
    }
    p[PORT_LIST] = (uint32_t)m->list;
    p[PORT_LIST + 1] = 0;
    p[PORT_FIS] = (uint32_t)m->fis;
    p[PORT_FIS + 1] = 0;
    p[PORT_ERROR] = ~0u;
    p[PORT_STATUS] = ~0u;
    p[PORT_COMMAND] |= 0x11;
    return 1;
}

static void probe_port(volatile uint32_t *p)
{
    struct disk *d = disk_new("sata");
    static uint32_t ports_used;
    uint16_t *words;

    if (!d || ports_used == TINY_MAX_DISKS)
        return;
    if ((p[PORT_LINK] & 15) != 3 || p[PORT_SIGNATURE] != SIGNATURE_DISK)
        return;
    d->driver = (void *)p;
    d->unit = ports_used;
    d->start = start;
    d->poll = poll;
    if (!take_port(p, &memory[d->unit]))
        return;
    issue(d, COMMAND_IDENTIFY, 0, 1, 0);
    if (disk_wait(d) != DISK_DONE)
        return;
    words = (uint16_t *)d->buffer;
    d->sectors = words[100] | (uint32_t)words[101] << 16 | (uint64_t)words[102] << 32;
    ports_used++;
    disk_keep();
}

void ahci_probe(const struct pci_dev *pci)
{
    uint32_t base;

    if (pci->class != 0x0106)
        return;
    base = pci_bar(pci, 5);
    if (!base)
        return;
    *(volatile uint32_t *)(base + REG_GHC) |= 0x80000000u;
    for (uint32_t i = 0; i < PORTS; i++) {
        if (*(volatile uint32_t *)(base + REG_IMPLEMENTED) & (1u << i))
            probe_port((volatile uint32_t *)(base + 0x100 + 0x80 * i));
    }
}
