/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's memory saved to a file at its stop, and restored from it at its next start, once.
 * What must hold, whoever is killed at whatever point: no guest is let run by this program while a
 * file is there from which a start would restore it.
 *
 * The guest is paused by us before libvirt saves it, so that libvirt never lets it run again by
 * itself (it would after its own restart), with a complete file beside it. Whoever lets it run
 * again takes the file away first (saved_void). So a complete file of a dead guest is its latest
 * memory, also where nobody had the time to give it its name (saved_settle). What others did with
 * the guest meanwhile shows in its disks' times: the file has the time of the newest of them.
 */
#ifndef GVM_GUARD_SAVED_H
#define GVM_GUARD_SAVED_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/err.h"
#include "model/params.h"
#include "model/record.h"
#include "sys/virt.h"

/* Of which guest, and where its memory is kept. */
struct saved {
    const struct record *record;
    const char *folder;
    bool bypass_cache;
};

/*
 * Saves a guest that runs; tells of its progress in the log. 0: libvirt says that it is done, and
 * QEMU ended. Else the guest may be paused, and the save may go on: saved_void, or, where its
 * process has ended, saved_settle.
 */
int saved_save(const struct saved *s, struct deadline until, struct err *why);

/* What saved_settle and saved_void found. Plain data. */
enum saved_found {
    SAVED_NOTHING = 0,
    SAVED_KEPT,  /* its memory has the name that a start restores */
    SAVED_STALE, /* it was older than the guest's disks: set aside */
    SAVED_SPENT, /* the guest was restored from it: a start does not see it any more */
    SAVED_LOST   /* the save was interrupted: what there was of it is removed */
};

/* What is known of a save that is found when the guest's process here is proven dead. */
enum saved_by {
    SAVED_BY_ANYBODY = 0, /* the guest may live on another node, which may just be saving it */
    SAVED_BY_NOBODY_ELSE, /* it ended here in this very action, or is to start: nobody is at it */
    SAVED_BY_US           /* in this very action: nobody can have let it run since, whatever clocks
                           * say */
};

/*
 * The guest's process is proven dead: a save that was complete gets its name. One that is not is
 * removed, one that is too old set aside, but neither where somebody may be at it.
 */
int saved_settle(const struct saved *s, enum saved_by by, struct deadline until,
                 enum saved_found *ret, struct err *why);

/*
 * The guest runs, or is about to be let run: a save that goes on is cancelled, and no memory of it
 * stays under a name that a start would restore. Where it was restored and has not run yet that is
 * SAVED_SPENT, else SAVED_STALE. -ESRCH: its process has ended. -EBUSY: its memory is saved, and
 * its QEMU, which does not run any more, has not ended yet: nothing is taken away.
 */
int saved_void(const struct saved *s, struct deadline until, enum saved_found *ret,
               struct err *why);

/*
 * Inside a stage, of a guest that exists nowhere: restores it, paused, if memory of it is there
 * that is its latest, and creates it from `xml`, paused, if not; *ret SAVED_KEPT: it was restored.
 * Without a folder it is created. Errors name the file and the remedy; nothing is deleted. `uuid`
 * is the config's, which may have none (NULL).
 */
int saved_bring_up(struct virt *v, const struct saved *s, const char *uuid, const char *xml,
                   enum saved_found *ret, struct domain **ret_domain, struct err *why);

/* The restored guest runs: removes what it was restored from. *ret_restored: it was. */
int saved_forget(const struct saved *s, struct deadline until, bool *ret_restored,
                 struct err *why);

#endif
