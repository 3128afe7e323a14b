/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time. The monotonic clock carries every deadline; the wall clock is only ever
 * shown. Nothing here waits longer than it is told.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

enum { US_PER_MS = 1000, MS_PER_S = 1000, NS_PER_US = 1000, NS_PER_MS = 1000000 };

/* Far enough for any action, near enough that no sum of two can overflow. */
static const int64_t DEADLINE_MAX_MS = INT64_C(1000) * 60 * 60 * 24 * 365;

static struct timespec now(clockid_t clock)
{
    struct timespec ts;

    if (clock_gettime(clock, &ts) != 0) {
        abort(); /* without a clock no answer could be given in time */
    }
    return ts;
}

int64_t clock_mono_us(void)
{
    struct timespec ts = now(CLOCK_MONOTONIC);

    return (int64_t) ts.tv_sec * MS_PER_S * US_PER_MS + ts.tv_nsec / NS_PER_US;
}

int64_t clock_wall_ms(void)
{
    struct timespec ts = now(CLOCK_REALTIME);

    return (int64_t) ts.tv_sec * MS_PER_S + ts.tv_nsec / NS_PER_MS;
}

static int64_t left_us(struct deadline d)
{
    int64_t left = d.at_us - clock_mono_us();

    return left > 0 ? left : 0;
}

void clock_wall_text(int64_t wall_ms, char ret[CLOCK_TEXT_SIZE])
{
    time_t seconds = (time_t) (wall_ms / 1000);
    struct tm tm = {.tm_mday = 1};
    size_t n;

    gmtime_r(&seconds, &tm);
    n = strftime(ret, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(ret + n, CLOCK_TEXT_SIZE - n, ".%03dZ", (int) (wall_ms % 1000));
}

struct deadline deadline_in_ms(int64_t ms)
{
    if (ms < 0) {
        ms = 0;
    }
    if (ms > DEADLINE_MAX_MS) {
        ms = DEADLINE_MAX_MS;
    }
    return (struct deadline) { .at_us = clock_mono_us() + ms * US_PER_MS };
}

int deadline_left_ms(struct deadline d)
{
    int64_t ms = (left_us(d) + US_PER_MS - 1) / US_PER_MS;

    return ms > INT_MAX ? INT_MAX : (int) ms;
}

int deadline_over(struct deadline d)
{
    return left_us(d) == 0;
}

struct deadline deadline_part(struct deadline d, int percent, int64_t most_ms)
{
    int64_t part_us = left_us(d) / 100 * percent;
    struct deadline share = { .at_us = clock_mono_us() + part_us };

    return deadline_min(d, deadline_min(share, deadline_in_ms(most_ms)));
}

struct deadline deadline_min(struct deadline a, struct deadline b)
{
    return a.at_us <= b.at_us ? a : b;
}

void clock_pause_ms(int64_t ms, struct deadline d)
{
    struct deadline until = deadline_min(deadline_in_ms(ms), d);
    struct timespec at = {
        .tv_sec = until.at_us / US_PER_MS / MS_PER_S,
        .tv_nsec = until.at_us % (US_PER_MS * MS_PER_S) * NS_PER_US,
    };

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR) {
    }
}
