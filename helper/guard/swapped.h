/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A config that names another guest than the one that its resource has run, for
 * guest_identify.
 */
#ifndef GVM_GUARD_SWAPPED_H
#define GVM_GUARD_SWAPPED_H

#include "guard/observe.h"

/*
 * `old` is the record of another guest than g->config's, of the same resource, and is taken
 * over. While its guest lives it is the resource's guest, and the config goes to g->named; else
 * the record is superseded.
 */
void guest_take_old(struct guest *g, struct record *old, struct deadline until);

#endif
