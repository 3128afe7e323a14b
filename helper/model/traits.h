/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a domain's XML decides whether the guest suits a cluster, beside what a freeze needs
 * of it (domxml.h).
 */
#ifndef GVM_MODEL_TRAITS_H
#define GVM_MODEL_TRAITS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* How such a machine comes to its panic device. */
enum panic_way {
    PANIC_WAY_PCI = 0, /* pvpanic, where libvirt is new enough */
    PANIC_WAY_ISA,     /* x86; panic_device=auto adds it */
    PANIC_WAY_OWN      /* the machine brings it: s390x, pseries */
};

/* In the order of domxml's disks. */
struct disk_traits {
    char *cache; /* NULL: libvirt's default */
    bool shareable;
};

/* NULL: the XML does not say. */
struct traits {
    char *on_crash;
    char *on_poweroff;
    char *on_lockfailure;
    char *cpu_mode;
    enum panic_way panic_way;
    bool nvram_file; /* it has an NVRAM in a file or device, named or not */
    size_t lease_count;
    size_t disk_count;
    struct disk_traits *disk;
    size_t local_count;
    char **local;   /* devices of this node's own: "hostdev pci" */
};

/* Errors as domxml_parse's. */
int traits_parse(const char *text, size_t size, struct traits **ret, struct err *why);
void traits_free(struct traits *t);
void traits_cleanup(struct traits **t);
#define _cleanup_traits_ __attribute__((cleanup(traits_cleanup)))

#endif
