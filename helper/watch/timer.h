/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One-shot timers on the watch's loop that may be set again, cleared and left to fire in any
 * order.
 */
#ifndef GVM_WATCH_TIMER_H
#define GVM_WATCH_TIMER_H

#include <stdint.h>

#include <qb/qbloop.h>

struct timer {
    qb_loop_t *loop;
    qb_loop_timer_handle handle; /* 0: not set */
    void (*fire)(void *data);
    void *data;
};

void timer_init(struct timer *t, qb_loop_t *loop, void (*fire)(void *data), void *data);
/* Fires once after `ms`, whatever was set before. */
void timer_set(struct timer *t, int64_t ms);
void timer_clear(struct timer *t);

#endif
