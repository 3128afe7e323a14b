/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection to libvirt and its error texts: the one place that turns a virError
 * into our errors. What is asked of a domain is virt_domain.c's.
 *
 * No keepalive here: in a client it needs an event loop (virt_listen.c has one), and it finds
 * only a dead daemon loop, not a stuck worker. The stage's deadline covers both and more.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/str.h"
#include "sys/stage.h"
#include "sys/virt_internal.h"

enum { RETRY_PAUSE_MS = 50 };

/* libvirt prints every error to standard error unless told otherwise. */
static void stay_silent(void *data, virErrorPtr error)
{
    (void) data;
    (void) error;
}

/* Only NO_DOMAIN says that there is none; every other error is doubt. */
static int code_of(int virt_code)
{
    switch (virt_code) {
    case VIR_ERR_NO_DOMAIN:
        return -ENOENT;
    case VIR_ERR_OPERATION_INVALID: /* not in the state that the call needs */
        return -EINVAL;
    case VIR_ERR_OPERATION_TIMEOUT: /* another job holds the domain */
        return -EBUSY;
    default:
        return -EIO;
    }
}

int virt_fail(struct err *why, const char *call, const char *object)
{
    const virError *e = virt_library()->virGetLastError();

    return err_set(why, code_of(e ? e->code : VIR_ERR_OK), ERR_GENERIC, "%s '%s': libvirt says: %s",
                   call, object, e && e->message ? e->message : "nothing");
}

/* A daemon that is starting, restarting or not there. What cannot get better by waiting
 * (a wrong URI, no permission) is not worth the time. */
static bool may_come_back(const virError *e)
{
    return e && (e->code == VIR_ERR_SYSTEM_ERROR || e->code == VIR_ERR_RPC ||
                 (e->code == VIR_ERR_INTERNAL_ERROR && e->domain == VIR_FROM_RPC));
}

int virt_open(const char *uri, struct deadline until, struct virt **ret, struct err *why)
{
    virConnectPtr conn;
    int rc = virt_library_load(why);

    if (rc < 0) {
        return rc;
    }
    virt_library()->virSetErrorFunc(NULL, stay_silent);
    /* A session daemon that our connection brought up would not know the guest. */
    setenv("LIBVIRT_AUTOSTART", "0", 1);
    for (;;) {
        stage_at("virConnectOpen '%s'", uri);
        conn = virt_library()->virConnectOpen(uri);
        if (conn) {
            break;
        }
        if (!may_come_back(virt_library()->virGetLastError()) || deadline_over(until)) {
            return virt_fail(why, "virConnectOpen", uri);
        }
        stage_at("waiting for libvirt at '%s' to come back", uri);
        clock_pause_ms(RETRY_PAUSE_MS, until);
    }
    *ret = mem_zero(1, sizeof **ret);
    (*ret)->conn = conn;
    return 0;
}

void virt_close(struct virt *v)
{
    if (v) {
        stage_at("virConnectClose");
        virt_library()->virConnectClose(v->conn);
        free(v);
    }
}

void virt_cleanup(struct virt **v)
{
    virt_close(*v);
}
