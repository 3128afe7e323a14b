/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What reaches into the guest: its agent, and the interrupt that it cannot ignore.
 */
#include <errno.h>
#include <stdlib.h>

#include "sys/stage.h"
#include "sys/virt_internal.h"

/* An agent that is there and refuses is an answer, too: QEMU's error is an internal one then. */
static int code_of(int virt_code)
{
    switch (virt_code) {
    case VIR_ERR_AGENT_UNRESPONSIVE:
    case VIR_ERR_AGENT_UNSYNCED:
        return -ETIMEDOUT;
    case VIR_ERR_ARGUMENT_UNSUPPORTED:
        return -ENODEV;
    default:
        return -EIO;
    }
}

int virt_agent_ping(struct domain *d, int seconds, struct err *why)
{
    static const char ping[] = "{\"execute\":\"guest-ping\"}";
    const virError *e;
    char *reply;

    stage_at("virDomainQemuAgentCommand '%s' guest-ping", d->name);
    reply = virt_library()->virDomainQemuAgentCommand(d->dom, ping, seconds, 0);
    if (reply) {
        free(reply);
        return 0;
    }
    e = virt_library()->virGetLastError();
    int rc = code_of(e ? e->code : VIR_ERR_OK);

    virt_fail(why, "virDomainQemuAgentCommand", d->name);
    return rc;
}

int virt_inject_nmi(struct domain *d, struct err *why)
{
    stage_at("virDomainInjectNMI '%s'", d->name);
    return virt_library()->virDomainInjectNMI(d->dom, 0) < 0
               ? virt_fail(why, "virDomainInjectNMI", d->name) : 0;
}
