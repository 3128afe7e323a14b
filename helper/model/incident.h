/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An incident from its first sign to its release, as a flat table of legal steps
 * {from, step, to, what the watch does}. Pure: who calls brings the time. What is kept of an
 * incident is record.h's struct; how it bears on a guest's condition is incident_view's.
 */
#ifndef GVM_MODEL_INCIDENT_H
#define GVM_MODEL_INCIDENT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "model/params.h"
#include "model/verdict.h"

struct incident;

/* Records keep the words of these: a word, once used, stays. */
enum incident_state {
    INCIDENT_NONE = 0,
    INCIDENT_SEEN,       /* it needs help, and nobody has been told yet */
    INCIDENT_RECOVERING, /* it may help itself, or its storage may come back: a grace runs */
    INCIDENT_RECOVERED,  /* it did; kept as a note until the next incident */
    INCIDENT_REPORTED,   /* a monitor has told Pacemaker: failed, or degraded and no grace runs */
    INCIDENT_FROZEN,
    INCIDENT_DUMPING,
    INCIDENT_KEPT,       /* frozen, and its dump is done */
    INCIDENT_RELEASED,   /* its process is gone */
    INCIDENT_STATE_LAST
};

/* Why; decides which grace applies and what a guest is that libvirt calls running. */
enum incident_cause {
    CAUSE_NONE = 0,
    CAUSE_PANIC,         /* the panic device; with panic_grace QEMU lets it run on */
    CAUSE_CRASHLOAD,     /* the guest said that it dumps itself (pvpanic bit 1): kdump_grace */
    CAUSE_WATCHDOG,      /* fired with the action pause, none or dump: it hangs */
    CAUSE_WATCHDOG_RESET, /* fired, and it was reset: it may come back by itself */
    CAUSE_WATCHDOG_NMI,  /* fired, and an NMI was injected: it may yet panic or reboot */
    CAUSE_WATCHDOG_SHUTDOWN, /* fired, and the power button was pressed for it */
    CAUSE_IO_ERROR,      /* QEMU stopped it at a disk error: io_error_grace */
    CAUSE_INTERNAL,      /* QEMU or KVM gave up, or nobody explains its stop */
    CAUSE_SILENT,        /* its agent is silent, and nothing of it moves: it hangs */
    CAUSE_SILENT_NMI,    /* the same, and an NMI was injected: it may yet panic or go on */
    CAUSE_LAST
};

enum incident_step {
    STEP_BROKE = 0,      /* a crash, a hang: it needs help */
    STEP_MAY_RECOVER,    /* the same, but a grace is owed */
    STEP_RECOVERED,      /* rebooted, runs again and stays so */
    STEP_GRACE_OVER,
    STEP_REPORTED,
    STEP_FROZEN,
    STEP_DUMP_BEGUN,
    STEP_DUMP_ENDED,
    STEP_ENDED,          /* its process is gone, whoever ended it */
    STEP_LAST
};

/* What the watch does on a step, beside noting it. */
enum incident_deed {
    DEED_NOTHING = 0,
    DEED_WAIT,     /* start the grace's clock; monitors are told "degraded" */
    DEED_REPORT,   /* answer the waiting monitor now */
    DEED_CLEAR,    /* monitors are told that all is well */
    DEED_ANNOUNCE  /* only people are told */
};

/* Seconds for which what a watchdog did to a hanging guest (a reset, an NMI; a shutdown) may take
 * to show. */
enum { WATCHDOG_GRACE_S = 10, WATCHDOG_SHUTDOWN_GRACE_S = 30 };
/* A guest that was resumed after an I/O error counts as recovered after running so long: one
 * that fails again before has never recovered, and its grace runs on. */
enum { IO_SETTLE_S = 10 };

/*
 * Takes the step: sets i->state, adds a moment {the new state's word, wall_ms, mono_us} to the
 * incident. Returns the deed (>= 0), or -EPROTO where the table has no such row: `why` names
 * both, and nothing has changed. A step that leads where the incident is already (told twice) is
 * DEED_NOTHING and no moment.
 */
int incident_step(struct incident *i, enum incident_step step, int64_t wall_ms, int64_t mono_us,
                  struct err *why);

/* True while the incident concerns the guest that runs: not none, recovered or released. */
bool incident_is_open(const struct incident *i);
/*
 * True where a guest that is seen to run has outlived its incident: QEMU had stopped its vCPUs,
 * so a person, a reset or storage that came back let it run. A panic that QEMU lets run on and a
 * watchdog that stops nothing leave a guest running, and that proves nothing.
 */
bool incident_ends_by_running(const struct incident *i);
/* True where it is open and only a look at the guest's pulse can end it. */
bool incident_is_silence(const struct incident *i);

/* Microseconds of grace that the policy gives this cause; 0: none. */
int64_t incident_grace_us(enum incident_cause cause, const struct params *policy);
/* What is left of it at mono_us, 0 when it is over. Counted from i->seen_mono_us. */
int64_t incident_grace_left_us(const struct incident *i, const struct params *policy,
                               int64_t mono_us);

/* How the incident bears on a guest that is called running, for the verdict. */
enum incident_view incident_view_of(const struct incident *i, const struct params *policy,
                                    int64_t mono_us);

const char *incident_step_name(enum incident_step s);
const char *incident_state_name(enum incident_state s);
const char *incident_cause_name(enum incident_cause c);

/* The table as rows, for `guardedvm policy`; as a diagram, too, for people and the manual. */
void incident_tell(struct table_sink *sink);
void incident_print(FILE *out);

#endif
