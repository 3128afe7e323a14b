/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One request to libvirt about one guest, in a stage of its own with a
 * connection of its own: what comes back is libvirt's word, never a proof.
 */
#ifndef GVM_GUARD_ASK_H
#define GVM_GUARD_ASK_H

#include "base/clock.h"
#include "base/err.h"
#include "model/record.h"
#include "sys/virt.h"
#include "sys/virt_job.h"

enum ask {
    ASK_RESUME = 0,
    ASK_WAKEUP,
    ASK_SHUTDOWN,  /* to power off: the agent where there is one, else ACPI */
    ASK_SHUTDOWN_ACPI,
    ASK_SHUTDOWN_AGENT,
    ASK_SHUTDOWN_AGENT_ACPI,
    ASK_ABORT_JOB,
    ASK_DESTROY,
    ASK_PANIC_RUNS, /* a panic no longer stops it (QMP set-action, QEMU 6.0) */
    ASK_PANIC_STOPS,
    ASK_SYNC_TIME, /* has the agent set its clock */
    ASK_PRESERVE,  /* a crash leaves it there, with its memory */
    ASK_NMI,         /* an interrupt that its kernel cannot mask */
    ASK_RESUME_ARRIVED, /* the same as resume, of a guest that came in a migration: only where QEMU
                         * has it whole, and has not sent it away itself */
    ASK_LAST
};

/*
 * 0: libvirt says that it did. -ENOENT: it has no such guest. -ETIMEDOUT: no
 * answer by `until`, and the request may still take effect later.
 */
int guest_ask(const struct record *r, enum ask what, struct deadline until, struct err *why);

/* The same inside a stage of the caller's. */
int guest_ask_here(const struct record *r, enum ask what, struct deadline until, struct err *why);

/* Inside a stage: QEMU's run state. */
int guest_runstate_of(struct domain *d, enum runstate *ret, struct err *why);
/* The same with a connection of its own, where libvirt's word is not enough. */
int guest_runstate_here(const struct record *r, struct deadline until, enum runstate *ret,
                        struct err *why);

/* libvirt's job on the guest, in a stage. -ENOTSUP, and others: it does not tell, as of a guest
 * that comes in. */
int guest_job(const struct record *r, struct deadline until, struct virt_job *ret,
              struct err *why);

/* Inside a stage: a connection of its own and the guest's domain on it. The caller's also where it
 * fails. */
int guest_reach(const struct record *r, struct deadline until, struct virt **ret_virt,
                struct domain **ret, struct err *why);

/*
 * The same of a frozen guest. -ESTALE: its process has ended, or what libvirt has by that name
 * runs. Whatever is taken of it after the freeze is asked for so: a dump stops a guest that runs
 * for as long as it takes, and another's picture or memory is no evidence.
 */
int guest_reach_frozen(const struct record *r, struct deadline until, struct virt **ret_virt,
                       struct domain **ret, struct err *why);

/*
 * Inside a stage: the guest's domain, by UUID and then by name, since a domain
 * without a UUID in its file gets a new one each time somebody creates it.
 */
int guest_find(struct virt *v, const struct record *r, struct domain **ret, struct err *why);

#endif
