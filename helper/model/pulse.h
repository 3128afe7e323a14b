/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a guest that runs by all accounts does anything: what its agent says, and what its vCPUs
 * and disks have done since the last look. Pure; the looks are guard/vitals', what is kept
 * between them is the record's.
 */
#ifndef GVM_MODEL_PULSE_H
#define GVM_MODEL_PULSE_H

#include <stdbool.h>
#include <stdint.h>

enum agent_answer {
    AGENT_UNKNOWN = 0, /* nobody could ask it */
    AGENT_NONE,        /* the guest has no channel for one */
    AGENT_ANSWERS,
    AGENT_SILENT       /* not connected, or no answer in time */
};

/* Sums that only grow. */
struct activity {
    bool counted;      /* all of it could be read */
    bool asleep;       /* no vCPU runs or waits for a processor right now */
    uint64_t run_us;   /* that vCPUs ran */
    uint64_t wakeups;  /* how often a vCPU that had nothing to do was woken */
    uint64_t disk_ops; /* requests that disks have completed */
};

struct pulse_look {
    enum agent_answer agent;
    struct activity activity;
};

/* Of one life of a guest. */
struct pulse {
    bool agent_seen;   /* it has answered once */
    int64_t silent_us; /* monotonic: since when it does not; 0: it does */
    int64_t still_us;  /* monotonic: since when nothing else moves; 0: not known */
    struct activity then; /* at still_us */
};

enum pulse_verdict {
    PULSE_UNKNOWN = 0, /* this look tells nothing */
    PULSE_FINE,        /* it answers or has moved, or cannot be held to it */
    PULSE_STANDS,      /* silent, and nothing has moved since the last look */
    PULSE_STILL        /* the same for too long: it hangs */
};

/* What this look makes of it; `p` goes on to the next. */
enum pulse_verdict pulse_take(struct pulse *p, const struct pulse_look *look, int64_t silence_us,
                              int64_t mono_us);

/* Its agent, which has answered once, has been silent for too long. */
bool pulse_is_mute(const struct pulse *p, int64_t silence_us, int64_t mono_us);

/* Whatever moved until now does not count: what was just done to the guest made it move. */
void pulse_begin_again(struct pulse *p, const struct activity *now, int64_t mono_us);

#endif
