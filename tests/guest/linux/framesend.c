/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In the Linux guest: sends counted broadcast frames (../frame.h) on one interface until it is
 * killed. The interface has to be up.
 *
 * Usage: framesend INTERFACE PER-SECOND
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#include "../frame.h"
#include "boot_id.h"

static int open_on(const char *interface, uint8_t mac[6])
{
    struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(FRAME_ETHERTYPE),
                             .sll_ifindex = (int)if_nametoindex(interface)};
    struct ifreq request = {0};
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

    snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", interface);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
        ioctl(fd, SIOCGIFHWADDR, &request) < 0)
        return -1;
    memcpy(mac, request.ifr_hwaddr.sa_data, 6);
    return fd;
}

int main(int argc, char **argv)
{
    struct timespec pause = {0};
    struct frame frame;
    uint8_t mac[6];
    int fd;

    if (argc != 3 || atol(argv[2]) < 1) {
        fprintf(stderr, "usage: framesend INTERFACE PER-SECOND\n");
        return 2;
    }
    pause.tv_nsec = 1000000000L / atol(argv[2]) - 1;
    fd = open_on(argv[1], mac);
    if (fd < 0) {
        perror(argv[1]);
        return 1;
    }
    for (uint64_t count = 1;; count++) {
        frame_fill(&frame, mac, boot_id(), count);
        if (send(fd, &frame, sizeof(frame), 0) != sizeof(frame))
            perror(argv[1]);
        nanosleep(&pause, NULL);
    }
}
