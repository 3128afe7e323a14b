/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a condition means for Pacemaker, as rows: a condition, the policy under
 * which the row holds, the codes for a recurring monitor and for a probe, and the
 * words. A second list says what a stop does. "Not running" stands in two rows only.
 */
#include <crm/common/results.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/outcome.h"

enum knob { KNOB_NONE = 0, KNOB_ON_PAUSE, KNOB_ON_IO_ERROR, KNOB_ON_WATCHDOG, KNOB_ON_PMSUSPEND };
enum { GRACE_ANY = -1, GRACE_LEFT = 0, GRACE_OVER = 1 };

struct row {
    enum condition condition;
    enum knob knob;
    int value;          /* of the knob */
    int grace;
    const char *policy; /* knob, value and grace in words */
    int monitor;
    int probe;
    const char *text;
};

#define ROW_IF(CONDITION, KNOB, VALUE, GRACE, POLICY, MONITOR, PROBE, TEXT)                \
    {                                                                                      \
        .condition = CONDITION_##CONDITION, .knob = KNOB_##KNOB, .value = (VALUE),         \
        .grace = GRACE_##GRACE, .policy = (POLICY), .monitor = PCMK_OCF_##MONITOR,         \
        .probe = PCMK_OCF_##PROBE, .text = (TEXT)                                          \
    }
#define ROW(CONDITION, MONITOR, PROBE, TEXT) \
    ROW_IF(CONDITION, NONE, 0, ANY, "-", MONITOR, PROBE, TEXT)

/* The first row is also what no row fits: doubt. */
static const struct row rows[] = {
    ROW(UNKNOWN, UNKNOWN_ERROR, UNKNOWN_ERROR, "it cannot be proven whether the guest runs"),
    ROW(RUNNING, OK, OK, "the guest runs"),
    ROW(BUSY, OK, OK, "libvirt is at work on the guest (migration, save, dump or snapshot)"),
    ROW_IF(PAUSED, ON_PAUSE, ON_PAUSE_DEGRADED, ANY, "on_pause=degraded",
           DEGRADED, OK, "somebody paused the guest"),
    ROW_IF(PAUSED, ON_PAUSE, ON_PAUSE_OK, ANY, "on_pause=ok",
           OK, OK, "somebody paused the guest"),
    ROW_IF(PAUSED, ON_PAUSE, ON_PAUSE_FAIL, ANY, "on_pause=fail",
           UNKNOWN_ERROR, OK, "somebody paused the guest"),
    ROW_IF(IO_ERROR, ON_IO_ERROR, ON_IO_ERROR_RETRY, LEFT,
           "on_io_error=retry, within io_error_grace",
           DEGRADED, OK, "QEMU stopped the guest at a disk error; its storage may come back"),
    ROW_IF(IO_ERROR, ON_IO_ERROR, ON_IO_ERROR_RETRY, OVER,
           "on_io_error=retry, io_error_grace over", UNKNOWN_ERROR, OK,
           "QEMU stopped the guest at a disk error, and its storage did not come back in time"),
    ROW_IF(IO_ERROR, ON_IO_ERROR, ON_IO_ERROR_FREEZE, ANY, "on_io_error=freeze",
           UNKNOWN_ERROR, OK, "QEMU stopped the guest at a disk error"),
    ROW_IF(IO_ERROR, ON_IO_ERROR, ON_IO_ERROR_DEGRADED, ANY, "on_io_error=degraded",
           DEGRADED, OK, "QEMU stopped the guest at a disk error"),
    ROW_IF(HUNG, ON_WATCHDOG, ON_WATCHDOG_FREEZE, ANY, "on_watchdog=freeze",
           UNKNOWN_ERROR, UNKNOWN_ERROR, "the guest hangs"),
    ROW_IF(HUNG, ON_WATCHDOG, ON_WATCHDOG_DEGRADED, ANY, "on_watchdog=degraded",
           DEGRADED, OK, "the guest hangs"),
    ROW_IF(HUNG, ON_WATCHDOG, ON_WATCHDOG_IGNORE, ANY, "on_watchdog=ignore",
           OK, OK, "the guest hangs, which on_watchdog ignores"),
    ROW(CRASHED, UNKNOWN_ERROR, UNKNOWN_ERROR, "the guest crashed"),
    ROW(SELF_RECOVERING, DEGRADED, OK,
        "the guest is given time to help itself"),
    ROW_IF(SLEEPING, ON_PMSUSPEND, ON_PMSUSPEND_OK, ANY, "on_pmsuspend=ok",
           OK, OK, "the guest sleeps (S3)"),
    ROW_IF(SLEEPING, ON_PMSUSPEND, ON_PMSUSPEND_WAKEUP, ANY, "on_pmsuspend=wakeup",
           DEGRADED, OK, "the guest sleeps (S3) and is woken"),
    ROW_IF(SLEEPING, ON_PMSUSPEND, ON_PMSUSPEND_FAIL, ANY, "on_pmsuspend=fail",
           UNKNOWN_ERROR, OK, "the guest sleeps (S3)"),
    ROW(STOPPING, UNKNOWN_ERROR, OK, "the guest is shutting down or has powered off"),
    ROW(FROZEN, NOT_RUNNING, NOT_RUNNING,
        "the guest is frozen: proven to touch no disk and no network, memory kept"),
    ROW(THAWED, UNKNOWN_ERROR, UNKNOWN_ERROR,
        "the guest was frozen, but that cannot be proven any more"),
    ROW(ABSENT, NOT_RUNNING, NOT_RUNNING, "the guest does not run here"),
    ROW(SILENT, DEGRADED, OK,
        "the guest's QEMU process lives, but libvirt does not tell what it does"),
};

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]) };

