/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recurring monitors told apart by their time and parameters.
 */
#include "model/series.h"

static const uint64_t FNV_OFFSET = 14695981039346656037ULL;
static const uint64_t FNV_PRIME = 1099511628211ULL;

uint64_t series_digest(const char *text, uint64_t size)
{
    uint64_t digest = FNV_OFFSET;

    for (uint64_t i = 0; i < size; i++) {
        digest ^= (unsigned char) text[i];
        digest *= FNV_PRIME;
    }
    return digest;
}

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
