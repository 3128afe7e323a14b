/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An outcome in words, with what the incident knows: what happened, and how long the guest
 * still has to help itself.
 */
#include <stdio.h>

#include "model/outcome.h"
#include "model/record.h"

enum { US_PER_S = 1000 * 1000 };

struct outcome outcome_of_incident(enum condition c, enum question q, const struct params *policy,
                                   const struct incident *i, int64_t mono_us)
{
    return outcome_of(c, q, policy, incident_grace_left_us(i, policy, mono_us) == 0);
}

static bool has_grace(enum condition c, const struct params *policy)
{
    return c == CONDITION_SELF_RECOVERING ||
           (c == CONDITION_IO_ERROR && policy->on_io_error == ON_IO_ERROR_RETRY);
}

void outcome_say(const struct outcome *o, enum condition c, const struct incident *i,
                 const struct params *policy, int64_t mono_us, char *to, size_t size)
{
    int64_t left_us = incident_grace_left_us(i, policy, mono_us);
    bool explained = incident_is_open(i) && i->reason;
    int n = explained ? snprintf(to, size, "%s: %s", i->reason, o->text)
                      : snprintf(to, size, "%s", o->text);

    if (n > 0 && (size_t) n < size && has_grace(c, policy) && left_us > 0) {
        snprintf(to + n, size - (size_t) n, "; %lld s left",
                 (long long) ((left_us + US_PER_S - 1) / US_PER_S));
    }
}
