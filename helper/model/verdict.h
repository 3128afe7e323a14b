/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * First of the two tables: what libvirt, QEMU, the kernel and our record say
 * -> the condition that the guest is in. Pure: numbers in, a word out. What a
 * condition means for Pacemaker is outcome.h's business.
 */
#ifndef GVM_MODEL_VERDICT_H
#define GVM_MODEL_VERDICT_H

#include <stdbool.h>

#include "model/table.h"

/* 0 is "we do not know", the safest verdict. */
enum condition {
    CONDITION_UNKNOWN = 0, /* not even whether its QEMU process lives, or the witnesses differ */
    CONDITION_RUNNING,
    CONDITION_BUSY,
    CONDITION_PAUSED,
    CONDITION_IO_ERROR,
    CONDITION_HUNG,
    CONDITION_CRASHED,
    CONDITION_SELF_RECOVERING,
    CONDITION_SLEEPING,
    CONDITION_STOPPING,
    CONDITION_FROZEN,
    CONDITION_THAWED,
    CONDITION_ABSENT,
    CONDITION_SILENT, /* QEMU's process lives, but libvirt is silent or has lost the guest */
    CONDITION_LAST
};

enum libvirt_answer {
    LIBVIRT_SILENT = 0, /* dead, hung, or an error that proves nothing */
    LIBVIRT_KNOWS,      /* state and reason are valid */
    LIBVIRT_NOT_FOUND   /* answered, and has no such domain */
};

/* QMP RunState (qapi/run-state.json, QEMU 7.2 .. 10); 0: not asked or not known here. */
enum runstate {
    RUNSTATE_UNKNOWN = 0,
    RUNSTATE_DEBUG, RUNSTATE_INMIGRATE, RUNSTATE_INTERNAL_ERROR, RUNSTATE_IO_ERROR,
    RUNSTATE_PAUSED, RUNSTATE_POSTMIGRATE, RUNSTATE_PRELAUNCH, RUNSTATE_FINISH_MIGRATE,
    RUNSTATE_RESTORE_VM, RUNSTATE_RUNNING, RUNSTATE_SAVE_VM, RUNSTATE_SHUTDOWN,
    RUNSTATE_SUSPENDED, RUNSTATE_WATCHDOG, RUNSTATE_GUEST_PANICKED, RUNSTATE_COLO,
    RUNSTATE_LAST
};

enum process_state {
    PROCESS_UNPROVABLE = 0, /* /proc did not tell, or nobody knows which process it is */
    PROCESS_ALIVE,
    PROCESS_DEAD            /* proven: not that PID and start time, no other by UUID or name */
};

enum record_state {
    RECORD_NONE = 0,
    RECORD_KNOWN,       /* an identity, not frozen */
    RECORD_FROZEN_HOLDS, /* says frozen and the verification held in this very call */
    RECORD_FROZEN_BROKEN /* says frozen and the verification failed or could not be made */
};

/* How the record's incident bears on a guest that libvirt and QEMU call running. */
enum incident_view {
    VIEW_NONE = 0,    /* it does not */
    VIEW_RECOVERING,  /* its grace runs */
    VIEW_HUNG,        /* a watchdog fired or it stands still, and it did not help itself */
    VIEW_CRASHED      /* it announced a crash, and did not come back in time */
};

/*
 * Look at the process after libvirt has answered: then "libvirt says that it lives, the
 * process is proven dead" is either libvirt being a moment late (look again shortly) or a
 * guest that somebody is just starting. It is never taken for absent.
 */
struct observation {
    enum libvirt_answer libvirt;
    int state;  /* virDomainState */
    int reason; /* vir*Reason of that state */
    enum runstate runstate;
    enum process_state process;
    enum record_state record;
    enum incident_view incident;
};

/* True where (state, reason) alone does not settle it and query-status must be asked. */
bool verdict_needs_runstate(int state, int reason);

enum condition verdict_of(const struct observation *seen);

/* Libvirt answered that the guest has a process; that it has none. Neither: it did not say. */
bool verdict_libvirt_active(const struct observation *seen);
bool verdict_libvirt_off(const struct observation *seen);
/* Its vCPUs are known to stand, and not because a person paused it. */
bool verdict_halted(const struct observation *seen);
/* libvirt says that its vCPUs stand: it can hear nothing. */
bool verdict_stands(const struct observation *seen);
/* They stand because the guest was sent away: it may run on another node. */
bool verdict_sent_away(const struct observation *seen);
/* Libvirt holds it for crashed: its panic device fired. */
bool verdict_libvirt_crashed(const struct observation *seen);
/* The same of bare states, for who has no more than those. */
bool state_runs(int state);
bool state_crashed(int state);
bool state_ends(int state);                      /* powering off, or off */
bool state_lacks_storage(int state, int reason); /* stands on an I/O error */
/* What libvirt sets when the panic device fires. */
void state_set_panicked(int *ret_state, int *ret_reason);
/* A pause that a person or a killed start left behind. A stop that QEMU made by itself has a
 * cause, and running on could make it worse. */
bool verdict_may_resume(const struct observation *seen);

/* Libvirt holds it as it came in, by a restore or a migration: no vCPU has run since. The same is
 * said of one that goes out by a migration. */
bool verdict_came_in(const struct observation *seen);

const char *condition_name(enum condition c);             /* "io-error", never NULL */
enum condition condition_from_name(const char *name);      /* CONDITION_UNKNOWN if none */
const char *runstate_name(enum runstate r);                /* QMP's own word */
enum runstate runstate_from_name(const char *qmp_word);
const char *domain_state_name(int state);                  /* virsh domstate's word */
const char *domain_reason_name(int state, int reason);     /* virsh domstate --reason's word */

/* The tables, for `guardedvm policy` and the manual. */
void verdict_tell(struct table_sink *sink);

#endif
