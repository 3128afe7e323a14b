/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is to be done where a migration has left a guest on two nodes, on none, or standing. Rows,
 * the first that fits; what fits none is doubt.
 */
#include "model/migration.h"

#include <libvirt/libvirt.h>

#include "model/states.h"

enum { ANY_PAST = -1, SEEN_PAST = -2 /* whatever it is, but seen by this call */ };

struct row {
    int source;
    int target;
    int past;                      /* enum target_past, or one of the two above */
    enum migration_deed patient;   /* while libvirt may yet end it itself */
    enum migration_deed impatient; /* when that time is over */
    const char *why;
};

#define ROW(SOURCE, TARGET, PAST, PATIENT, IMPATIENT, WHY)                            \
    {                                                                                 \
        .source = SOURCE, .target = TARGET, .past = PAST,                             \
        .patient = MIGRATION_##PATIENT, .impatient = MIGRATION_##IMPATIENT, .why = WHY \
    }
#define END(NAME) GUEST_END_##NAME
#define NEVER TARGET_NEVER_RAN
#define RAN TARGET_RAN

/*
 * Of a migration that this call did not begin (TARGET_UNSEEN) only what is sure without its
 * history: what stands here is old where it runs there; nothing is let run, and nothing ended
 * otherwise.
 */
static const struct row rows[] = {
    ROW(END(ABSENT), END(RUNS), ANY_PAST, MOVED, MOVED, "it runs there"),
    ROW(END(ABSENT), END(BROKEN), RAN, MOVED, MOVED, "it came there, and broke there"),
    ROW(END(ABSENT), END(STANDS), NEVER, WAIT, MOVED,
        "it is there, whole, and migrate_from lets it run"),
    ROW(END(ABSENT), END(ABSENT), ANY_PAST, WAIT, LOST, "it is nowhere"),

    ROW(END(RUNS), END(ABSENT), ANY_PAST, STAYED, STAYED, "it never left"),
    ROW(END(RUNS), END(STANDS), NEVER, WAIT, END_TARGET, "it never left; what is there never ran"),
    ROW(END(RUNS), END(UNKNOWN), ANY_PAST, WAIT, STAYED, "it never left"),

    /* Nobody can be asked whether two write to the same disks now: one that is sure to be alone is
     * worth more than a memory. */
    ROW(END(RESUMED), END(RUNS), ANY_PAST, END_SOURCE, END_SOURCE, "two run"),
    ROW(END(RESUMED), END(UNKNOWN), SEEN_PAST, WAIT, END_SOURCE, "two may run"),
    ROW(END(RESUMED), END(ABSENT), RAN, END_SOURCE, END_SOURCE, "two ran"),
    ROW(END(RESUMED), END(ABSENT), ANY_PAST, STAYED, STAYED, "it runs on here"),
    ROW(END(RESUMED), END(BROKEN), RAN, END_SOURCE, END_SOURCE, "two ran"),
    ROW(END(RESUMED), END(STANDS), NEVER, WAIT, END_TARGET,
        "it runs on here; what is there never ran"),

    ROW(END(STANDS), END(RUNS), ANY_PAST, WAIT, END_SOURCE,
        "it runs there; what stands here is old"),
    ROW(END(STANDS), END(BROKEN), RAN, WAIT, END_SOURCE,
        "it ran there, and broke there: what stands here is old"),
    ROW(END(STANDS), END(STANDS), NEVER, WAIT, END_TARGET,
        "it stands here; what is there never ran"),
    ROW(END(STANDS), END(ABSENT), NEVER, WAIT, RESUME_SOURCE, "it is only here"),
    ROW(END(STANDS), END(ABSENT), RAN, WAIT, END_SOURCE,
        "it ran there and ended: what stands here is old"),

    ROW(END(SPLIT), END(RUNS), ANY_PAST, WAIT, DOUBT, "the rest of its memory is still here"),
    ROW(END(SPLIT), END(ABSENT), SEEN_PAST, WAIT, END_SOURCE,
        "half of its memory is lost: it cannot run on"),

    ROW(END(BROKEN), END(ABSENT), ANY_PAST, STAYED, STAYED, "it broke, and never left"),
    ROW(END(BROKEN), END(STANDS), NEVER, WAIT, END_TARGET,
        "it broke here; what is there never ran"),
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

/* A reason that it had before tells nothing of this migration. */
bool migration_asks_copy(const struct observation *seen, int reason_before)
{
    return seen->libvirt == LIBVIRT_KNOWS && seen->state == VIR_DOMAIN_RUNNING &&
           seen->reason == VIR_DOMAIN_RUNNING_MIGRATION_CANCELED && seen->reason != reason_before;
}

enum guest_end migration_source(enum condition c, const struct observation *seen,
                                int reason_before, bool copy_failed)
{
    switch (c) {
    case CONDITION_ABSENT:
        return GUEST_END_ABSENT;
    case CONDITION_RUNNING:
    case CONDITION_SELF_RECOVERING:
        return migration_asks_copy(seen, reason_before) && !copy_failed ? GUEST_END_RESUMED
                                                                        : GUEST_END_RUNS;
    case CONDITION_BUSY:
        break;
    case CONDITION_PAUSED:
    case CONDITION_IO_ERROR:
    case CONDITION_HUNG:
    case CONDITION_CRASHED:
    case CONDITION_SLEEPING:
    case CONDITION_STOPPING:
    case CONDITION_FROZEN:
    case CONDITION_THAWED:
        return GUEST_END_BROKEN;
    case CONDITION_UNKNOWN:
    case CONDITION_SILENT:
    case CONDITION_LAST:
        return GUEST_END_UNKNOWN;
    }
    if (seen->state == VIR_DOMAIN_PAUSED && (seen->reason == VIR_DOMAIN_PAUSED_MIGRATION ||
                                             seen->reason == VIR_DOMAIN_PAUSED_UNKNOWN)) {
        return GUEST_END_STANDS;
    }
    return seen->state == VIR_DOMAIN_PAUSED && (seen->reason == VIR_DOMAIN_PAUSED_POSTCOPY ||
                                                seen->reason == VIR_DOMAIN_PAUSED_POSTCOPY_FAILED)
               ? GUEST_END_SPLIT
               : GUEST_END_UNKNOWN;
}

enum condition migration_health(enum runstate r)
{
    enum condition c = runstate_row_of(r)->condition;

    return c == CONDITION_CRASHED || c == CONDITION_HUNG || c == CONDITION_IO_ERROR
               ? c
               : CONDITION_BUSY;
}

static enum guest_end paused_target(int reason)
{
    return reason == VIR_DOMAIN_PAUSED_MIGRATION || reason == VIR_DOMAIN_PAUSED_STARTING_UP
               ? GUEST_END_STANDS
               : GUEST_END_BROKEN;
}

/* Only what libvirt says of a guest that comes in is known never to have run there. */
enum guest_end migration_target(enum libvirt_answer answer, int state, int reason)
{
    if (answer == LIBVIRT_NOT_FOUND) {
        return GUEST_END_ABSENT;
    }
    if (answer != LIBVIRT_KNOWS || state == VIR_DOMAIN_NOSTATE) {
        return GUEST_END_UNKNOWN;
    }
    if (state == VIR_DOMAIN_SHUTOFF) {
        return GUEST_END_ABSENT;
    }
    if (state == VIR_DOMAIN_PAUSED) {
        return paused_target(reason);
    }
    return state == VIR_DOMAIN_CRASHED ? GUEST_END_BROKEN : GUEST_END_RUNS;
}

static bool fits(const struct row *r, enum guest_end source, enum guest_end target,
                 enum target_past past)
{
    return r->source == (int) source && r->target == (int) target &&
           (r->past == ANY_PAST || r->past == (int) past ||
            (r->past == SEEN_PAST && past != TARGET_UNSEEN));
}

enum migration_deed migration_deed_of(enum guest_end source, enum guest_end target,
                                      enum target_past past, bool patient)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (fits(&rows[i], source, target, past)) {
            return patient ? rows[i].patient : rows[i].impatient;
        }
    }
    return patient ? MIGRATION_WAIT : MIGRATION_DOUBT;
}

