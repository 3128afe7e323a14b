/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a guest that runs is well, too: its agent's pulse and the monitor scripts, as the
 * actions ask for them.
 */
#ifndef GVM_OCF_HEALTH_H
#define GVM_OCF_HEALTH_H

#include "ocf/ocf.h"

/*
 * In a monitor, after a look: takes the pulse where that is wanted. A guest that turns out to hang
 * becomes so in the context's sighting, with an incident; one that hung and works again, running.
 */
void health_take_pulse(struct ocf_context *c);

/* The answer of a recurring monitor for a guest that runs: 0, or the code with its reason given. */
int health_answer(struct ocf_context *c);

/* The end of an action that brought the guest to run here: waits until its monitor scripts pass.
 * 0, or the code with its reason given; the guest runs either way. */
int health_wait(struct ocf_context *c);

/* The monitor scripts can be run on this node: 0, or the code with its reason given. */
int health_check(struct ocf_context *c);

#endif
