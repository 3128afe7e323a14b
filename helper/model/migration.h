/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * On which node a guest is whose migration has ended, well or not, as a table: what its QEMU is on
 * the source, what the target's libvirt says of it -> what to do so that it is on one node only.
 * Pure. libvirt's own word on how a migration ended is not in it: it can be lost with a connection.
 */
#ifndef GVM_MODEL_MIGRATION_H
#define GVM_MODEL_MIGRATION_H

#include "model/table.h"
#include "model/verdict.h"

/* The guest at one end. */
enum guest_end {
    GUEST_END_UNKNOWN = 0, /* nobody tells */
    GUEST_END_ABSENT,
    GUEST_END_RUNS,        /* its vCPUs run */
    GUEST_END_RESUMED,     /* source: stood for the migration, and libvirt let it run on: it could
                            * not learn that the target runs it, which need not be so */
    GUEST_END_STANDS,      /* source: stopped for the migration, whole; target: it never ran */
    GUEST_END_SPLIT,       /* post-copy: its memory is on both nodes */
    GUEST_END_BROKEN,      /* crashed, hung, paused by a person, ...: not to be let run. At the
                            * target it is what came, if it ran there since, or a frozen twin */
    GUEST_END_LAST
};

/* What is known of the target since before the migration. */
enum target_past {
    TARGET_UNSEEN = 0, /* this call did not begin the migration: it may have gone to another node,
                        * or have run there and ended meanwhile */
    TARGET_NEVER_RAN,  /* it had no such guest when this call began, and was not seen to run one */
    TARGET_RAN,        /* it was seen to run there since: what it wrote is newer than the source's
                        * memory, also when it is gone */
    TARGET_PAST_LAST
};

/* What comes next. Those that do something are looked at again afterwards. */
enum migration_deed {
    MIGRATION_DOUBT = 0,     /* nothing is touched, and the answer is an error */
    MIGRATION_WAIT,          /* libvirt is still at it */
    MIGRATION_MOVED,         /* it is on the target only */
    MIGRATION_STAYED,        /* it is on the source only, as it was */
    MIGRATION_LOST,          /* it is on neither node */
    MIGRATION_END_SOURCE,    /* adopt: end the source's QEMU, with proof */
    MIGRATION_END_TARGET,    /* abort: end what the target has, which never ran */
    MIGRATION_RESUME_SOURCE, /* abort: let it run on here */
    MIGRATION_DEED_LAST
};

/*
 * The source, by a look at it, the reason of its state before the migration, and whether QEMU says
 * that its last migration failed or was cancelled: libvirt has then let it run on because the
 * target never got it whole.
 */
enum guest_end migration_source(enum condition c, const struct observation *seen,
                                int reason_before, bool copy_failed);
/* Whether migration_source has to know `copy_failed`. */
bool migration_asks_copy(const struct observation *seen, int reason_before);
/*
 * The source in mid-migration, by QEMU's run state: crashed, hung or io-error, and then its copy is
 * not to be let run; else CONDITION_BUSY. libvirt (9.0) calls whatever stands then paused for the
 * migration, lets it run there, and lets it run on here when the migration is ended.
 */
enum condition migration_health(enum runstate r);
/* The target, by its libvirt's answer (LIBVIRT_KNOWS: state and reason). */
enum guest_end migration_target(enum libvirt_answer answer, int state, int reason);

/* `patient`: there is time to see what libvirt makes of it itself. */
enum migration_deed migration_deed_of(enum guest_end source, enum guest_end target,
                                      enum target_past past, bool patient);

const char *guest_end_name(enum guest_end e);
const char *migration_deed_name(enum migration_deed d);

/* The table, for `guardedvm policy`. */
void migration_tell(struct table_sink *sink);

#endif
