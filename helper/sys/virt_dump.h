/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libvirt can take out of a guest that stands still: its memory, its screen. As with all of
 * libvirt (virt.h), in a stage only; a dump takes as long as it takes.
 */
#ifndef GVM_SYS_VIRT_DUMP_H
#define GVM_SYS_VIRT_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/params.h"
#include "sys/virt.h"

/*
 * virDomainCoreDumpWithFormat of the memory only, into a file that libvirtd opens by this path
 * (and truncates, where it is there). `bypass`: around the page cache, through a helper process of
 * libvirt's and a pipe; some file systems cannot. Returns when it is complete. It cannot be
 * aborted (libvirt 9.0); suspend, update-device and the like wait for it, monitor commands do not.
 */
int virt_dump(struct domain *d, const char *path, enum dump_format format, bool bypass,
              struct err *why);

/*
 * The picture of the first screen into `fd`, and its type ("image/png") in `type`. QEMU writes it
 * to a file of libvirt's for a moment, opened for writing only (7.2: ui/ui-qmp-cmds.c), as a
 * stream.
 */
enum { VIRT_TYPE_SIZE = 64 };
int virt_screenshot(struct virt *v, struct domain *d, int fd, char type[VIRT_TYPE_SIZE],
                    struct err *why);

/*
 * virDomainMemoryPeek: `size` bytes of the guest's physical memory, as they are now. QEMU writes
 * them to a file of libvirt's for a moment (pmemsave), as a stream.
 */
int virt_peek(struct domain *d, uint64_t paddr, void *to, size_t size, struct err *why);

#endif
