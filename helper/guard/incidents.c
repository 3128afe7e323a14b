/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Incidents as actions find them, without having heard of their beginning.
 */
#include "guard/incidents.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/outcome.h"

static enum incident_cause cause_of(const struct sighting *seen)
{
    switch (seen->condition) {
    case CONDITION_IO_ERROR:
        return CAUSE_IO_ERROR;
    case CONDITION_HUNG:
        return CAUSE_WATCHDOG;
    case CONDITION_CRASHED:
    case CONDITION_THAWED:
        return verdict_libvirt_crashed(&seen->seen) ? CAUSE_PANIC : CAUSE_INTERNAL;
    case CONDITION_UNKNOWN:
    case CONDITION_RUNNING:
    case CONDITION_BUSY:
    case CONDITION_PAUSED:
    case CONDITION_SELF_RECOVERING:
    case CONDITION_SLEEPING:
    case CONDITION_STOPPING:
    case CONDITION_FROZEN:
    case CONDITION_ABSENT:
    case CONDITION_SILENT:
    case CONDITION_LAST:
        break;
    }
    return CAUSE_NONE;
}

/* What an open incident does not explain: a guest that stands for another cause by now. What the
 * watch heard is better than what a look can tell, else. */
static bool is_news(const struct incident *i, const struct sighting *seen)
{
    return !incident_is_open(i) ||
           (i->condition != seen->condition && seen->condition != CONDITION_THAWED &&
            verdict_halted(&seen->seen));
}

void guest_note_broken(struct guest *g, const struct sighting *seen, enum incident_step step)
{
    struct incident *i = &g->record->incident;
    enum incident_cause cause = cause_of(seen);
    struct err ignored = {0};

    if (cause == CAUSE_NONE) {
        return;
    }
    if (is_news(i, seen)) {
        struct outcome o = outcome_of(seen->condition, QUESTION_PROBE, g->params, 1);
        _cleanup_free_ char *reason = str_printf("%s (%s)", o.text, seen->detail);

        record_note_incident(g->record, cause, seen->condition, reason, clock_wall_ms(),
                             clock_mono_us());
    }
    i->halted = i->halted || verdict_halted(&seen->seen);
    i->resumed_mono_us = 0;
    incident_step(i, step, clock_wall_ms(), clock_mono_us(), &ignored);
    g->changed = true;
}

void guest_note_resumed(struct guest *g)
{
    g->record->incident.resumed_mono_us = clock_mono_us();
    g->changed = true;
}

void guest_note_well(struct guest *g)
{
    struct incident *i = &g->record->incident;
    struct err ignored = {0};

    if (incident_ends_by_running(i)) {
        incident_step(i, STEP_RECOVERED, clock_wall_ms(), clock_mono_us(), &ignored);
        g->changed = true;
    }
}

void guest_note_silent(struct guest *g, enum incident_step step, int64_t silent_s)
{
    bool nmi = step == STEP_MAY_RECOVER;
    _cleanup_free_ char *reason =
        str_printf("guest agent silent for %lld s, vCPUs and disks stand still%s",
                   (long long) silent_s, nmi ? ", NMI sent" : "");
    struct err ignored = {0};

    record_note_incident(g->record, nmi ? CAUSE_SILENT_NMI : CAUSE_SILENT, CONDITION_HUNG, reason,
                         clock_wall_ms(), clock_mono_us());
    incident_step(&g->record->incident, step, clock_wall_ms(), clock_mono_us(), &ignored);
    g->changed = true;
}

void guest_note_alive(struct guest *g)
{
    struct incident *i = &g->record->incident;
    struct err ignored = {0};

    incident_step(i, STEP_RECOVERED, clock_wall_ms(), clock_mono_us(), &ignored);
    /* The picture stays where it is, but of a guest that is well there is no evidence. */
    free(i->evidence.folder);
    i->evidence.folder = NULL;
    g->changed = true;
}
