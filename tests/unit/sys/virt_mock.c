/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mock of sys/virt_library.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>

#include "virt_mock.h"

struct virt_mock mock = {.fail_event = -1};

static struct virt_library real, bent;

const struct virt_library *virt_library(void)
{
    return &bent;
}

static int register_event(virConnectPtr conn, virDomainPtr dom, int id,
                          virConnectDomainEventGenericCallback call, void *data,
                          virFreeCallback free_data)
{
    if (id == mock.fail_event) {
        return -1;
    }
    mock.event[id] = call;
    mock.data = data;
    mock.registered++;
    return real.virConnectDomainEventRegisterAny(conn, dom, id, call, data, free_data);
}

static int deregister_event(virConnectPtr conn, int id)
{
    mock.registered--;
    return real.virConnectDomainEventDeregisterAny(conn, id);
}

/* The test driver has neither of the next two. */
static int register_monitor(virConnectPtr conn, virDomainPtr dom, const char *event,
                            virConnectDomainQemuMonitorEventCallback call, void *data,
                            virFreeCallback free_data, unsigned flags)
{
    (void) conn;
    (void) dom;
    (void) event;
    (void) data;
    (void) free_data;
    (void) flags;
    mock.monitor_event = call;
    mock.registered++;
    return 7;
}

static int deregister_monitor(virConnectPtr conn, int id)
{
    (void) conn;
    mock.registered -= id == 7;
    return 0;
}

static int register_close(virConnectPtr conn, virConnectCloseFunc call, void *data,
                          virFreeCallback free_data)
{
    (void) conn;
    (void) data;
    (void) free_data;
    mock.close = call;
    mock.registered++;
    return 0;
}

static int deregister_close(virConnectPtr conn, virConnectCloseFunc call)
{
    (void) conn;
    mock.registered -= call == mock.close;
    return 0;
}

static int get_state(virDomainPtr dom, int *state, int *reason, unsigned flags)
{
    mock.states_asked++;
    return (mock.get_state ? mock.get_state : real.virDomainGetState)(dom, state, reason, flags);
}

static int list(virConnectPtr conn, virDomainPtr **doms, unsigned flags)
{
    return (mock.list ? mock.list : real.virConnectListAllDomains)(conn, doms, flags);
}

static char *get_xml(virDomainPtr dom, unsigned flags)
{
    mock.xmls_asked++;
    return real.virDomainGetXMLDesc(dom, flags);
}

static int set_time(virDomainPtr dom, long long seconds, unsigned nseconds, unsigned flags)
{
    (void) dom;
    (void) seconds;
    (void) nseconds;
    mock.time_flags = flags;
    return mock.time_rc;
}

static int save(virDomainPtr dom, const char *to, const char *xml, unsigned flags)
{
    mock.save_flags = flags;
    return real.virDomainSaveFlags(dom, to, xml, 0);
}

static int restore(virConnectPtr conn, const char *from, const char *xml, unsigned flags)
{
    mock.restore_flags = flags;
    return real.virDomainRestoreFlags(conn, from, xml, 0);
}

int virt_library_load(struct err *why)
{
    if (!dlopen("libvirt.so.0", RTLD_LAZY | RTLD_GLOBAL) ||
        !dlopen("libvirt-qemu.so.0", RTLD_LAZY | RTLD_GLOBAL)) {
        return err_set(why, -ELIBACC, ERR_INSTALLED, "%s", dlerror());
    }
#define X(name) *(void **) &real.name = dlsym(RTLD_DEFAULT, #name);
    VIRT_CALLS(X)
#undef X
    bent = real;
    bent.virConnectDomainEventRegisterAny = register_event;
    bent.virConnectDomainEventDeregisterAny = deregister_event;
    bent.virConnectDomainQemuMonitorEventRegister = register_monitor;
    bent.virConnectDomainQemuMonitorEventDeregister = deregister_monitor;
    bent.virConnectRegisterCloseCallback = register_close;
    bent.virConnectUnregisterCloseCallback = deregister_close;
    bent.virDomainGetState = get_state;
    bent.virConnectListAllDomains = list;
    bent.virDomainGetXMLDesc = get_xml;
    bent.virDomainSetTime = set_time;
    bent.virDomainSaveFlags = save;
    bent.virDomainRestoreFlags = restore;
    return 0;
}

void virt_preload(void)
{
}

void mock_reset(void)
{
    mock.fail_event = -1;
    mock.get_state = NULL;
    mock.list = NULL;
    mock.states_asked = 0;
    mock.xmls_asked = 0;
}
