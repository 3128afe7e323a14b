/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules by which a guest stands still. All of them lean to "it works": a guest that makes any
 * progress is never held for hung.
 */
#include "model/pulse.h"

#include <stddef.h>

/*
 * A kernel with nothing to do stops its clock tick, and still wakes up at least once a second for
 * its timers, for tens of microseconds each time (a Linux 6.1 under TCG: 9 times and 3 ms). In one
 * that stands with interrupts off no vCPU's thread stirs (the same: not once in 40 s), but for an
 * interrupt that a device raises in vain. What is allowed lies far below the first.
 */
enum {
    US_PER_S = 1000 * 1000,
    RUN_US = 500, RUN_US_PER_S = 10,
    WAKEUPS = 2, S_PER_WAKEUP = 10
};

static bool grew_beyond(uint64_t then, uint64_t now, uint64_t allowed)
{
    return now < then || now - then > allowed;
}

static bool has_moved(const struct activity *then, const struct activity *now, int64_t over_us)
{
    uint64_t s = (uint64_t) over_us / US_PER_S;

    return !now->asleep || grew_beyond(then->disk_ops, now->disk_ops, 0) ||
           grew_beyond(then->run_us, now->run_us, RUN_US + s * RUN_US_PER_S) ||
           grew_beyond(then->wakeups, now->wakeups, WAKEUPS + s / S_PER_WAKEUP);
}

void pulse_begin_again(struct pulse *p, const struct activity *now, int64_t mono_us)
{
    p->still_us = mono_us;
    p->then = *now;
}

static enum pulse_verdict of_silent(struct pulse *p, const struct activity *now,
                                    int64_t silence_us, int64_t mono_us)
{
    if (p->silent_us == 0) {
        p->silent_us = mono_us;
    }
    if (!now->counted) {
        return PULSE_UNKNOWN;
    }
    if (p->still_us == 0) {
        pulse_begin_again(p, now, mono_us);
        return PULSE_STANDS;
    }
    if (has_moved(&p->then, now, mono_us - p->still_us)) {
        pulse_begin_again(p, now, mono_us);
        return PULSE_FINE;
    }
    return mono_us - p->still_us >= silence_us ? PULSE_STILL : PULSE_STANDS;
}

enum pulse_verdict pulse_take(struct pulse *p, const struct pulse_look *look, int64_t silence_us,
                              int64_t mono_us)
{
    switch (look->agent) {
    case AGENT_ANSWERS:
        *p = (struct pulse) {.agent_seen = true};
        return PULSE_FINE;
    case AGENT_SILENT:
        if (p->agent_seen) {
            return of_silent(p, &look->activity, silence_us, mono_us);
        }
        return PULSE_FINE;
    case AGENT_NONE:
        return PULSE_FINE;
    case AGENT_UNKNOWN:
        break;
    }
    return PULSE_UNKNOWN;
}

bool pulse_is_mute(const struct pulse *p, int64_t silence_us, int64_t mono_us)
{
    return p->agent_seen && p->silent_us > 0 && mono_us - p->silent_us >= silence_us;
}
