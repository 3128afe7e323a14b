/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio 1.0 PCI transport and split queues (virtio specification 1.0, chapters 2.4 and 4.1).
 * Polled, without interrupts or suppression. Leaves requests to the device drivers.
 */
#include "virtio.h"

enum { CAP_COMMON = 1, CAP_NOTIFY = 2, CAP_DEVICE = 4 };
enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8 };
/* Offsets in the common configuration. */
enum {
    DEVICE_FEATURE_SELECT = 0, DEVICE_FEATURE = 4, DRIVER_FEATURE_SELECT = 8,
    DRIVER_FEATURE = 12, STATUS = 20, QUEUE_SELECT = 22, QUEUE_SIZE = 24, QUEUE_ENABLE = 28,
    QUEUE_NOTIFY_OFF = 30, QUEUE_DESC = 32, QUEUE_DRIVER = 40, QUEUE_DEVICE = 48
};

#define QUEUES 16u
static uint8_t rings[QUEUES][4096] __attribute__((aligned(4096)));
static uint32_t rings_used;

static void set8(volatile uint8_t *at, uint8_t v) { *at = v; }
static void set16(volatile uint8_t *at, uint16_t v) { *(volatile uint16_t *)at = v; }
static void set32(volatile uint8_t *at, uint32_t v) { *(volatile uint32_t *)at = v; }
static uint16_t get16(volatile uint8_t *at) { return *(volatile uint16_t *)at; }
static uint32_t get32(volatile uint8_t *at) { return *(volatile uint32_t *)at; }

static void find_regions(struct virtio_dev *v, const struct pci_dev *d)
{
    for (uint8_t cap = pci_read8(d, 0x34); cap; cap = pci_read8(d, (uint8_t)(cap + 1))) {
        uint8_t type = pci_read8(d, (uint8_t)(cap + 3));
        uint32_t base;

        if (pci_read8(d, cap) != 0x09 || pci_read8(d, (uint8_t)(cap + 4)) > 5)
            continue;
        if (type != CAP_COMMON && type != CAP_NOTIFY && type != CAP_DEVICE)
            continue;
        base = pci_bar(d, pci_read8(d, (uint8_t)(cap + 4)));
        if (!base)
            continue;
        base += pci_read(d, (uint8_t)(cap + 8));
        if (type == CAP_COMMON)
            v->common = (volatile uint8_t *)base;
        if (type == CAP_DEVICE)
            v->config = (volatile uint8_t *)base;
        if (type == CAP_NOTIFY) {
            v->notify_base = (volatile uint8_t *)base;
            v->notify_multiplier = pci_read(d, (uint8_t)(cap + 16));
        }
    }
}

int virtio_open(struct virtio_dev *v, const struct pci_dev *d, uint32_t wanted)
{
    *v = (struct virtio_dev){0};
    find_regions(v, d);
    if (!v->common || !v->notify_base)
        return 0;
    set8(v->common + STATUS, 0);
    while (v->common[STATUS])
        ;
    set8(v->common + STATUS, ACKNOWLEDGE | DRIVER);
    set32(v->common + DEVICE_FEATURE_SELECT, 0);
    v->features = get32(v->common + DEVICE_FEATURE) & wanted;
    set32(v->common + DRIVER_FEATURE_SELECT, 0);
    set32(v->common + DRIVER_FEATURE, v->features);
    set32(v->common + DRIVER_FEATURE_SELECT, 1);
    set32(v->common + DRIVER_FEATURE, 1);           /* bit 32: VERSION_1 */
    set8(v->common + STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK);
    return (v->common[STATUS] & FEATURES_OK) != 0;
}

static void set_address(volatile uint8_t *at, volatile void *ring)
{
    set32(at, (uint32_t)ring);
    set32(at + 4, 0);
}

int virtio_queue(struct virtio_dev *v, struct vq *q, uint16_t index)
{
    uint8_t *ring;
    uint16_t size;

    if (rings_used == QUEUES)
        return 0;
    set16(v->common + QUEUE_SELECT, index);
    size = get16(v->common + QUEUE_SIZE);
    if (!size)
        return 0;
    ring = rings[rings_used++];
    *q = (struct vq){.size = size < VQ_SIZE ? size : VQ_SIZE, .index = index};
    q->desc = (struct vq_desc *)ring;
    q->avail = (volatile uint16_t *)(ring + VQ_SIZE * sizeof(struct vq_desc));
    q->used = (volatile uint16_t *)(ring + 2048);
    q->notify = (volatile uint16_t *)(v->notify_base + v->notify_multiplier *
                                      get16(v->common + QUEUE_NOTIFY_OFF));
    set16(v->common + QUEUE_SIZE, q->size);
    set_address(v->common + QUEUE_DESC, q->desc);
    set_address(v->common + QUEUE_DRIVER, q->avail);
    set_address(v->common + QUEUE_DEVICE, q->used);
    set16(v->common + QUEUE_ENABLE, 1);
    return 1;
}

void virtio_ready(struct virtio_dev *v)
{
    set8(v->common + STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
}

void vq_submit(struct vq *q, uint16_t head, const struct vq_piece *pieces, uint16_t n)
{
    uint16_t used = 0;

    for (uint16_t i = 0; i < n; i++) {
        if (!pieces[i].len)
            continue;
        if (used)
            q->desc[head + used - 1].flags |= VQ_NEXT;
        q->desc[head + used] = (struct vq_desc){
            .addr = (uint32_t)pieces[i].data, .len = pieces[i].len,
            .flags = pieces[i].device_writes ? VQ_DEVICE_WRITES : 0,
            .next = (uint16_t)(head + used + 1)};
        used++;
    }
    q->done[head] = 0;
    q->avail[2 + q->avail[1] % q->size] = head;
    barrier();
    q->avail[1]++;
    barrier();
    *q->notify = q->index;
}

void vq_reap(struct vq *q)
{
    while (q->seen != q->used[1]) {
        /* After flags and idx: an array of {u32 id, u32 length}. */
        uint16_t id = q->used[2 + 4 * (q->seen % q->size)];

        barrier();
        if (id < VQ_SIZE)
            q->done[id] = 1;
        q->seen++;
    }
}
