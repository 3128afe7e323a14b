/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's memory saved to a file by libvirt, and restored from it. As with all of libvirt
 * (virt.h), in a stage only; both take as long as the memory is large.
 */
#ifndef GVM_SYS_VIRT_SAVE_H
#define GVM_SYS_VIRT_SAVE_H

#include <stdbool.h>

#include "sys/virt.h"

/*
 * Saves to `path`, which libvirtd opens by its name, so that it would run when restored, and ends
 * QEMU, whose death is not proven by that. libvirt marks a file that is not complete. A guest that
 * was paused before stays so where this fails.
 */
int virt_save(struct domain *d, const char *path, bool bypass_cache, struct err *why);

/* The XML in a saved file, with its secrets; caller frees. Fails for one that is not complete. */
int virt_saved_xml(struct virt *v, const char *path, char **ret, struct err *why);

/* As `xml` says, which must be the saved guest's to what the guest sees; no vCPU runs yet. */
int virt_restore_paused(struct virt *v, const char *path, const char *xml, bool bypass_cache,
                        struct err *why);

/* Has the guest agent set the guest's clock. */
int virt_sync_time(struct domain *d, struct err *why);

#endif
