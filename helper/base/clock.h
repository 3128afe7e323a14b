/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time: monotonic microseconds, deadlines, and the wall clock for people.
 * Every wait in this program is bounded by a deadline from here.
 */
#ifndef GVM_BASE_CLOCK_H
#define GVM_BASE_CLOCK_H

#include <stdint.h>

struct deadline {
    int64_t at_us; /* CLOCK_MONOTONIC */
};

/* CLOCK_MONOTONIC in microseconds. */
int64_t clock_mono_us(void);
/* CLOCK_REALTIME in milliseconds since the epoch, for records and people only. */
int64_t clock_wall_ms(void);

/* RFC 3339 in UTC with milliseconds: two nodes' times can be compared. */
enum { CLOCK_TEXT_SIZE = 40 };
void clock_wall_text(int64_t wall_ms, char ret[CLOCK_TEXT_SIZE]);

struct deadline deadline_in_ms(int64_t ms);
/* Milliseconds left, rounded up, never below 0: fits poll(2)'s timeout. */
int deadline_left_ms(struct deadline d);
/* True when it is over. */
int deadline_over(struct deadline d);
/* The earlier of: `percent` of what is left from now, and `most_ms` from now. */
struct deadline deadline_part(struct deadline d, int percent, int64_t most_ms);
/* The earlier of two. */
struct deadline deadline_min(struct deadline a, struct deadline b);
/* Waits ms or until the deadline, whichever is first: the pause of a poll loop. */
void clock_pause_ms(int64_t ms, struct deadline d);

#endif
