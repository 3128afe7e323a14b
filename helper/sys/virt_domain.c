/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is asked of one domain through libvirt. Each function names itself to the
 * stage first, so that a time-out can tell which call never came back.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/str.h"
#include "sys/stage.h"
#include "sys/virt_internal.h"

struct domain *virt_domain_take(virDomainPtr dom)
{
    struct domain *d = mem_zero(1, sizeof *d);

    d->dom = dom;
    /* Local: both are what the look-up brought along. */
    d->name = str_dup(virt_library()->virDomainGetName(dom));
    virt_library()->virDomainGetUUIDString(dom, d->uuid);
    return d;
}

int virt_find(struct virt *v, const char *uuid, const char *name, struct domain **ret,
              struct err *why)
{
    const char *call = uuid ? "virDomainLookupByUUIDString" : "virDomainLookupByName";
    const char *object = uuid ? uuid : name;
    virDomainPtr dom;

    if (!object) {
        return err_set(why, -EINVAL, ERR_GENERIC, "no UUID and no name to look for in libvirt");
    }
    stage_at("%s '%s'", call, object);
    dom = uuid ? virt_library()->virDomainLookupByUUIDString(v->conn, uuid)
               : virt_library()->virDomainLookupByName(v->conn, name);
    if (!dom) {
        return virt_fail(why, call, object);
    }
    *ret = virt_domain_take(dom);
    return 0;
}

void virt_domain_free(struct domain *d)
{
    if (d) {
        virt_library()->virDomainFree(d->dom);
        free(d->name);
        free(d);
    }
}

void virt_domain_cleanup(struct domain **d)
{
    virt_domain_free(*d);
}

const char *virt_domain_name(const struct domain *d)
{
    return d->name;
}

const char *virt_domain_uuid(const struct domain *d)
{
    return d->uuid;
}

/* The common shape of most calls: a name for people, the call, 0 or -1. */
typedef int (*domain_call)(virDomainPtr dom);

static int run(struct domain *d, const char *name, domain_call call, struct err *why)
{
    stage_at("%s '%s'", name, d->name);
    return call(d->dom) < 0 ? virt_fail(why, name, d->name) : 0;
}

int virt_state(struct domain *d, int *ret_state, int *ret_reason, struct err *why)
{
    int state;
    int reason;

    stage_at("virDomainGetState '%s'", d->name);
    if (virt_library()->virDomainGetState(d->dom, &state, &reason, 0) < 0) {
        return virt_fail(why, "virDomainGetState", d->name);
    }
    *ret_state = state;
    *ret_reason = reason;
    return 0;
}

int virt_size(struct domain *d, struct guest_size *ret, struct err *why)
{
    virDomainInfo info;

    stage_at("virDomainGetInfo '%s'", d->name);
    if (virt_library()->virDomainGetInfo(d->dom, &info) < 0) {
        return virt_fail(why, "virDomainGetInfo", d->name);
    }
    *ret = (struct guest_size) {.vcpus = info.nrVirtCpu, .memory_kib = (int64_t) info.maxMem};
    return 0;
}

static int get_xml(struct domain *d, unsigned flags, char **ret, struct err *why)
{
    char *xml;

    stage_at("virDomainGetXMLDesc '%s'", d->name);
    xml = virt_library()->virDomainGetXMLDesc(d->dom, flags);
    if (!xml) {
        return virt_fail(why, "virDomainGetXMLDesc", d->name);
    }
    *ret = xml;
    return 0;
}

int virt_xml(struct domain *d, char **ret, struct err *why)
{
    return get_xml(d, 0, ret, why);
}

/* Not MIGRATABLE: that leaves out controllers, for older libvirts, whose addresses then change. */
int virt_xml_inactive(struct domain *d, char **ret, struct err *why)
{
    return get_xml(d, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE, ret, why);
}

int virt_is_persistent(struct domain *d, struct err *why)
{
    int rc;

    stage_at("virDomainIsPersistent '%s'", d->name);
    rc = virt_library()->virDomainIsPersistent(d->dom);
    return rc < 0 ? virt_fail(why, "virDomainIsPersistent", d->name) : rc;
}

