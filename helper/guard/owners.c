/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One errand takes the locks and stays, since a file on dead storage may hang whoever touches it;
 * its end gives them up.
 */
#include "guard/owners.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/str.h"
#include "guard/inquire.h"
#include "sys/errand.h"
#include "sys/ownerlock.h"
#include "sys/storage.h"

enum {
    TAKE_PERCENT = 20, TAKE_MOST_MS = 5000, LOOK_MS = 5,
    KEEP_MS = 2 * 60 * 1000, PAUSE_MS = 100,
    /* A start on another node has its files by then. */
    START_ELSEWHERE_MS = 30 * 1000
};

struct held {
    atomic_int count;
    atomic_bool complete;
};

struct owners {
    struct held *held; /* shared with the child */
    struct errand *errand;
};

/* The descriptors are the child's, and are closed by its end. */
static int take(struct held *held, const struct disk_record *disk, struct err *why)
{
    struct storage s;
    int fd = -1;
    int rc;

    if (!disk->writable || disk->id.rdev != 0) {
        return 0;
    }
    storage_look(disk->path, &s);
    if (s.reach == REACH_LOCAL) {
        return 0;
    }
    rc = ownerlock_take(disk->path, &disk->id, &fd, why);
    if (rc == 1) {
        atomic_fetch_add(&held->count, 1);
    }
    return rc < 0 ? rc : 0;
}

static int keep_stage(void *shared, const void *input, struct err *why)
{
    const struct record *r = input;
    struct held *held = shared;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < r->disk_count; i++) {
        rc = take(held, &r->disk[i], why);
    }
    if (rc < 0 || atomic_load(&held->count) == 0) {
        return rc;
    }
    atomic_store(&held->complete, true);
    clock_pause_ms(KEEP_MS, deadline_in_ms(KEEP_MS));
    return 0;
}

static bool was_frozen_lately(const struct record *r)
{
    int64_t ago_ms = clock_wall_ms() - r->incident.frozen_wall_ms;

    return ago_ms >= 0 && ago_ms < START_ELSEWHERE_MS;
}

/* Until it has all locks (0), or has ended without: its result. */
static int wait_until_taken(struct owners *o, struct deadline until, struct err *why)
{
    while (!atomic_load(&o->held->complete)) {
        if (errand_wait(o->errand, LOOK_MS)) {
            return errand_finish(&o->errand, why);
        }
        if (deadline_over(until)) {
            return err_set(why, -ETIMEDOUT, ERR_GENERIC, "its images cannot be looked at: their "
                           "storage hangs");
        }
    }
    return 0;
}

int owners_keep(const struct record *r, struct deadline until, struct owners **ret,
                struct err *why)
{
    struct owners *o = mem_zero(1, sizeof *o);
    int rc;

    *ret = NULL;
    o->held = stage_memory(sizeof *o->held);
    rc = errand_start("keeping the owners of the guest's images", keep_stage, o->held, r,
                      deadline_in_ms(KEEP_MS), &o->errand, why);
    if (rc == 0) {
        rc = wait_until_taken(o, deadline_part(until, TAKE_PERCENT, TAKE_MOST_MS), why);
    }
    if (rc == 0 && o->errand && was_frozen_lately(r)) {
        rc = err_set(why, -EAGAIN, ERR_GENERIC, "guest '%s' was frozen less than %d s ago, and "
                     "another node may be at its start", r->name, START_ELSEWHERE_MS / 1000);
    }
    if (rc == 0 && o->errand) {
        *ret = o;
    } else {
        owners_let_go(o);
    }
    return rc;
}

/* Nobody there to ask is nobody who gives anything to anybody, until it comes back. */
static bool is_done(const struct inquiry *seen)
{
    return seen->answer == LIBVIRT_NOT_FOUND ||
           (seen->answer == LIBVIRT_KNOWS && state_ends(seen->state)) ||
           (seen->answer == LIBVIRT_SILENT && !seen->hangs);
}

void owners_outlast(struct owners *o, const struct record *r, struct deadline until)
{
    struct inquiry seen = {.answer = LIBVIRT_KNOWS};
    struct err silence = {0};

    while (o && !is_done(&seen) && !deadline_over(until)) {
        clock_pause_ms(PAUSE_MS, until);
        inquire(r, until, &seen, &silence);
    }
}

void owners_let_go(struct owners *o)
{
    if (o) {
        errand_drop(&o->errand);
        stage_memory_free(o->held, sizeof *o->held);
        free(o);
    }
}
