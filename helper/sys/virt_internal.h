/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What virt.c and virt_domain.c share. Nobody else includes this: libvirt's types
 * go no further.
 */
#ifndef GVM_SYS_VIRT_INTERNAL_H
#define GVM_SYS_VIRT_INTERNAL_H

#include <libvirt/libvirt.h>

#include "sys/virt.h"

struct virt {
    virConnectPtr conn;
};

struct domain {
    virDomainPtr dom;
    /* A copy: every call into libvirt, also one for the name, forgets the last error. */
    char *name;
    char uuid[VIR_UUID_STRING_BUFLEN];
};

/* Puts libvirt's last error into `why`, in its own words; returns its code as errno. */
int virt_fail(struct err *why, const char *call, const char *object);

#endif