bool virt_has_managed_save(struct domain *d)
{
    stage_at("virDomainHasManagedSaveImage '%s'", d->name);
    return virt_library()->virDomainHasManagedSaveImage(d->dom, 0) != 0;
}

int virt_create_paused(struct virt *v, const char *xml, struct domain **ret, struct err *why)
{
    virDomainPtr dom;

    stage_at("virDomainCreateXML");
    dom = virt_library()->virDomainCreateXML(v->conn, xml, VIR_DOMAIN_START_PAUSED);
    if (!dom) {
        return virt_fail(why, "virDomainCreateXML", "the guest");
    }
    *ret = virt_domain_take(dom);
    return 0;
}

int virt_resume(struct domain *d, struct err *why)
{
    return run(d, "virDomainResume", virt_library()->virDomainResume, why);
}

int virt_suspend(struct domain *d, struct err *why)
{
    return run(d, "virDomainSuspend", virt_library()->virDomainSuspend, why);
}

static int wakeup(virDomainPtr dom)
{
    return virt_library()->virDomainPMWakeup(dom, 0);
}

int virt_wakeup(struct domain *d, struct err *why)
{
    return run(d, "virDomainPMWakeup", wakeup, why);
}

static int shut_down(struct domain *d, unsigned how, struct err *why)
{
    stage_at("virDomainShutdownFlags '%s'", d->name);
    return virt_library()->virDomainShutdownFlags(d->dom, how) < 0
               ? virt_fail(why, "virDomainShutdownFlags", d->name) : 0;
}

int virt_shutdown(struct domain *d, struct err *why)
{
    return shut_down(d, VIR_DOMAIN_SHUTDOWN_DEFAULT, why);
}

int virt_shutdown_acpi(struct domain *d, struct err *why)
{
    return shut_down(d, VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN, why);
}

int virt_shutdown_agent(struct domain *d, struct err *why)
{
    return shut_down(d, VIR_DOMAIN_SHUTDOWN_GUEST_AGENT, why);
}

/* libvirt's order, whatever the flags': the agent first. */
int virt_shutdown_agent_acpi(struct domain *d, struct err *why)
{
    return shut_down(d, VIR_DOMAIN_SHUTDOWN_GUEST_AGENT | VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN, why);
}

int virt_abort_job(struct domain *d, struct err *why)
{
    return run(d, "virDomainAbortJob", virt_library()->virDomainAbortJob, why);
}

int virt_destroy(struct domain *d, struct err *why)
{
    return run(d, "virDomainDestroy", virt_library()->virDomainDestroy, why);
}

int virt_preserve(struct domain *d, struct err *why)
{
    stage_at("virDomainSetLifecycleAction '%s'", d->name);
    return virt_library()->virDomainSetLifecycleAction(
               d->dom, VIR_DOMAIN_LIFECYCLE_CRASH, VIR_DOMAIN_LIFECYCLE_ACTION_PRESERVE,
               VIR_DOMAIN_AFFECT_LIVE) < 0
               ? virt_fail(why, "virDomainSetLifecycleAction", d->name) : 0;
}

int virt_qmp(struct domain *d, const char *command, char **ret_reply, struct err *why)
{
    char *reply = NULL;

    /* The first words of the command are enough to know which one hangs. */
    stage_at("virDomainQemuMonitorCommand '%s' %.120s", d->name, command);
    if (virt_library()->virDomainQemuMonitorCommand(
            d->dom, command, &reply, VIR_DOMAIN_QEMU_MONITOR_COMMAND_DEFAULT) < 0) {
        free(reply);
        return virt_fail(why, "virDomainQemuMonitorCommand", d->name);
    }
    if (!reply) {
        return err_set(why, -EBADMSG, ERR_GENERIC, "virDomainQemuMonitorCommand '%s': libvirt "
                       "reports success without a reply", d->name);
    }
    *ret_reply = reply;
    return 0;
}
