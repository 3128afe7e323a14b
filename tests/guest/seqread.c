/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The outside oracle for "nobody wrote": reads the raw ring of sequence records (record.h) of a
 * disk and says who wrote last, how far, and whether anything contradicts a single writer at a
 * time. The script seqread calls it, and makes raw sectors out of other formats.
 *
 * Output: key=value lines. Exit: 0 one clean writer chain, 1 gap or second writer, 2 no record
 * or no way to read the image.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record.h"

struct ring {
    struct record *slot;
    uint32_t slots;
    uint32_t count;
    const struct record *last;
    uint64_t lowest;
};

/* Records of the newest generation decide; among them the highest number is the last. */
static int is_later(const struct record *r, const struct record *last)
{
    if (!last || r->generation != last->generation)
        return !last || r->generation > last->generation;
    return r->seq > last->seq;
}

static int read_ring(const char *path, struct ring *ring)
{
    unsigned char sector[RECORD_SECTOR_BYTES];
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        perror(path);
        return -1;
    }
    while (ring->slots < RECORD_MAX_SLOTS && read(fd, sector, sizeof(sector)) == sizeof(sector)) {
        struct record *r = &ring->slot[ring->slots++];

        memcpy(r, sector, sizeof(*r));
        if (!record_valid(r)) {
            memset(r, 0, sizeof(*r));
            continue;
        }
        ring->count++;
        if (is_later(r, ring->last))
            ring->last = r;
        if (ring->lowest == 0 || r->seq < ring->lowest)
            ring->lowest = r->seq;
    }
    close(fd);
    return 0;
}

static const struct record *at(const struct ring *ring, uint64_t seq)
{
    return &ring->slot[seq & (ring->last->slots - 1)];
}

/* The numbers that the ring has to hold: the last lap, as far as anything was written. */
static uint64_t window_start(const struct ring *ring)
{
    uint64_t last = ring->last->seq;
    uint64_t lap = last >= ring->last->slots ? last - ring->last->slots + 1 : 1;

    return ring->lowest > lap ? ring->lowest : lap;
}

static uint64_t count_gaps(const struct ring *ring)
{
    uint64_t gaps = 0;

    for (uint64_t seq = window_start(ring); seq <= ring->last->seq; seq++)
        gaps += at(ring, seq)->seq != seq;
    return gaps;
}

/* Two records that no orderly succession can leave: two boots that claim one generation, or an
 * older generation at or above the number with which a later one had taken over. */
static int contradict(const struct record *r, const struct record *other)
{
    if (r->generation == other->generation)
        return r->boot_id != other->boot_id && r->seq >= other->seq;
    return r->generation < other->generation && r->seq >= other->first_seq;
}

static uint64_t count_strays(const struct ring *ring)
{
    uint64_t strays = 0;

    for (uint32_t i = 0; i < ring->slots; i++) {
        for (uint32_t k = 0; ring->slot[i].generation && k < ring->slots; k++) {
            if (ring->slot[k].generation && contradict(&ring->slot[i], &ring->slot[k])) {
                strays++;
                break;
            }
        }
    }
    return strays;
}

static uint32_t count_writers(const struct ring *ring)
{
    uint64_t seen[64];
    uint32_t n = 0;

    for (uint32_t i = 0; i < ring->slots; i++) {
        uint32_t k = 0;

        if (!ring->slot[i].generation)
            continue;
        while (k < n && seen[k] != ring->slot[i].boot_id)
            k++;
        if (k == n && n < 64)
            seen[n++] = ring->slot[i].boot_id;
    }
    return n;
}

static void print_records(const struct ring *ring)
{
    for (uint32_t i = 0; i < ring->slots; i++) {
        const struct record *r = &ring->slot[i];

        if (r->generation)
            printf("record slot=%u seq=%" PRIu64 " generation=%" PRIu64 " boot=%016" PRIx64
                   " uptime_ms=%" PRIu64 "\n", i, r->seq, r->generation, r->boot_id,
                   r->uptime_ms);
    }
}

static int report(const struct ring *ring)
{
    const struct record *last = ring->last;
    uint64_t gaps = count_gaps(ring);
    uint64_t strays = count_strays(ring);

    printf("last=%" PRIu64 "\nboot=%016" PRIx64 "\ngeneration=%" PRIu64 "\nfirst=%" PRIu64 "\n"
           "kind=%.8s\ndisk=%u\nuptime_ms=%" PRIu64 "\ncount=%u\nwriters=%u\ngaps=%" PRIu64 "\n"
           "second_writer=%" PRIu64 "\n",
           last->seq, last->boot_id, last->generation, last->first_seq, last->kind, last->disk,
           last->uptime_ms, ring->count, count_writers(ring), gaps, strays);
    return gaps || strays ? 1 : 0;
}

int main(int argc, char **argv)
{
    static struct record slots[RECORD_MAX_SLOTS];
    struct ring ring = {.slot = slots};

    if (argc < 2 || argc > 3 || (argc == 3 && strcmp(argv[2], "--records") != 0)) {
        fprintf(stderr, "usage: seqread RAW-FILE [--records]\n");
        return 2;
    }
    if (read_ring(argv[1], &ring) < 0)
        return 2;
    if (!ring.last) {
        printf("last=0\ncount=0\n");
        return 2;
    }
    if (argc == 3)
        print_records(&ring);
    return report(&ring);
}
