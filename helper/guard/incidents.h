/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an action that looks itself makes of the guest's incident. The watch, which hears of it
 * first, has noted more by then; this is for when there is none. Saves nothing.
 */
#ifndef GVM_GUARD_INCIDENTS_H
#define GVM_GUARD_INCIDENTS_H

#include "guard/observe.h"
#include "model/incident.h"

/* The guest was seen crashed, hung or without storage: opens an incident where none is, and takes
 * `step`. Other conditions: nothing. */
void guest_note_broken(struct guest *g, const struct sighting *seen, enum incident_step step);

/*
 * Its agent is silent and nothing of it moves, for so many seconds. `step`: STEP_BROKE, or
 * STEP_MAY_RECOVER with an NMI injected.
 */
void guest_note_silent(struct guest *g, enum incident_step step, int64_t silent_s);
/* It answers, or moves, after all. */
void guest_note_alive(struct guest *g);

/* It was let run again after an I/O error: it has recovered when it has stayed so for a while,
 * and a disk that fails again before goes on with its grace. */
void guest_note_resumed(struct guest *g);

/* The guest was seen running: an incident that had stopped it is over. Others are the watch's,
 * which hears of a reboot. */
void guest_note_well(struct guest *g);

#endif
