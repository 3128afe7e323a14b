/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a recurring monitor goes on with a series that was answered before. Pacemaker waits
 * for the first monitor of a series (after a start, a reload, the end of maintenance mode) with
 * everything else, so only a later one may be held, and it does not tell which is which. Pure.
 */
#ifndef GVM_MODEL_SERIES_H
#define GVM_MODEL_SERIES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How much later than its interval a monitor may come and still be the next one, in ms: the
 * executor counts the interval from the answer. Wide, since a busy node is late, and monitors
 * that are not held make it busier; one that was scheduled anew comes early, mostly.
 */
enum { SERIES_LATE_MS = 5000 };

struct series {
    int64_t interval_ms;   /* 0: none seen yet */
    uint64_t digest;       /* of its parameters (str_digest): changed ones are a new series */
    int64_t answered_ms;   /* monotonic, when the last one got its answer; 0: it was cancelled, or
                            * one is under way */
};

/* A monitor comes: true if it may be held. Afterwards the series is this monitor's, under way. */
bool series_comes(struct series *s, int64_t interval_ms, uint64_t digest, int64_t now_ms);
/* It was given its answer. */
void series_answered(struct series *s, int64_t now_ms);

#endif
