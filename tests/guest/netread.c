/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The outside oracle for "nobody sends": listens on an interface (a bridge, a tap) for the
 * frames of test guests (frame.h) and prints, per sender, how many came and which. The script
 * netread calls it.
 *
 * Usage: netread INTERFACE SECONDS. Exit: 0 something was heard, 1 silence, 2 cannot listen.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "frame.h"

#define SENDERS 64

struct sender {
    uint8_t mac[6];
    uint64_t boot_id, frames, first, last;
};

static struct sender senders[SENDERS];
static int used;

static void note(const struct frame *f)
{
    int i = 0;

    while (i < used && (memcmp(senders[i].mac, f->from, 6) != 0 ||
                        senders[i].boot_id != f->boot_id))
        i++;
    if (i == SENDERS)
        return;
    if (i == used) {
        used++;
        memcpy(senders[i].mac, f->from, 6);
        senders[i].boot_id = f->boot_id;
        senders[i].first = f->count;
    }
    senders[i].frames++;
    senders[i].last = f->count;
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int listen_on(const char *interface)
{
    struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(FRAME_ETHERTYPE),
                             .sll_ifindex = (int)if_nametoindex(interface)};
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(FRAME_ETHERTYPE));

    if (fd < 0 || at.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0) {
        perror(interface);
        return -1;
    }
    return fd;
}

static void listen_until(int fd, int64_t end_ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int64_t left;

    while ((left = end_ms - now_ms()) > 0) {
        union { struct frame f; char room[2048]; } packet;

        if (poll(&p, 1, (int)left) == 1 &&
            recv(fd, &packet, sizeof(packet), 0) >= (ssize_t)sizeof(packet.f) &&
            memcmp(packet.f.magic, FRAME_MAGIC, 8) == 0)
            note(&packet.f);
    }
}

int main(int argc, char **argv)
{
    int fd;

    if (argc != 3) {
        fprintf(stderr, "usage: netread INTERFACE SECONDS\n");
        return 2;
    }
    fd = listen_on(argv[1]);
    if (fd < 0)
        return 2;
    listen_until(fd, now_ms() + (int64_t)(strtod(argv[2], NULL) * 1000));
    close(fd);
    for (int i = 0; i < used; i++) {
        const uint8_t *m = senders[i].mac;

        printf("mac=%02x:%02x:%02x:%02x:%02x:%02x boot=%016" PRIx64 " frames=%" PRIu64
               " first=%" PRIu64 " last=%" PRIu64 "\n", m[0], m[1], m[2], m[3], m[4], m[5],
               senders[i].boot_id, senders[i].frames, senders[i].first, senders[i].last);
    }
    return used ? 0 : 1;
}
