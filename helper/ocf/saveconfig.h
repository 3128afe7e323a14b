/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * save_config_on_stop and sync_config_on_stop, for the actions that come by a running guest. None
 * of them ever fails for it: what cannot be saved is logged.
 */
#ifndef GVM_OCF_SAVECONFIG_H
#define GVM_OCF_SAVECONFIG_H

#include "ocf/ocf.h"

/* The guest has just come to run, from c->guest.config_text: notes in the record what the file
 * and the guest were, so that later changes are known. */
void config_note(struct ocf_context *c);

/* Keeps the record; guest_remember, or guest_remember_if_idle for who holds no lock. */
typedef int (*config_keep)(struct guest *g, struct err *why);

/* Writes what was changed of the guest since into its config file, and has csync2 copy it. */
void config_save(struct ocf_context *c, config_keep keep);

#endif