static const enum stop_plan plans[CONDITION_LAST] = {
    [CONDITION_UNKNOWN] = STOP_KILL,
    [CONDITION_RUNNING] = STOP_SEQUENCE,
    [CONDITION_BUSY] = STOP_SETTLE,
    [CONDITION_PAUSED] = STOP_RESUME,
    [CONDITION_IO_ERROR] = STOP_FREEZE,
    [CONDITION_HUNG] = STOP_FREEZE,
    [CONDITION_CRASHED] = STOP_FREEZE,
    [CONDITION_SELF_RECOVERING] = STOP_SEQUENCE,
    [CONDITION_SLEEPING] = STOP_WAKE,
    [CONDITION_STOPPING] = STOP_WAIT,
    [CONDITION_FROZEN] = STOP_NOTHING,
    [CONDITION_THAWED] = STOP_FREEZE,
    [CONDITION_ABSENT] = STOP_NOTHING,
    [CONDITION_SILENT] = STOP_KILL,
};

static int knob_value(enum knob knob, const struct params *policy)
{
    switch (knob) {
    case KNOB_NONE: return 0;
    case KNOB_ON_PAUSE: return (int) policy->on_pause;
    case KNOB_ON_IO_ERROR: return (int) policy->on_io_error;
    case KNOB_ON_WATCHDOG: return (int) policy->on_watchdog;
    case KNOB_ON_PMSUSPEND: return (int) policy->on_pmsuspend;
    }
    return 0;
}

static const struct row *row_of(enum condition c, const struct params *policy, int grace_over)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const struct row *r = &rows[i];

        if (r->condition == c && r->value == knob_value(r->knob, policy) &&
            (r->grace == GRACE_ANY || r->grace == (grace_over ? GRACE_OVER : GRACE_LEFT))) {
            return r;
        }
    }
    return &rows[0];
}

struct outcome outcome_of(enum condition c, enum question q, const struct params *policy,
                          int grace_over)
{
    const struct row *r = row_of(c, policy, grace_over);

    return (struct outcome) {
        .ocf = q == QUESTION_PROBE ? r->probe : r->monitor,
        .text = r->text,
    };
}

enum stop_plan stop_plan_of(enum condition c, const struct params *policy)
{
    enum stop_plan plan = (unsigned) c < CONDITION_LAST ? plans[c] : STOP_KILL;

