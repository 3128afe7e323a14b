/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verdict: one condition out of what libvirt, QEMU, the kernel and our record
 * say, by an ordered list of rules. Invariants 1 and 2 live here: "absent" needs a
 * proven death, "frozen" a verification made now, and witnesses that differ are doubt.
 */
#include <libvirt/libvirt.h>

#include "base/str.h"
#include "model/states.h"
#include "model/verdict.h"

/* What libvirt's answer comes down to when it is held against the process and the record. */
enum claim {
    CLAIM_SILENT = 0, /* no answer, or one that proves nothing */
    CLAIM_LIVES,      /* an active domain */
    CLAIM_RUNS,       /* an active domain whose vCPUs run, or would on a key press */
    CLAIM_GONE,       /* not found, or shut off */
    CLAIM_LAST,
    CLAIM_ANY
};
enum { PROCESS_ANY = -1, RECORD_ANY = -1 };

struct rule {
    int process;
    enum claim claim;
    int record;
    bool by_state;            /* the two state tables decide */
    enum condition condition; /* unless by_state */
    const char *why;
};

/* First match wins; none: unknown. */
static const struct rule rules[] = {
    { .process = PROCESS_DEAD, .claim = CLAIM_LIVES, .record = RECORD_ANY,
      .condition = CONDITION_UNKNOWN, .why = "the witnesses differ: look again" },
    { .process = PROCESS_DEAD, .claim = CLAIM_RUNS, .record = RECORD_ANY,
      .condition = CONDITION_UNKNOWN, .why = "the witnesses differ: look again" },
    { .process = PROCESS_DEAD, .claim = CLAIM_ANY, .record = RECORD_ANY,
      .condition = CONDITION_ABSENT, .why = "no process, nothing can write" },
    { .process = PROCESS_ANY, .claim = CLAIM_ANY, .record = RECORD_FROZEN_BROKEN,
      .condition = CONDITION_THAWED, .why = "frozen, but not proven now" },
    { .process = PROCESS_ANY, .claim = CLAIM_RUNS, .record = RECORD_FROZEN_HOLDS,
      .condition = CONDITION_THAWED, .why = "somebody let it run again" },
    { .process = PROCESS_ANY, .claim = CLAIM_ANY, .record = RECORD_FROZEN_HOLDS,
      .condition = CONDITION_FROZEN, .why = "cut off, and proven now" },
    { .process = PROCESS_ALIVE, .claim = CLAIM_SILENT, .record = RECORD_ANY,
      .condition = CONDITION_SILENT, .why = "its process lives, more is not known" },
    { .process = PROCESS_ALIVE, .claim = CLAIM_GONE, .record = RECORD_ANY,
      .condition = CONDITION_SILENT, .why = "libvirt has lost it, its process lives" },
    { .process = PROCESS_UNPROVABLE, .claim = CLAIM_SILENT, .record = RECORD_ANY,
      .condition = CONDITION_UNKNOWN, .why = "nobody knows" },
    { .process = PROCESS_UNPROVABLE, .claim = CLAIM_GONE, .record = RECORD_ANY,
      .condition = CONDITION_UNKNOWN, .why = "libvirt's word alone proves no death" },
    { .process = PROCESS_ANY, .claim = CLAIM_LIVES, .record = RECORD_ANY,
      .by_state = true, .why = "by state, reason and run state" },
    { .process = PROCESS_ANY, .claim = CLAIM_RUNS, .record = RECORD_ANY,
      .by_state = true, .why = "by state, reason and run state" },
};

enum { RULE_COUNT = sizeof(rules) / sizeof(rules[0]) };

bool verdict_needs_runstate(int state, int reason)
{
    return state_row_of(state, reason)->use != RUNSTATE_UNASKED;
}

