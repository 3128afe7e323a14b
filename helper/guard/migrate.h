/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A live migration while it goes on: begun, watched, hurried or ended. What became of the guest is
 * bothends.h's: no word of libvirt's here is a proof.
 */
#ifndef GVM_GUARD_MIGRATE_H
#define GVM_GUARD_MIGRATE_H

#include "base/clock.h"
#include "base/err.h"
#include "model/migrateopts.h"
#include "model/record.h"
#include "sys/virt_job.h"

struct migrate {
    const struct record *record;           /* the guest, which runs here */
    const char *target_uri;                /* of the target's libvirt */
    const struct migrate_options *options;
    int64_t downtime_ms;                   /* 0: QEMU's */
    void (*tell)(void *data, const struct virt_job *job); /* now and then; may be NULL */
    void *data;
    bool panic_ends;                       /* a panic stops it, and nothing else comes of it */
    bool checked;                          /* out: the target had no such guest */
    bool ran_there;                        /* out: seen at the target while it went on */
    enum condition health;                 /* out: of the guest on the way; busy: nothing seen */
};

/*
 * Whether the target can take the guest: its libvirt answers, and has no such guest yet, be it a
 * frozen one. The rest libvirt finds out before it touches the guest: that QEMU there can open the
 * disks, and has the CPU.
 */
int migrate_check(struct migrate *m, struct deadline until, struct err *why);

/*
 * 0: libvirt says that it was moved; m->health is "crashed" where it panicked just before.
 * -ECANCELED: given up because the guest broke meanwhile, as m->health says; a crashed one is left
 * to a freeze, which ends the migration with less delay than libvirt, who would let it run on.
 * -ETIMEDOUT: it did not come to an end in three quarters of the time, and was ended; libvirt may
 * not have followed. Else libvirt's words.
 */
int migrate_run(struct migrate *m, struct deadline until, struct err *why);

#endif