static const char *const end_words[GUEST_END_LAST] = {
    [GUEST_END_UNKNOWN] = "unknown", [GUEST_END_ABSENT] = "absent", [GUEST_END_RUNS] = "runs",
    [GUEST_END_RESUMED] = "resumed",
    [GUEST_END_STANDS] = "stands", [GUEST_END_SPLIT] = "post-copy", [GUEST_END_BROKEN] = "broken",
};

static const char *const deed_words[MIGRATION_DEED_LAST] = {
    [MIGRATION_DOUBT] = "nothing", [MIGRATION_WAIT] = "wait", [MIGRATION_MOVED] = "moved",
    [MIGRATION_STAYED] = "stayed", [MIGRATION_LOST] = "lost",
    [MIGRATION_END_SOURCE] = "end source", [MIGRATION_END_TARGET] = "end target",
    [MIGRATION_RESUME_SOURCE] = "resume source",
};

const char *guest_end_name(enum guest_end e)
{
    return end_words[(unsigned) e < GUEST_END_LAST ? e : GUEST_END_UNKNOWN];
}

const char *migration_deed_name(enum migration_deed d)
{
    return deed_words[(unsigned) d < MIGRATION_DEED_LAST ? d : MIGRATION_DOUBT];
}

void migration_tell(struct table_sink *sink)
{
    static const struct table_column columns[] = {
        {"source", "SOURCE", 10, false}, {"target", "TARGET", 8, false},
        {"target-ran", "IT RAN THERE", 12, false}, {"first", "FIRST", 11, false},
        {"then", "IF IT STAYS SO", 14, false}, {"why", "WHY", 0, false},
    };
    static const struct table table =
        TABLE("migration-ends", "Where a migration has left a guest", columns);
    static const char *const pasts[TARGET_PAST_LAST] = {
        [TARGET_UNSEEN] = "unknown", [TARGET_NEVER_RAN] = "no", [TARGET_RAN] = "yes",
    };

    sink->begin(sink, &table);
    for (const struct row *r = rows; r < rows + ROW_COUNT; r++) {
        sink->row(sink, &table, (const char *const[]) {
            guest_end_name((enum guest_end) r->source), guest_end_name((enum guest_end) r->target),
            r->past == ANY_PAST ? "-" : r->past == SEEN_PAST ? "known" : pasts[r->past],
            migration_deed_name(r->patient), migration_deed_name(r->impatient), r->why});
    }
}
