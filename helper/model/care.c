/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When a frozen guest is due for what, who is given up first, and how its dump is told.
 */
#include "model/care.h"

#include "base/str.h"
#include "model/incident.h"

enum { US_PER_S = 1000 * 1000, BYTES_PER_MIB = 1024 * 1024, COARSE_PERCENT = 10 };

static int64_t frozen_mono_us(const struct incident *i)
{
    for (size_t k = i->moment_count; k > 0; k--) {
        if (str_eq(i->moment[k - 1].what, incident_state_name(INCIDENT_FROZEN))) {
            return i->moment[k - 1].mono_us;
        }
    }
    return i->seen_mono_us;
}

static struct care_due kept_due(const struct record *r, int64_t mono_us)
{
    int64_t left_us;

    /* A dump that only a person asked for decides nothing: that person is still at it. */
    if (r->incident.evidence.dump && r->care.dump_format != DUMP_NONE &&
        r->care.after_dump == AFTER_DUMP_RELEASE) {
        return (struct care_due) {CARE_RELEASE, 0, "its dump is complete (after_dump=release)"};
    }
    if (r->care.frozen_keep_s == 0) {
        return (struct care_due) {0};
    }
    left_us = frozen_mono_us(&r->incident) + r->care.frozen_keep_s * US_PER_S - mono_us;
    return left_us > 0 ? (struct care_due) {CARE_NOTHING, left_us, NULL}
                       : (struct care_due) {CARE_RELEASE, 0, "its time is over (frozen_keep)"};
}

struct care_due care_due_of(const struct record *r, int64_t mono_us)
{
    if (r->phase != PHASE_FROZEN) {
        return (struct care_due) {0};
    }
    switch (r->incident.state) {
    case INCIDENT_FROZEN:
    case INCIDENT_DUMPING: return (struct care_due) {CARE_COLLECT, 0, NULL};
    case INCIDENT_KEPT: return kept_due(r, mono_us);
    case INCIDENT_NONE:
    case INCIDENT_SEEN:
    case INCIDENT_RECOVERING:
    case INCIDENT_RECOVERED:
    case INCIDENT_REPORTED:
    case INCIDENT_RELEASED:
    case INCIDENT_STATE_LAST: break;
    }
    return (struct care_due) {0};
}

/* What would be lost with it: nothing, what nobody asked for, what somebody wanted to have. */
enum loss { LOSS_NONE, LOSS_UNWANTED, LOSS_WANTED };

static enum loss loss_of(const struct record *r)
{
    if (r->incident.evidence.dump) {
        return LOSS_NONE;
    }
    return r->care.dump_format == DUMP_NONE ? LOSS_UNWANTED : LOSS_WANTED;
}

static bool goes_before(const struct record *a, const struct record *b)
{
    return loss_of(a) != loss_of(b)
               ? loss_of(a) < loss_of(b)
               : frozen_mono_us(&a->incident) < frozen_mono_us(&b->incident);
}

static const struct record *first_to_go(struct record *const *list, size_t count, enum loss most)
{
    const struct record *first = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct record *r = list[i];

        if (r->phase == PHASE_FROZEN && r->incident.state == INCIDENT_KEPT &&
            loss_of(r) <= most && (!first || goes_before(r, first))) {
            first = r;
        }
    }
    return first;
}

const struct record *care_surplus(struct record *const *list, size_t count)
{
    const struct record *newest = NULL;
    int64_t frozen = 0;

    for (size_t i = 0; i < count; i++) {
        const struct record *r = list[i];

        if (r->phase != PHASE_FROZEN) {
            continue;
        }
        frozen++;
        if (!newest || frozen_mono_us(&r->incident) > frozen_mono_us(&newest->incident)) {
            newest = r;
        }
    }
    if (!newest || newest->care.frozen_max == 0 || frozen <= newest->care.frozen_max) {
        return NULL;
    }
    return first_to_go(list, count, LOSS_WANTED);
}

const struct record *care_expendable(struct record *const *list, size_t count)
{
    return first_to_go(list, count, LOSS_NONE);
}

/* A record can hold any numbers. */
static int64_t whole(double number)
{
    return number < (double) INT64_MAX ? (int64_t) number : INT64_MAX;
}

struct care_progress care_progress_of(const struct evidence *e, int64_t mono_us)
{
    struct care_progress p = {.percent = -1, .left_s = -1};
    double took_s = (double) (mono_us - e->begun_mono_us) / US_PER_S;
    double done = (double) e->done_bytes;

    if (took_s > 0) {
        p.mib_per_s = whole(done / BYTES_PER_MIB / took_s);
    }
    if (e->total_bytes <= 0 || e->done_bytes > e->total_bytes) {
        return p;
    }
    p.percent = (int) (done * 100 / (double) e->total_bytes);
    if (e->done_bytes > 0) {
        p.left_s = whole(took_s * ((double) e->total_bytes - done) / done);
    }
    return p;
}

static char *dumping_words(const struct evidence *e, int64_t mono_us, bool coarse)
{
    struct care_progress p = care_progress_of(e, mono_us);

    if (e->begun_mono_us == 0 || p.percent < 0) {
        return coarse ? NULL : str_dup("evidence is being collected");
    }
    if (coarse || p.left_s < 0) {
        return str_printf("%d %%", p.percent / COARSE_PERCENT * COARSE_PERCENT);
    }
    return str_printf("%d %%, %lld MiB/s, %lld s left", p.percent,
                      (long long) p.mib_per_s, (long long) p.left_s);
}

char *care_words(const struct record *r, int64_t mono_us, bool coarse)
{
    const struct evidence *e = &r->incident.evidence;

    if (r->incident.state == INCIDENT_DUMPING) {
        return dumping_words(e, mono_us, coarse);
    }
    if (e->dump) {
        return e->note ? str_printf("complete, %s", e->note) : str_dup("complete");
    }
    return e->note ? str_printf("none: %s", e->note) : NULL;
}
