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

/* The whole ring at once: thousands of single reads take seconds in an emulated guest. */
static int scan(int fd, unsigned char *buffer, uint32_t slots, struct record_tail *tail)
{
    size_t bytes = (size_t)slots * RECORD_SECTOR_BYTES;
    ssize_t got = pread(fd, buffer, bytes, 0);

    if (got != (ssize_t)bytes) {
        errno = got < 0 ? errno : EIO;
        return -1;
    }
    for (uint32_t slot = 0; slot < slots; slot++)
        record_follow(tail, buffer + (size_t)slot * RECORD_SECTOR_BYTES);
    return 0;
}

static void fill(struct record *r, const struct record *fixed, uint64_t seq)
{
    *r = *fixed;
    r->seq = seq;
    r->uptime_ms = uptime_ms();
    record_seal(r, "linux\0\0");
}

/* Says once that a disk fails, not with every number: the console is slow. */
static void note(const struct record *fixed, int failed, int *was_failed)
{
    if (failed && !*was_failed)
        fprintf(stderr, "seqwrite: disk %u: %s\n", fixed->disk, strerror(errno));
    *was_failed = failed;
}

static void write_on(int fd, unsigned char *buffer, const struct record *fixed, long per_second)
{
    struct timespec pause = {.tv_nsec = 1000000000L / per_second - 1};
    uint64_t seq = fixed->first_seq;
    int failed = 0;

    for (;;) {
        off_t at = (off_t)(seq & (fixed->slots - 1)) * RECORD_SECTOR_BYTES;
        ssize_t done;

        memset(buffer, 0, RECORD_SECTOR_BYTES);
        fill((struct record *)buffer, fixed, seq);
        done = pwrite(fd, buffer, RECORD_SECTOR_BYTES, at);
        note(fixed, done != RECORD_SECTOR_BYTES, &failed);
        seq += !failed;
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
        posix_memalign(&buffer, DIRECT_ALIGN, RECORD_MAX_SLOTS * RECORD_SECTOR_BYTES)) {
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
