/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verification: the proof, by other ways than those that cut, that a frozen
 * guest's QEMU can touch no disk and send no packet. Looks only; changes nothing.
 *
 * Outside (decides), by /proc/PID/fd, fdinfo and maps; a rule each in look_outside.c:
 * no descriptor of a file or device that the record names, not even to read; no block
 * device; no file open for writing but streams (opened only for writing: serial logs,
 * QEMU's log, a dump that runs: the block layer never opens so); no lock on a file; no
 * pass-through device; no tap and no vhost-net (a tap that is merely down could be set up
 * again); no inet socket but listeners (VNC, SPICE) and the clients that came to them; no
 * unix socket that QEMU opened towards others; nothing unknown; no shared writable mapping.
 * Inside (asked where libvirt answers; a contradiction breaks the proof): query-status not
 * running, query-named-block-nodes only null-co, query-block-exports and query-jobs empty.
 *
 * Reads stay possible: of a read-only file that the guest did not hold when it was frozen.
 * A dead process is no proof of a freeze (-ESRCH): who asks finds out about death first.
 */
#ifndef GVM_GUARD_VERIFY_H
#define GVM_GUARD_VERIFY_H

#include "base/clock.h"
#include "base/err.h"
#include "model/record.h"
#include "sys/virt.h"

/*
 * For use inside a stage. `d` may be NULL: outside only; else an answer of QEMU's is demanded.
 * Replaces r's proofs with what was seen. 0: every check holds. -EBUSY: at least one does not;
 * `why` names the first. Other errors: it could not be looked at, which is no proof.
 */
int verify_look(struct record *r, struct domain *d, struct err *why);

/*
 * The same as a whole, with stages and a connection of its own, ends by `until`. libvirt gets
 * a share of the time and may be silent: a proof line then says so. r's proofs are replaced
 * with 0 and -EBUSY; they are left alone with other errors.
 */
int verify_guest(struct record *r, struct deadline until, struct err *why);

#endif
