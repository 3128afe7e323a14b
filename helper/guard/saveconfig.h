/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The running guest's XML, as it may stand in the user's config file, and its way there. Each
 * in a stage of its own.
 */
#ifndef GVM_GUARD_SAVECONFIG_H
#define GVM_GUARD_SAVECONFIG_H

#include "base/clock.h"
#include "guard/observe.h"

/*
 * The text that a save would write; caller frees. -EEXIST: the guest is also defined in libvirt,
 * whose inactive XML is then the user's definition, not this guest.
 */
int saveconfig_fetch(const struct guest *g, struct deadline until, char **ret_text,
                     struct err *why);

/* Replaces the config file, which still has to be g->config_text (sys/configwrite.h). */
int saveconfig_write(const struct guest *g, const char *text, struct deadline until,
                     struct err *why);

#endif
