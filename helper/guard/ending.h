/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a guest that ran here is gone, in plain words for crm_mon. A hint for
 * people: no decision hangs on it.
 */
#ifndef GVM_GUARD_ENDING_H
#define GVM_GUARD_ENDING_H

#include "base/clock.h"
#include "guard/observe.h"

/* Caller frees; never NULL. Tells apart: killed or crashed QEMU, a signal and its sender,
 * a guest that powered itself off, a destroy through libvirt. */
char *guest_why_ended(const struct guest *g, const struct sighting *seen, struct deadline until);

#endif
