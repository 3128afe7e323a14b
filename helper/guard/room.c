/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One frozen guest after the other, until there is room or none is left to go.
 */
#include "guard/room.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "guard/release.h"
#include "model/care.h"
#include "sys/proc.h"
#include "sys/statedir.h"

enum { LOCK_MS = 1000, CLUSTER_MOST_MS = 10 * 1000, KIB_PER_MIB = 1024 };

/* A cluster that hangs leaves the start its time. */
static struct deadline cluster_until(struct deadline until)
{
    return deadline_min(until, deadline_in_ms(CLUSTER_MOST_MS));
}

/* Looked at again under its lock: an action may be at work on it. */
static int give_up(const struct record *found, struct deadline until, struct err *why)
{
    const char *name = found->name;
    _cleanup_record_ struct record *r = NULL;
    _cleanup_close_ int lock = -1;
    int rc = release_allowed(found, cluster_until(until), why);

    if (rc == 0) {
        rc = statedir_lock(name, deadline_in_ms(LOCK_MS), &lock, why);
    }
    if (rc == 0) {
        rc = statedir_load(name, &r, why);
    }
    if (rc == 0 && care_expendable(&r, 1) && process_same(&r->process, &found->process)) {
        rc = release_frozen(r, until, why);
        if (rc == 0) {
            log_notice("released the frozen guest '%s', whose dump is complete, for its %llu MiB "
                       "of memory", name, (unsigned long long) (r->memory_kib / KIB_PER_MIB));
            release_announce(r, cluster_until(until), why);
        }
    }
    return rc;
}

/* True: one went. */
static bool one_less(struct deadline until)
{
    struct record **list = NULL;
    const struct record *next;
    size_t count = 0;
    struct err why = {0};
    int rc = statedir_list(&list, &count, &why);
    bool went = false;

    next = rc == 0 ? care_expendable(list, count) : NULL;
    if (next) {
        rc = give_up(next, until, &why);
        went = rc == 0;
    }
    if (rc < 0) {
        log_warning("no room is made for a start: %s", why.text);
    }
    statedir_list_free(list, count);
    return went;
}

void room_make(uint64_t kib, struct deadline until)
{
    uint64_t available;

    while (proc_memory_available(&available) == 0 && available < kib && !deadline_over(until) &&
           one_less(until)) {
    }
}
