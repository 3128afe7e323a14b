/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of an incident's states, causes and steps, and the table as people read it.
 */
#include "base/str.h"
#include "model/incident.h"
#include "model/incident_rows.h"

static const char *const states[INCIDENT_STATE_LAST] = {
    [INCIDENT_NONE] = "none",
    [INCIDENT_SEEN] = "seen",
    [INCIDENT_RECOVERING] = "recovering",
    [INCIDENT_RECOVERED] = "recovered",
    [INCIDENT_REPORTED] = "reported",
    [INCIDENT_FROZEN] = "frozen",
    [INCIDENT_DUMPING] = "dumping",
    [INCIDENT_KEPT] = "kept",
    [INCIDENT_RELEASED] = "released",
};

static const char *const causes[CAUSE_LAST] = {
    [CAUSE_NONE] = "none",
    [CAUSE_PANIC] = "panic",
    [CAUSE_CRASHLOAD] = "crashload",
    [CAUSE_WATCHDOG] = "watchdog",
    [CAUSE_WATCHDOG_RESET] = "watchdog-reset",
    [CAUSE_WATCHDOG_NMI] = "watchdog-nmi",
    [CAUSE_WATCHDOG_SHUTDOWN] = "watchdog-shutdown",
    [CAUSE_IO_ERROR] = "io-error",
    [CAUSE_INTERNAL] = "internal",
    [CAUSE_SILENT] = "agent-silent",
    [CAUSE_SILENT_NMI] = "agent-silent-nmi",
};

static const char *const steps[STEP_LAST] = {
    [STEP_BROKE] = "broke",
    [STEP_MAY_RECOVER] = "may recover",
    [STEP_RECOVERED] = "recovered",
    [STEP_GRACE_OVER] = "grace over",
    [STEP_REPORTED] = "reported",
    [STEP_FROZEN] = "frozen",
    [STEP_DUMP_BEGUN] = "dump begun",
    [STEP_DUMP_ENDED] = "dump ended",
    [STEP_ENDED] = "process gone",
};

static const char *const deeds[] = {
    [DEED_NOTHING] = "-",
    [DEED_WAIT] = "its grace runs; monitors are told: degraded",
    [DEED_REPORT] = "the waiting monitor is told: failed, or as the policy says",
    [DEED_CLEAR] = "monitors are told: running",
    [DEED_ANNOUNCE] = "people are told",
};

const char *incident_state_name(enum incident_state s)
{
    return states[(unsigned) s < INCIDENT_STATE_LAST ? s : INCIDENT_NONE];
}

const char *incident_cause_name(enum incident_cause c)
{
    return causes[(unsigned) c < CAUSE_LAST ? c : CAUSE_NONE];
}

const char *incident_step_name(enum incident_step s)
{
    return (unsigned) s < STEP_LAST ? steps[s] : "unknown";
}

/* What changes nothing is in the table, not in the picture. */
static void print_arrows(FILE *out, enum incident_state from)
{
    size_t count;
    const struct incident_row *row = incident_rows(&count);
    const char *head = incident_state_name(from);

    for (size_t i = 0; i < count; i++) {
        if (row[i].from == from && row[i].to != from) {
            fprintf(out, "%-12s --( %-12s )--> %s\n", head, incident_step_name(row[i].step),
                    incident_state_name(row[i].to));
            head = "";
        }
    }
}

void incident_tell(struct table_sink *sink)
{
    static const struct table_column columns[] = {
        {"from", "FROM", 12, false}, {"step", "STEP", 13, false}, {"to", "TO", 12, false},
        {"watch", "THE WATCH", 0, false},
    };
    static const struct table table = TABLE("incident-steps", NULL, columns);
    size_t count;
    const struct incident_row *row = incident_rows(&count);

    sink->begin(sink, &table);
    for (size_t i = 0; i < count; i++) {
        sink->row(sink, &table, (const char *const[]) {
            incident_state_name(row[i].from), incident_step_name(row[i].step),
            incident_state_name(row[i].to), deeds[row[i].deed]});
    }
}

void incident_print(FILE *out)
{
    fputs("An incident, from its first sign to its release\n", out);
    for (int s = 0; s < INCIDENT_STATE_LAST; s++) {
        print_arrows(out, (enum incident_state) s);
    }
    fputc('\n', out);
    table_print(out, incident_tell);
}
