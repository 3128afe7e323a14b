/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A watch over records in a directory of the test's own. The guests' process is the test's: it
 * lives, and it is nobody's guest.
 */
#ifndef GVM_TESTS_WATCH_SCRATCH_WATCH_H
#define GVM_TESTS_WATCH_SCRATCH_WATCH_H

#include "../sys/own_process.h"
#include "../sys/scratch_dir.h"

#include "base/str.h"
#include "sys/proc.h"
#include "sys/statedir.h"
#include "watch/watch.h"

static struct watch w;

/* A guest that runs, of a resource of the same name; the caller frees it. */
static inline struct record *scratch_record(const char *name)
{
    struct record *r = record_new();

    r->name = str_dup(name);
    r->resource = str_dup(name);
    r->uuid = str_dup("11111111-2222-3333-4444-555555555555");
    r->config = str_printf("/srv/%s.xml", name);
    r->phase = PHASE_RUNNING;
    assert_int_equal(proc_identify(getpid(), &r->process, NULL), 0);
    return r;
}

static inline void scratch_save(struct record *r)
{
    assert_int_equal(statedir_save(r, NULL), 0);
    record_free(r);
}

static inline struct record *scratch_load(const char *name)
{
    struct record *r = NULL;

    assert_int_equal(statedir_load(name, &r, NULL), 0);
    return r;
}

/* An empty directory and a watch that follows nothing yet. In /tmp: a socket's path is short. */
static inline int scratch_watch_setup(void)
{
    snprintf(scratch, sizeof scratch, "/tmp/gvm-watch.XXXXXX");
    if (!mkdtemp(scratch)) {
        return -1;
    }
    statedir_set_path(scratch);
    w = (struct watch) {.loop = qb_loop_create(), .door = -1, .changes = -1, .deaths = -1};
    return w.loop ? 0 : -1;
}

/* The rest is the process's, which ends with its tests as a watch does: kept in sight of who looks
 * for leaks. */
static inline int scratch_watch_teardown(void **state)
{
    static struct watch *ended;
    static size_t ended_count;

    *(struct watch *) array_add(&ended, &ended_count, sizeof *ended) = w;
    close(w.door);
    close(w.changes);
    statedir_set_path(NULL);
    return scratch_teardown(state);
}

static inline void scratch_stop(void *data)
{
    qb_loop_stop(data);
}

/* Lets the loop work off what is there and what comes in this time. */
static inline void scratch_turn(int64_t ms)
{
    struct timer t;

    timer_init(&t, w.loop, scratch_stop, w.loop);
    timer_set(&t, ms);
    qb_loop_run(w.loop);
    timer_clear(&t);
}

#endif
