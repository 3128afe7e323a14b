/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a migration goes: the URI of the target node's libvirt, and that for the guest's memory, as
 * VirtualDomain makes them of its parameters. Pure; the caller frees.
 */
#ifndef GVM_MODEL_MIGRATEURI_H
#define GVM_MODEL_MIGRATEURI_H

#include "model/migrateopts.h"
#include "model/params.h"

/* remoteuri; without it hypervisor with the transport, the user and the target node's name. */
char *migrateuri_remote(const struct params *p, const char *target);

/* migrateuri, else that of the options, else one of suffix and port. NULL: libvirt's choice. */
char *migrateuri_memory(const struct params *p, const struct migrate_options *o,
                        const char *target);

#endif
