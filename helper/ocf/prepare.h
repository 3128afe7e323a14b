/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a start brings up or makes for the guest before it creates it. 0, or -errno with the
 * reason.
 */
#ifndef GVM_OCF_PREPARE_H
#define GVM_OCF_PREPARE_H

#include "ocf/ocf.h"

/* start_resources, on this node. */
int prepare_resources(struct ocf_context *c, struct err *why);
/* backingfile. Not before saved memory is restored: that goes with the overlay as it is. */
int prepare_overlay(struct ocf_context *c, struct err *why);

#endif