/* What an incident that nobody's state shows makes of a guest that runs. */
static const struct view_row {
    enum condition condition;
    const char *why;
} views[] = {
    [VIEW_NONE] = {CONDITION_RUNNING, "no incident, or one that is over"},
    [VIEW_RECOVERING] = {CONDITION_SELF_RECOVERING, "it may help itself: its grace runs"},
    [VIEW_HUNG] = {CONDITION_HUNG, "its watchdog fired or it stands still, and nothing came of it"},
    [VIEW_CRASHED] = {CONDITION_CRASHED, "it panicked, and did not come back in time"},
};

static enum condition by_words(const struct observation *seen)
{
    const struct state_row *row = state_row_of(seen->state, seen->reason);
    const struct runstate_row *run = runstate_row_of(seen->runstate);

    if (row->use == RUNSTATE_UNASKED || run->condition == CONDITION_UNKNOWN) {
        return row->condition;
    }
    if (row->use == RUNSTATE_CLEARS && !run->over_crash) {
        return row->condition;
    }
    return run->condition;
}

/* What is no view at all tells as little as a state that nobody knows. */
static enum condition by_view(enum incident_view view)
{
    return (size_t) view < sizeof views / sizeof views[0] ? views[view].condition
                                                          : CONDITION_UNKNOWN;
}

static enum condition by_state(const struct observation *seen)
{
    enum condition c = by_words(seen);

    return c == CONDITION_RUNNING ? by_view(seen->incident) : c;
}

static enum claim claim_of(const struct observation *seen)
{
    if (seen->libvirt == LIBVIRT_NOT_FOUND) {
        return CLAIM_GONE;
    }
    if (seen->libvirt != LIBVIRT_KNOWS) {
        return CLAIM_SILENT;
    }
    if (seen->state == VIR_DOMAIN_SHUTOFF) {
        return CLAIM_GONE;
    }
    enum condition c = by_words(seen);

    if (seen->state == VIR_DOMAIN_RUNNING || seen->runstate == RUNSTATE_RUNNING ||
        c == CONDITION_RUNNING || c == CONDITION_SLEEPING) {
        return CLAIM_RUNS;
    }
    return CLAIM_LIVES;
}

static bool matches(const struct rule *rule, const struct observation *seen, enum claim claim)
{
    return (rule->process == PROCESS_ANY || rule->process == (int) seen->process) &&
           (rule->claim == CLAIM_ANY || rule->claim == claim) &&
           (rule->record == RECORD_ANY || rule->record == (int) seen->record);
}

enum condition verdict_of(const struct observation *seen)
{
    enum claim claim = claim_of(seen);
    enum condition c = CONDITION_UNKNOWN;

    for (size_t i = 0; i < RULE_COUNT; i++) {
        if (matches(&rules[i], seen, claim)) {
            c = rules[i].by_state ? by_state(seen) : rules[i].condition;
            break;
        }
    }
    /* A known domain in no known state: as much is known as if libvirt had been silent. */
    if (c == CONDITION_UNKNOWN && seen->process == PROCESS_ALIVE) {
        c = CONDITION_SILENT;
    }
    return c;
}

bool verdict_libvirt_active(const struct observation *seen)
{
    return seen->libvirt == LIBVIRT_KNOWS && seen->state != VIR_DOMAIN_SHUTOFF &&
           seen->state != VIR_DOMAIN_NOSTATE;
}

bool verdict_libvirt_off(const struct observation *seen)
{
    return seen->libvirt == LIBVIRT_KNOWS && seen->state == VIR_DOMAIN_SHUTOFF;
}

bool verdict_halted(const struct observation *seen)
{
    enum condition c = by_words(seen);

    if (!verdict_libvirt_active(seen) || (verdict_needs_runstate(seen->state, seen->reason) &&
                                          seen->runstate == RUNSTATE_UNKNOWN)) {
        return false;
    }
    return c == CONDITION_CRASHED || c == CONDITION_HUNG || c == CONDITION_IO_ERROR;
}

