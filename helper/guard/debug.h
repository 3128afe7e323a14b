/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's gdb stub of a frozen guest, opened and closed. An open one changes nothing; who is
 * connected to it could let the guest run: sys/gdbrelay.h stands between. Owns the stub's name
 * and place.
 *
 * Seen with QEMU 7.2: a connection stops vCPUs that run (these do not), its end does nothing, and
 * gdb's "detach" and "continue" start them. Descriptors that it adds to the process: a listening
 * socket with a name, and the connection that came to it, which no rule of look_outside.c minds.
 */
#ifndef GVM_GUARD_DEBUG_H
#define GVM_GUARD_DEBUG_H

#include "base/clock.h"
#include "base/err.h"
#include "model/record.h"
#include "sys/virt.h"

/*
 * Opens it at a socket in the folder of QEMU's monitor, which libvirt made for this guest's
 * QEMU: nobody else but root may go there, and libvirt's AppArmor profile lets QEMU. The path in
 * *ret_path is the caller's. One that was open is closed.
 */
int debug_open(const struct record *r, struct deadline until, char **ret_path, struct err *why);

/* 0 also where none is open. */
int debug_close(const struct record *r, struct deadline until, struct err *why);

/* The same inside a stage, and where the socket is to be: for debug.c and its test. */
int debug_open_here(struct domain *d, const char *path, struct err *why);
int debug_close_here(struct domain *d, struct err *why);
int debug_place_here(pid_t pid, char **ret_path, struct err *why);

#endif
