/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio-net cards (virtio 1.0, 5.1), sending only: a counted broadcast frame (../frame.h) from
 * every card, paced by the tick. A card whose last frame is still queued is left out of a round.
 */
#include "virtio.h"
#include "../frame.h"

#define CARDS 4u
#define TRANSMIT_QUEUE 1u
#define FEATURE_MAC (1u << 5)

struct card {
    struct virtio_dev dev;
    struct vq q[TRANSMIT_QUEUE + 1];
    uint64_t sent;
    struct {
        uint8_t virtio_header[12];
        struct frame frame;
    } packet;
};

static struct card cards[CARDS];
static uint32_t used;
static uint32_t rate;
static uint32_t credit;
static uint64_t boot_id;

void virtio_net_probe(const struct pci_dev *pci)
{
    struct card *c = &cards[used];

    if (pci->vendor != VIRTIO_VENDOR || (pci->device != 0x1000 && pci->device != 0x1041))
        return;
    if (used == CARDS || !virtio_open(&c->dev, pci, FEATURE_MAC))
        return;
    for (uint16_t i = 0; i <= TRANSMIT_QUEUE; i++) {
        if (!virtio_queue(&c->dev, &c->q[i], i))
            return;
    }
    c->q[TRANSMIT_QUEUE].done[0] = 1;
    virtio_ready(&c->dev);
    used++;
}

static void send(struct card *c)
{
    struct vq_piece piece = {&c->packet, sizeof(c->packet), 0};
    uint8_t mac[6];

    vq_reap(&c->q[TRANSMIT_QUEUE]);
    if (!c->q[TRANSMIT_QUEUE].done[0])
        return;
    for (int i = 0; i < 6; i++)
        mac[i] = c->dev.config[i];
    memset(&c->packet, 0, sizeof(c->packet));
    frame_fill(&c->packet.frame, mac, boot_id, ++c->sent);
    vq_submit(&c->q[TRANSMIT_QUEUE], 0, &piece, 1);
}

void net_on(uint32_t per_second)
{
    rate = per_second > TICK_HZ ? TICK_HZ : per_second;
    if (!boot_id)
        boot_id = cpu_boot_id();
}

void net_off(void)
{
    rate = 0;
}

void net_tick(void)
{
    credit += rate;
    if (credit < TICK_HZ)
        return;
    credit -= TICK_HZ;
    for (uint32_t i = 0; i < used; i++)
        send(&cards[i]);
}

void net_status(void)
{
    for (uint32_t i = 0; i < used; i++) {
        print("nic=");
        print_u64(i);
        print(" sent=");
        print_u64(cards[i].sent);
        print("\n");
    }
}
