/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The timers of timer.h on libqb's.
 */
#include "watch/timer.h"

#include <stdlib.h>

static const uint64_t NS_PER_MS = 1000 * 1000;

static void fired(void *data)
{
    struct timer *t = data;

    t->handle = 0; /* libqb's are one-shot: this one is gone */
    t->fire(t->data);
}

void timer_init(struct timer *t, qb_loop_t *loop, void (*fire)(void *data), void *data)
{
    *t = (struct timer) {.loop = loop, .fire = fire, .data = data};
}

void timer_set(struct timer *t, int64_t ms)
{
    timer_clear(t);
    if (qb_loop_timer_add(t->loop, QB_LOOP_MED, ms > 0 ? (uint64_t) ms * NS_PER_MS : 0, t, fired,
                          &t->handle) < 0) {
        abort(); /* out of memory: the next monitor brings another watch */
    }
}

void timer_clear(struct timer *t)
{
    if (t->handle) {
        qb_loop_timer_del(t->loop, t->handle);
        t->handle = 0;
    }
}
