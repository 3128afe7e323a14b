/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Disks behind virtio-scsi (virtio 1.0, 5.6): finds logical units by asking, and moves sectors
 * with 10-byte commands. Each disk has descriptors of its own in its controller's queue.
 * CD-ROMs are left out.
 */
#include "virtio.h"

#define CONTROLLERS 4u
#define TARGETS 4u
#define LUNS 8u
#define REQUEST_QUEUE 2u
#define PIECES 4u
#define READ_ONLY_BIT 0x80u
enum { INQUIRY = 0x12, MODE_SENSE = 0x1A, READ_CAPACITY = 0x25, READ_10 = 0x28,
       WRITE_10 = 0x2A, SYNCHRONIZE = 0x35 };

struct controller {
    struct virtio_dev dev;
    struct vq q[REQUEST_QUEUE + 1];
    uint16_t disks;
};

struct scsi_disk {
    struct controller *c;
    uint16_t head;
    struct {
        uint8_t lun[8];
        uint64_t tag;
        uint8_t attr, prio, crn;
        uint8_t cdb[32];
    } __attribute__((packed)) request;
    struct {
        uint32_t sense_len, residual;
        uint16_t qualifier;
        volatile uint8_t status, response;
        uint8_t sense[96];
    } __attribute__((packed)) reply;
};

static struct controller controllers[CONTROLLERS];
static uint32_t controllers_used;
static struct scsi_disk scsi_disks[TINY_MAX_DISKS];
static uint32_t scsi_disks_used;

static void submit(struct disk *d, uint32_t in, uint32_t out)
{
    struct scsi_disk *s = d->driver;
    struct vq_piece pieces[PIECES] = {
        {&s->request, sizeof(s->request), 0},
        {d->buffer, out, 0},
        {&s->reply, sizeof(s->reply), 1},
        {d->buffer, in, 1},
    };

    s->reply.response = 0xFF;
    vq_submit(&s->c->q[REQUEST_QUEUE], s->head, pieces, PIECES);
}

static void command(struct scsi_disk *s, uint8_t opcode, uint32_t lba, uint16_t length)
{
    uint8_t *cdb = s->request.cdb;

    memset(cdb, 0, sizeof(s->request.cdb));
    cdb[0] = opcode;
    for (int i = 0; i < 4; i++)
        cdb[2 + i] = (uint8_t)(lba >> (24 - 8 * i));
    cdb[7] = (uint8_t)(length >> 8);
    cdb[8] = (uint8_t)length;
}

static void start(struct disk *d, enum disk_op op, uint64_t lba, uint32_t sectors)
{
    static const uint8_t opcode[] = {[DISK_READ] = READ_10, [DISK_WRITE] = WRITE_10,
                                     [DISK_FLUSH] = SYNCHRONIZE};
    uint32_t bytes = sectors * 512;

    if (op == DISK_FLUSH)
        lba = sectors = bytes = 0;
    command(d->driver, opcode[op], (uint32_t)lba, (uint16_t)sectors);
    submit(d, op == DISK_READ ? bytes : 0, op == DISK_WRITE ? bytes : 0);
}

static enum disk_state poll(struct disk *d)
{
    struct scsi_disk *s = d->driver;

    vq_reap(&s->c->q[REQUEST_QUEUE]);
    if (!s->c->q[REQUEST_QUEUE].done[s->head])
        return DISK_PENDING;
    return s->reply.response == 0 && s->reply.status == 0 ? DISK_DONE : DISK_FAILED;
}

/* Retried: the first command after a reset is answered with "unit attention". */
static int ask(struct disk *d, uint8_t opcode, uint8_t byte4, uint32_t bytes)
{
    struct scsi_disk *s = d->driver;

    for (int i = 0; i < 3; i++) {
        command(s, opcode, 0, 0);
        s->request.cdb[4] = byte4;
        if (opcode == MODE_SENSE)
            s->request.cdb[2] = 0x3F;
        submit(d, bytes, 0);
        if (disk_wait(d) == DISK_DONE)
            return 1;
        if (s->reply.response != 0)
            return 0;
    }
    return 0;
}

static void probe_unit(struct controller *c, uint8_t target, uint8_t lun)
{
    struct disk *d = disk_new("scsi");
    struct scsi_disk *s = &scsi_disks[scsi_disks_used];
    uint8_t *b;

    if (!d || scsi_disks_used == TINY_MAX_DISKS || (c->disks + 1u) * PIECES > VQ_SIZE)
        return;
    b = d->buffer;
    *s = (struct scsi_disk){.c = c, .head = (uint16_t)(c->disks * PIECES)};
    s->request.lun[0] = 1;
    s->request.lun[1] = target;
    s->request.lun[2] = 0x40;
    s->request.lun[3] = lun;
    d->driver = s;
    d->start = start;
    d->poll = poll;
    if (!ask(d, INQUIRY, 36, 36) || b[0] != 0)
        return;
    if (ask(d, MODE_SENSE, 4, 4) && (b[2] & READ_ONLY_BIT))
        return;
    if (!ask(d, READ_CAPACITY, 0, 8))
        return;
    d->sectors = ((uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]) + 1ull;
    c->disks++;
    scsi_disks_used++;
    disk_keep();
}

void virtio_scsi_probe(const struct pci_dev *pci)
{
    struct controller *c = &controllers[controllers_used];

    if (pci->vendor != VIRTIO_VENDOR || (pci->device != 0x1004 && pci->device != 0x1048))
        return;
    if (controllers_used == CONTROLLERS || !virtio_open(&c->dev, pci, 0))
        return;
    for (uint16_t i = 0; i <= REQUEST_QUEUE; i++) {
        if (!virtio_queue(&c->dev, &c->q[i], i))
            return;
    }
    virtio_ready(&c->dev);
    controllers_used++;
    for (uint8_t target = 0; target < TARGETS; target++) {
        for (uint8_t lun = 0; lun < LUNS; lun++)
            probe_unit(c, target, lun);
    }
}
