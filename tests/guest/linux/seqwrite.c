/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In the Linux guest: writes sequence numbers into the ring at the start of one disk
 * (../record.h), past the page cache and through to the medium, until it is killed. Looks at
 * the ring first, to go on where the last boot ended. An error is reported and retried.
 *
 * Usage: seqwrite DEVICE INDEX PER-SECOND
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "../record.h"
#include "boot_id.h"

#define DIRECT_ALIGN 4096

static int scan(int fd, unsigned char *buffer, uint32_t slots, struct record_tail *tail)
{
    for (uint32_t slot = 0; slot < slots; slot++) {
        off_t at = (off_t)slot * RECORD_SECTOR_BYTES;

        if (pread(fd, buffer, RECORD_SECTOR_BYTES, at) != RECORD_SECTOR_BYTES)
            return -1;
        record_follow(tail, buffer);
    }
    return 0;
}

static void fill(struct record *r, const struct record *fixed, uint64_t seq)
{
    *r = *fixed;
    r->seq = seq;
    r->uptime_ms = uptime_ms();
    record_seal(r, "linux\0\0");
}

static void write_on(int fd, unsigned char *buffer, const struct record *fixed, long per_second)
{
    struct timespec pause = {.tv_nsec = 1000000000L / per_second - 1};
    uint64_t seq = fixed->first_seq;

    for (;;) {
        off_t at = (off_t)(seq & (fixed->slots - 1)) * RECORD_SECTOR_BYTES;

        memset(buffer, 0, RECORD_SECTOR_BYTES);
        fill((struct record *)buffer, fixed, seq);
        if (pwrite(fd, buffer, RECORD_SECTOR_BYTES, at) == RECORD_SECTOR_BYTES)
            seq++;
        else
            fprintf(stderr, "seqwrite: disk %u: %s\n", fixed->disk, strerror(errno));
        nanosleep(&pause, NULL);
    }
}

int main(int argc, char **argv)
{
    struct record fixed = {0};
    struct record_tail tail = {0};
    void *buffer = NULL;
    uint64_t bytes = 0;
    int fd;

    if (argc != 4 || atol(argv[3]) < 1) {
        fprintf(stderr, "usage: seqwrite DEVICE INDEX PER-SECOND\n");
        return 2;
    }
    fd = open(argv[1], O_RDWR | O_DIRECT | O_SYNC | O_CLOEXEC);
    if (fd < 0 || ioctl(fd, BLKGETSIZE64, &bytes) < 0 ||
        posix_memalign(&buffer, DIRECT_ALIGN, DIRECT_ALIGN) != 0) {
        perror(argv[1]);
        return 1;
    }
    fixed.slots = record_slots(bytes / RECORD_SECTOR_BYTES);
    if (fixed.slots == 0 || scan(fd, buffer, fixed.slots, &tail) < 0) {
        perror(argv[1]);
        return 1;
    }
    fixed.boot_id = boot_id();
    fixed.generation = tail.generation + 1;
    fixed.first_seq = tail.seq + 1;
    fixed.disk = (uint32_t)atol(argv[2]);
    write_on(fd, buffer, &fixed, atol(argv[3]));
}
