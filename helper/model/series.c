/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recurring monitors told apart by their time and parameters.
 */
#include "model/series.h"

/* One that comes before its interval is over was not scheduled by the last one's answer. */
bool series_comes(struct series *s, int64_t interval_ms, uint64_t digest, int64_t now_ms)
{
    int64_t due_ms = s->answered_ms + interval_ms;
    bool goes_on = s->answered_ms != 0 && s->interval_ms == interval_ms && s->digest == digest &&
                   now_ms >= due_ms && now_ms <= due_ms + SERIES_LATE_MS;

    *s = (struct series) {.interval_ms = interval_ms, .digest = digest};
    return goes_on;
}

void series_answered(struct series *s, int64_t now_ms)
{
    s->answered_ms = now_ms;
}
