/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verification: the proof, by other ways than those that cut, that a frozen
 * guest's QEMU can touch no disk and send no packet. Looks only; changes nothing.
 *
 * Outside (decides): /proc/PID/fd has no descriptor of a disk the record names,
 * no block device, no writable regular file but known logs, no lock, no
 * pass-through, no tap (or taps are down), no inet socket but listeners and their
 * clients; no shared writable mapping of a file.
 * Inside (asked where libvirt answers; a contradiction breaks the proof):
 * query-status not running, query-named-block-nodes only null-co,
 * query-block-exports and query-jobs empty.
 */
#ifndef GVM_GUARD_VERIFY_H
#define GVM_GUARD_VERIFY_H

#include "base/clock.h"
#include "base/err.h"
#include "model/record.h"
#include "sys/virt.h"

/*
 * For use inside a stage. `d` may be NULL (libvirt silent: outside only).
 * Replaces r's proofs with what was seen. 0: every check holds. -EBUSY: at least
 * one does not; `why` names the first. Other errors: it could not be looked at, which is no proof.
 */
int verify_look(struct record *r, struct domain *d, struct err *why);

/* The same as a whole: own stage, own connection, ends by `until`. The caller's record gets
 * the proofs (taken through the shared memory as text). libvirt may be silent for part of it. */
int verify_guest(struct record *r, struct deadline until, struct err *why);

#endif
