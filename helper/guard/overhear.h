/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One guest's panic, heard at once: a look now and then comes too late where a migration takes the
 * guest away as soon as it stands. By a listener of its own, the same program that the watch has.
 */
#ifndef GVM_GUARD_OVERHEAR_H
#define GVM_GUARD_OVERHEAR_H

#include <stdbool.h>

#include "base/clock.h"
#include "model/record.h"

struct overhear;

/* Never NULL: one that cannot be started hears nothing, and says so in the log. */
struct overhear *overhear_start(const struct record *r);
/* Readable when there may be something; -1: nothing more is heard. */
int overhear_fd(const struct overhear *o);
/* Whether libvirt has said that the guest panicked. Never waits. */
bool overhear_panic(struct overhear *o);
/* The same at the end, when all that came before the guest's end here has been heard. */
bool overhear_panic_by(struct overhear *o, struct deadline until);
void overhear_end(struct overhear **o);

#endif
