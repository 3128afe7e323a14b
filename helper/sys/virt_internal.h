/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the virt*.c share. Nobody else includes this: libvirt's types go no further.
 */
#ifndef GVM_SYS_VIRT_INTERNAL_H
#define GVM_SYS_VIRT_INTERNAL_H

#include <libvirt/libvirt-qemu.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

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

/* Every call that is made. A new one: its name here, then virt_library()->name(...). */
#define VIRT_CALLS(X)                                                                 \
    X(virConnectOpen) X(virConnectClose) X(virSetErrorFunc) X(virGetLastError)        \
    X(virDomainLookupByUUIDString) X(virDomainLookupByName) X(virDomainGetName)       \
    X(virDomainGetUUIDString) X(virDomainFree) X(virDomainGetState)                   \
    X(virDomainGetInfo) X(virDomainGetXMLDesc) X(virDomainHasManagedSaveImage)        \
    X(virDomainIsPersistent) X(virDomainGetAutostart)                                 \
    X(virStoragePoolLookupByName) X(virStoragePoolIsActive) X(virStoragePoolCreate)   \
    X(virStoragePoolRefresh) X(virStoragePoolFree) X(virNetworkLookupByName)          \
    X(virNetworkIsActive) X(virNetworkCreate) X(virNetworkFree)                       \
    X(virDomainCreateXML) X(virDomainResume) X(virDomainSuspend) X(virDomainPMWakeup) \
    X(virDomainShutdownFlags) X(virDomainAbortJob) X(virDomainDestroy)                     \
    X(virDomainQemuMonitorCommand) X(virEventRegisterImpl)                            \
    X(virDomainQemuAgentCommand) X(virDomainInjectNMI) X(virDomainSetLifecycleAction) \
    X(virDomainCoreDumpWithFormat) X(virDomainGetJobStats) X(virTypedParamsFree)      \
    X(virStreamNew) X(virDomainScreenshot) X(virStreamRecv) X(virStreamFinish)        \
    X(virStreamFree) X(virStreamAbort) X(virDomainMemoryPeek)                         \
    X(virDomainSaveFlags) X(virDomainRestoreFlags) X(virDomainSaveImageGetXMLDesc)    \
    X(virDomainSetTime)                                                               \
    X(virConnectListAllDomains) X(virConnectSetKeepAlive) X(virDomainRef)             \
    X(virConnectRegisterCloseCallback) X(virConnectUnregisterCloseCallback)           \
    X(virConnectDomainEventRegisterAny) X(virConnectDomainEventDeregisterAny)         \
    X(virConnectDomainQemuMonitorEventRegister)                                       \
    X(virConnectDomainQemuMonitorEventDeregister)                                     \
    X(virDomainMigrate3) X(virDomainMigrateToURI3) X(virDomainMigrateSetMaxDowntime)  \
    X(virDomainMigrateStartPostCopy)

struct virt_library {
#define X(name) __typeof__(name) *name;
    VIRT_CALLS(X)
#undef X
};

/* Once virt_library_load returned 0, every member can be called. */
const struct virt_library *virt_library(void);
/* -ELIBACC: not on this node, or it lacks a call. */
int virt_library_load(struct err *why);

/* Takes over the reference. */
struct domain *virt_domain_take(virDomainPtr dom);

/* Puts libvirt's last error into `why`, in its own words; returns its code as errno. */
int virt_fail(struct err *why, const char *call, const char *object);

#endif
