/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt's storage pools and networks. As with all of libvirt (virt.h), in a stage only; the
 * connection may be another node's.
 */
#ifndef GVM_SYS_VIRT_RESOURCE_H
#define GVM_SYS_VIRT_RESOURCE_H

#include "base/err.h"
#include "sys/virt.h"

/*
 * Starts the pool where it is inactive, refreshes it where it is active. 0: it is active.
 * -ENOENT: none of this name is defined there (ERR_INSTALLED).
 */
int virt_pool_start(struct virt *v, const char *name, struct err *why);
/* The same of a network, of which there is nothing to refresh. */
int virt_network_start(struct virt *v, const char *name, struct err *why);

#endif
