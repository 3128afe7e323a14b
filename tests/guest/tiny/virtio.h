/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the virtio drivers need of the transport: virtio 1.0 over PCI (which both pc's and q35's
 * devices speak), split queues, polled.
 */
#ifndef TINY_VIRTIO_H
#define TINY_VIRTIO_H

#include "tiny.h"

#define VIRTIO_VENDOR 0x1AF4
#define VQ_SIZE 64u
#define VQ_NEXT 1u
#define VQ_DEVICE_WRITES 2u

struct vq_desc {
    uint64_t addr;
    uint32_t len;
    uint16_t flags;
    uint16_t next;
};

struct vq {
    struct vq_desc *desc;
    volatile uint16_t *avail;
    volatile uint16_t *used;
    uint16_t size;
    uint16_t seen;
    volatile uint16_t *notify;
    uint16_t index;
    /** Set per chain head when the device is through with it. */
    uint8_t done[VQ_SIZE];
};

struct virtio_dev {
    volatile uint8_t *common;
    volatile uint8_t *notify_base;
    volatile uint8_t *config;
    uint32_t notify_multiplier;
    /** Low feature bits that both sides speak. */
    uint32_t features;
};

/** Resets the device and negotiates wanted (bits 0-31); 0 if it is not usable. */
int virtio_open(struct virtio_dev *v, const struct pci_dev *d, uint32_t wanted);
/** Sets up one queue; 0 on failure. All queues before virtio_ready. */
int virtio_queue(struct virtio_dev *v, struct vq *q, uint16_t index);
void virtio_ready(struct virtio_dev *v);

/** One piece of a request. */
struct vq_piece {
    const void *data;
    uint32_t len;
    uint32_t device_writes;
};
/** Queues pieces as one chain at descriptors head.. and tells the device. */
void vq_submit(struct vq *q, uint16_t head, const struct vq_piece *pieces, uint16_t n);
/** Takes what the device finished into done[]. */
void vq_reap(struct vq *q);

#endif
