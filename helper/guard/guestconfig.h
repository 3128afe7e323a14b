/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading the guest's config file for guest_identify.
 */
#ifndef GVM_GUARD_GUESTCONFIG_H
#define GVM_GUARD_GUESTCONFIG_H

#include "base/clock.h"
#include "guard/observe.h"

/* Fills config_text, config_size and config, or config_errno and config_error. */
void guest_read_config(struct guest *g, struct deadline until);

#endif