bool verdict_stands(const struct observation *seen)
{
    return seen->libvirt == LIBVIRT_KNOWS && seen->state == VIR_DOMAIN_PAUSED;
}

bool verdict_sent_away(const struct observation *seen)
{
    return verdict_stands(seen) && (seen->reason == VIR_DOMAIN_PAUSED_MIGRATION ||
                                    seen->runstate == RUNSTATE_POSTMIGRATE);
}

bool verdict_libvirt_crashed(const struct observation *seen)
{
    return seen->libvirt == LIBVIRT_KNOWS && state_crashed(seen->state);
}

bool verdict_came_in(const struct observation *seen)
{
    return seen->libvirt == LIBVIRT_KNOWS && seen->state == VIR_DOMAIN_PAUSED &&
           seen->reason == VIR_DOMAIN_PAUSED_MIGRATION;
}

bool verdict_may_resume(const struct observation *seen)
{
    return seen->libvirt == LIBVIRT_KNOWS && seen->state == VIR_DOMAIN_PAUSED &&
           (seen->reason == VIR_DOMAIN_PAUSED_USER ||
            seen->reason == VIR_DOMAIN_PAUSED_STARTING_UP);
}

static const char *const claim_words[] = {
    [CLAIM_SILENT] = "silent", [CLAIM_LIVES] = "lives", [CLAIM_RUNS] = "runs",
    [CLAIM_GONE] = "gone", [CLAIM_LAST] = "", [CLAIM_ANY] = "any",
};

/* Rules also hold "any", which is none of the enum's values. */
static const char *process_word(int process)
{
    static const char *const words[] = {
        [PROCESS_UNPROVABLE] = "unprovable", [PROCESS_ALIVE] = "alive", [PROCESS_DEAD] = "dead",
    };

    return process >= 0 && process <= PROCESS_DEAD ? words[process] : "any";
}

static const char *record_word(int record)
{
    static const char *const words[] = {
        [RECORD_NONE] = "any", [RECORD_KNOWN] = "any",
        [RECORD_FROZEN_HOLDS] = "frozen, proven", [RECORD_FROZEN_BROKEN] = "frozen, unproven",
    };

    return record >= 0 && record <= RECORD_FROZEN_BROKEN ? words[record] : "any";
}

static void tell_rules(struct table_sink *sink)
{
    static const struct table_column columns[] = {
        {"process", "PROCESS", 12, false}, {"libvirt", "LIBVIRT", 9, false},
        {"record", "RECORD", 18, false}, {"condition", "CONDITION", 15, false},
        {"because", "BECAUSE", 0, false},
    };
    static const struct table table =
        TABLE("rules", "Process, libvirt and record (the first row that fits)", columns);

    sink->begin(sink, &table);
    for (const struct rule *r = rules; r < rules + RULE_COUNT; r++) {
        sink->row(sink, &table, (const char *const[]) {
            process_word(r->process), claim_words[r->claim], record_word(r->record),
            r->by_state ? "(by state)" : condition_name(r->condition), r->why});
    }
}

static void tell_views(struct table_sink *sink)
{
    static const char *const words[] = {
        [VIEW_NONE] = "none", [VIEW_RECOVERING] = "in grace", [VIEW_HUNG] = "hung",
        [VIEW_CRASHED] = "grace over",
    };
    static const struct table_column columns[] = {
        {"incident", "INCIDENT", 14, false}, {"condition", "CONDITION", 15, false},
        {"because", "BECAUSE", 0, false},
    };
    static const struct table table = TABLE("incident-views",
        "A guest that runs by all of these, and what the record knows of it", columns);

    sink->begin(sink, &table);
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        sink->row(sink, &table, (const char *const[]) {
            words[i], condition_name(views[i].condition), views[i].why});
    }
}

void verdict_tell(struct table_sink *sink)
{
    tell_rules(sink);
    states_tell(sink);
    tell_views(sink);
}
