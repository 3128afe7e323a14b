/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One look at a guest through libvirt. Owns the order of the questions; the answers
 * travel back through shared memory, each as soon as it is true.
 */
#include "guard/inquire.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "guard/ask.h"
#include "guard/fence.h"
#include "model/qmptext.h"
#include "sys/qmp.h"
#include "sys/stage.h"
#include "sys/virt_rpc.h"

/* Shares of the caller's deadline. */
enum { LIBVIRT_PERCENT = 50, LIBVIRT_MOST_MS = 8000, OPEN_PERCENT = 80 };

struct input {
    const struct record *record;
    struct deadline until;
};

/* A process that no record of ours explains: only QEMU itself knows whether it was frozen
 * before the record was lost. */
static bool unexplained(const struct record *r)
{
    return r->phase == PHASE_KNOWN && r->process.pid > 0;
}

static int ask_cut(struct domain *d, struct inquiry *view, struct err *why)
{
    struct json_object *reply = NULL;
    struct qmp_device *device = NULL;
    size_t count = 0;
    int rc = qmp_run(d, "query-block", NULL, &reply, why);

    if (rc == 0) {
        rc = qmptext_devices(reply, &device, &count, why);
        json_object_put(reply);
    }
    for (size_t i = 0; rc == 0 && i < count; i++) {
        view->cut = view->cut || (device[i].null_co && str_starts(device[i].node, FENCE_NODE));
    }
    qmptext_devices_free(device, count);
    return rc;
}

/* The state alone tells how the guest is. */
static bool state_settles(const struct inquiry *view)
{
    struct observation seen = {.libvirt = LIBVIRT_KNOWS, .state = view->state};

    return verdict_libvirt_active(&seen) && !verdict_needs_runstate(view->state, view->reason);
}

/*
 * Most monitors find a guest that is known and runs: this is all that they pay for. It can only
 * say that the guest lives; all that leads towards "stopped" is the library's to tell.
 */
static bool ask_shortly(const struct record *r, struct inquiry *view)
{
    if (!r->uuid || unexplained(r) ||
        virt_rpc_state(r->uri, r->uuid, &view->state, &view->reason, &view->size) < 0 ||
        !state_settles(view)) {
        return false;
    }
    snprintf(view->uuid, sizeof view->uuid, "%s", r->uuid);
    view->answer = LIBVIRT_KNOWS;
    return true;
}

static int ask_library(const struct input *in, struct inquiry *view, struct err *why)
{
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    struct deadline open_until = deadline_part(in->until, OPEN_PERCENT, LIBVIRT_MOST_MS);
    struct err ignored = {0};
    int rc = virt_open(in->record->uri, open_until, &v, why);

    if (rc < 0) {
        return rc;
    }
    rc = guest_find(v, in->record, &d, why);
    if (rc == 0) {
        rc = virt_state(d, &view->state, &view->reason, why);
    }
    if (rc == -ENOENT) { /* a transient one may end between the two */
        view->answer = LIBVIRT_NOT_FOUND;
        return 0;
    }
    if (rc == 0 && unexplained(in->record)) {
        rc = ask_cut(d, view, why);
    }
    if (rc < 0) {
        return rc;
    }
    snprintf(view->uuid, sizeof view->uuid, "%s", virt_domain_uuid(d));
    view->answer = LIBVIRT_KNOWS;
    if (verdict_needs_runstate(view->state, view->reason)) {
        guest_runstate_of(d, &view->runstate, &ignored); /* else it stays unknown */
    } else if (state_settles(view)) {
        virt_size(d, &view->size, &ignored);
    }
    return 0;
}

static int inquire_stage(void *shared, const void *input, struct err *why)
{
    const struct input *in = input;

    return ask_shortly(in->record, shared) ? 0 : ask_library(in, shared, why);
}

void inquire(const struct record *r, struct deadline until, struct inquiry *ret,
             struct err *silence)
{
    struct inquiry *view = stage_memory(sizeof *view);
    struct input in = {
        .record = r, .until = deadline_part(until, LIBVIRT_PERCENT, LIBVIRT_MOST_MS)
    };
    int rc;

    silence->text[0] = '\0';
    rc = stage_run("asking libvirt about the guest", inquire_stage, view, &in, in.until, silence);
    *ret = *view;
    /* Also a process that could not be started: nobody was asked, so nobody knows. */
    ret->hangs = ret->answer == LIBVIRT_SILENT && rc != -EIO;
    stage_memory_free(view, sizeof *view);
}
