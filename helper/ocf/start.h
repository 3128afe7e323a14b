/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the start action share.
 */
#ifndef GVM_OCF_START_H
#define GVM_OCF_START_H

#include "ocf/ocf.h"

/* Creates the guest, which is proven absent; returns the OCF code, reason given. */
int start_create(struct ocf_context *c);
/* Looks until the guest leaves the condition, then goes the way of the new one. */
int start_again(struct ocf_context *c, enum condition leaving);
/* 0: libvirt says that it runs and its process lives. */
int start_wait_running(struct ocf_context *c, struct err *why);
/* Notes in the record that it runs, and what it holds open; waits for its monitor scripts. */
int start_complete(struct ocf_context *c);
/* Disks, taps and memory into the record; failing to is only logged: a freeze looks again. */
void start_note_devices(struct ocf_context *c);

#endif
