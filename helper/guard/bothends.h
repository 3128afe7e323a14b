/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * After a migration, however it ended: both ends are asked until the guest is on one node only, by
 * model/migration.h's table.
 */
#ifndef GVM_GUARD_BOTHENDS_H
#define GVM_GUARD_BOTHENDS_H

#include "guard/observe.h"
#include "model/migration.h"

struct bothends {
    struct guest *guest;      /* as it is here, the source */
    const char *target_uri;   /* of the target's libvirt */
    int reason_before;        /* of its state, when the migration began */
    enum target_past past;    /* as this call has seen it; TARGET_UNSEEN: it did not begin it */
    /* What was seen last */
    struct sighting here;
    enum guest_end source;
    enum guest_end target;
    char there[256];          /* libvirt's words for it */
};

/*
 * MOVED, STAYED, LOST, or DOUBT where `until` comes first or a deed fails (`why` says which). Ends
 * and resumes nothing but what the table says. Called again after a kill it finds what there is,
 * and touches no more than what is sure without knowing how that came.
 */
enum migration_deed bothends_settle(struct bothends *b, struct deadline until, struct err *why);

#endif
