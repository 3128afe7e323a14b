/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What start and stop do about the guest's saved memory (guard/saved.h), each within its share of
 * the time. Without the parameter snapshot, nothing.
 */
#ifndef GVM_OCF_SAVING_H
#define GVM_OCF_SAVING_H

#include "guard/saved.h"
#include "ocf/ocf.h"

/* Parameters that contradict each other: 0, or the code with its reason given. For actions that may
 * fail: a stop does without. */
int saving_check(const struct ocf_context *c);

/* snapshot's folder and the guest's record. */
struct saved saving_of(const struct ocf_context *c);

/* What a start found, for the log; where its memory is when the start fails after that; and, once
 * the guest runs, for crm_mon. */
void saving_tell_restore(const struct ocf_context *c, enum saved_found found);
void saving_tell_failed(const struct ocf_context *c, enum saved_found found);
void saving_tell_start(const struct ocf_context *c, enum saved_found found);
/* Paused by a stop that was to save it, and perhaps written to a file already, which QEMU calls
 * postmigrate. Not one that was sent to another node: that may run there. */
bool saving_stands_paused(const struct ocf_context *c);
/* A start that was interrupted has restored this guest, or libvirt is still at it: no vCPU of it
 * has run. */
bool saving_never_ran(const struct ocf_context *c);
/* The same, and it is whole: QEMU says so. */
bool saving_stands_restored(const struct ocf_context *c);
/* A guest that is about to be let run: nothing stays from which it could be restored (again). */
int saving_spend(struct ocf_context *c, struct err *why);
/* A guest that runs: what it was restored from goes, its clock is set. Failing to is logged. */
void saving_done(struct ocf_context *c);

/* A stop's begin, and before it lets a guest run: of one that has run, nothing older stays, and no
 * save goes on. Failing to is logged and returned. */
int saving_begin_stop(struct ocf_context *c);
/* A stop's end, the process of its record proven dead: a save that was complete counts. */
void saving_end_stop(struct ocf_context *c, bool ours);

#endif
