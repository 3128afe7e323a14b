/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between gdb and the stub of a frozen guest's QEMU: what only reads goes through, everything else
 * is answered here (model/gdbtext.h says which is which). Owns gdb's door, a socket in the
 * directory of the live records, for root only.
 */
#ifndef GVM_SYS_GDBRELAY_H
#define GVM_SYS_GDBRELAY_H

#include <sys/types.h>

#include "base/err.h"

struct gdbrelay;

/*
 * The door to the guest whose QEMU is process `pid`. -EBUSY: there is one already. From now on
 * until it is closed, SIGINT, SIGTERM and SIGHUP end gdbrelay_run instead of us.
 */
int gdbrelay_open(pid_t pid, struct gdbrelay **ret, struct err *why);
/* The door's path. */
const char *gdbrelay_path(const struct gdbrelay *g);

/*
 * Takes the stub's only connection, at the socket `path`; nobody finds that socket afterwards.
 * -EPERM: it is not that process that listens there. Never blocks.
 */
int gdbrelay_connect(struct gdbrelay *g, const char *path, struct err *why);

/* Lets one gdb in, and carries. 0: it has left, or a signal came. -EPIPE: QEMU has closed the
 * connection. Waits for as long as that takes. */
int gdbrelay_run(struct gdbrelay *g, struct err *why);

/* NULL-safe. The stub stays as it is: close that first, while nobody else can connect to it. */
void gdbrelay_close(struct gdbrelay **g);
#define _cleanup_gdbrelay_ __attribute__((cleanup(gdbrelay_close)))

#endif
