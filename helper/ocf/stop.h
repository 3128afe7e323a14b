/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the stop action share. Each way ends the guest with proof (0),
 * or says why it could not; what is left then is the kill.
 */
#ifndef GVM_OCF_STOP_H
#define GVM_OCF_STOP_H

#include "ocf/ocf.h"

/* -EAGAIN from a way: the guest is in another condition now (c->sight), choose again. */
typedef int (*stop_way)(struct ocf_context *c, struct err *why);

/* The words of stop_sequence. */
int stop_sequence(struct ocf_context *c, struct err *why);
/* The word save, until `until`. */
int stop_save(struct ocf_context *c, struct deadline until, struct err *why);
/* libvirt's job, a migration or another, is waited for, then cancelled. */
int stop_settle(struct ocf_context *c, struct err *why);
/* The words of stop_sequence for a guest that runs. libvirt lets nobody press its power button
 * while it moves away: that is cancelled first. */
int stop_running(struct ocf_context *c, struct err *why);
/* Cut off, memory kept, proven; the record says so. */
int stop_freeze(struct ocf_context *c, struct err *why);
/* It has been frozen here before: it may run elsewhere by now. */
bool stop_was_frozen(const struct ocf_context *c);
/* Ends such a guest with proof; its images stay QEMU's (guard/owners.h) where there is time. */
int stop_kill_frozen(struct ocf_context *c, struct err *why);
/* Waits for the end of the record's process. 0: proven. -ETIMEDOUT: alive. */
int stop_wait_end(struct ocf_context *c, struct deadline until, struct err *why);
/* True where waiting or asking makes no sense any more: crashed, hung, no storage. */
bool stop_is_broken(enum condition c);

#endif