    if (plan == STOP_FREEZE && policy->crash_policy == CRASH_DESTROY) {
        return STOP_KILL;
    }
    /* force_stop: the guest is not asked, so it need not be able to hear either */
    if (policy->force_stop &&
        (plan == STOP_SEQUENCE || plan == STOP_RESUME || plan == STOP_WAKE)) {
        return STOP_KILL;
    }
    return plan;
}

static const struct {
    const char *name;
    const char *text;
} plan_words[STOP_PLAN_LAST] = {
    [STOP_KILL] = { "kill", "end its process by pidfd and prove its death" },
    [STOP_SEQUENCE] = { "sequence", "the words of stop_sequence" },
    [STOP_SETTLE] = { "settle", "wait for libvirt's job or cancel it, then stop_sequence, or kill "
                      "a guest that stands" },
    [STOP_RESUME] = { "resume", "let it run so that it hears a shutdown, then stop_sequence" },
    [STOP_WAKE] = { "wake", "wake it, then stop_sequence" },
    [STOP_WAIT] = { "wait", "wait for its end, then destroy" },
    [STOP_FREEZE] = { "freeze", "cut it off, keep its memory, prove it; else kill" },
    [STOP_NOTHING] = { "nothing", "it is stopped, proven just now" },
};

const char *stop_plan_name(enum stop_plan plan)
{
    return plan_words[(unsigned) plan < STOP_PLAN_LAST ? plan : STOP_KILL].name;
}

static void tell_answers(struct table_sink *sink)
{
    static const struct table_column columns[] = {
        {"condition", "CONDITION", 16, false}, {"policy", "POLICY", 41, false},
        {"monitor", "MONITOR", 8, true}, {"probe", "PROBE", 6, true},
        {"reason", "REASON", 0, false},
    };
    static const struct table table =
        TABLE("answers", "What a monitor and a probe answer", columns);

    sink->begin(sink, &table);
    for (const struct row *r = rows; r < rows + ROW_COUNT; r++) {
        _cleanup_free_ char *monitor = str_printf("%d", r->monitor);
        _cleanup_free_ char *probe = str_printf("%d", r->probe);

        sink->row(sink, &table, (const char *const[]) {
            condition_name(r->condition), r->policy, monitor, probe, r->text});
    }
}

static void tell_stops(struct table_sink *sink, const struct params *plain)
{
    static const struct table_column columns[] = {
        {"condition", "CONDITION", 16, false}, {"stop", "STOP", 9, false},
        {"forced", "force_stop=1", 13, false}, {"destroyed", "crash_policy=destroy", 0, false},
    };
    static const struct table table = TABLE("stops", "What a stop does first", columns);
    struct params forced = *plain;
    struct params destroy = *plain;

    forced.force_stop = true;
    destroy.crash_policy = CRASH_DESTROY;
    sink->begin(sink, &table);
    for (int i = 0; i < CONDITION_LAST; i++) {
        enum condition c = (enum condition) i;

        sink->row(sink, &table, (const char *const[]) {
            condition_name(c), stop_plan_name(stop_plan_of(c, plain)),
            stop_plan_name(stop_plan_of(c, &forced)), stop_plan_name(stop_plan_of(c, &destroy))});
    }
}

static void tell_plans(struct table_sink *sink)
{
    static const struct table_column columns[] = {
        {"stop", "STOP", 9, false}, {"meaning", "MEANING", 0, false},
    };
    static const struct table table = TABLE("stop-plans", NULL, columns);

    sink->begin(sink, &table);
    for (int i = 0; i < STOP_PLAN_LAST; i++) {
        sink->row(sink, &table, (const char *const[]) {plan_words[i].name, plan_words[i].text});
    }
}

void outcome_tell(struct table_sink *sink)
{
    struct params defaults;

    params_defaults(&defaults);
    tell_answers(sink);
    tell_stops(sink, &defaults);
    tell_plans(sink);
    params_free(&defaults);
}
