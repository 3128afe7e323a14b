/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Second of the two tables: (condition, question, policy) -> OCF code, and what
 * a stop does. Pure. Where conditions come from is verdict.h's business.
 */
#ifndef GVM_MODEL_OUTCOME_H
#define GVM_MODEL_OUTCOME_H

#include <stddef.h>

#include "model/incident.h"
#include "model/params.h"
#include "model/verdict.h"

enum question {
    QUESTION_MONITOR, /* recurring monitor: interval > 0 */
    QUESTION_PROBE,   /* interval 0: probe, forced check, debug-monitor */
    QUESTION_LAST
};

/* What a stop does first; each falls through to a proven death when it fails. */
enum stop_plan {
    STOP_KILL = 0,  /* SIGTERM, after its share of the time SIGKILL, by pidfd, and proof: what
                     * is left when nobody answers, and what force_stop asks for */
    STOP_SEQUENCE,  /* the words of stop_sequence in a divided budget */
    STOP_SETTLE,    /* wait for or cancel libvirt's job, then the sequence */
    STOP_RESUME,    /* resume so that the guest can hear a shutdown, then the sequence */
    STOP_WAKE,      /* wake from S3, then the sequence */
    STOP_WAIT,      /* it is ending: wait, then destroy */
    STOP_FREEZE,    /* freeze and verify; crash_policy=destroy makes it a kill */
    STOP_NOTHING,   /* stopped already, proven in this call */
    STOP_PLAN_LAST
};

struct outcome {
    int ocf;          /* PCMK_OCF_* */
    const char *text; /* plain words for crm_mon; never NULL */
};

/*
 * `grace_over`: for io-error, that on_io_error=retry has used up io_error_grace
 * (the caller keeps the clock; this function has none).
 */
struct outcome outcome_of(enum condition c, enum question q, const struct params *policy,
                          int grace_over);
/* The same with the incident's own clock. */
struct outcome outcome_of_incident(enum condition c, enum question q, const struct params *policy,
                                   const struct incident *i, int64_t mono_us);
/*
 * Words for crm_mon: what happened where the incident knows, else what the condition means, and
 * what is left of a grace.
 */
void outcome_say(const struct outcome *o, enum condition c, const struct incident *i,
                 const struct params *policy, int64_t mono_us, char *to, size_t size);
/*
 * crash_policy=destroy: a kill instead of a freeze. force_stop: a kill at once, for a
 * running, paused or sleeping guest; libvirt's own jobs are still settled first.
 */
enum stop_plan stop_plan_of(enum condition c, const struct params *policy);
const char *stop_plan_name(enum stop_plan plan);

/* The tables, for `guardedvm policy` and the manual. */
void outcome_tell(struct table_sink *sink);

#endif
