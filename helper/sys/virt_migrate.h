/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt's live migration. As with all of libvirt (virt.h), in a stage only.
 */
#ifndef GVM_SYS_VIRT_MIGRATE_H
#define GVM_SYS_VIRT_MIGRATE_H

#include <stdint.h>

#include "base/err.h"
#include "model/migrateopts.h"
#include "sys/virt.h"

/*
 * virDomainMigrate3, driven by this process, which needs `target`, or with --p2p
 * virDomainMigrateToURI3, driven by the source's libvirtd. Returns when it is done, or has failed;
 * an error proves nothing about where the guest is (libvirt 9.0, libvirt-domain.c: a lost answer
 * of the target looks like a failure there).
 */
int virt_migrate(struct domain *d, struct virt *target, const char *target_uri,
                 const struct migrate_options *o, struct err *why);

/* While it goes on. */
int virt_migrate_downtime(struct domain *d, int64_t ms, struct err *why);
int virt_migrate_postcopy(struct domain *d, struct err *why);

#endif
