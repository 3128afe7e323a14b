/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a guest that runs does anything: its agent asked, its vCPUs and disks counted. What that
 * means is model/pulse's.
 */
#ifndef GVM_GUARD_VITALS_H
#define GVM_GUARD_VITALS_H

#include "base/clock.h"
#include "model/params.h"
#include "model/pulse.h"
#include "model/record.h"

/* One look, in a stage. Always fills *ret; what could not be learnt stays unknown, and `why` says
 * so. */
void vitals_look(const struct record *r, struct deadline until, struct pulse_look *ret,
                 struct err *why);
/* The same without asking the agent. */
void vitals_count(const struct record *r, struct deadline until, struct activity *ret);

/* The picture of the screen of a guest that hangs, into its incident's folder of evidence, which
 * the record names then. */
int vitals_keep_screen(struct record *r, const struct params *policy, struct deadline until,
                       struct err *why);

#endif
