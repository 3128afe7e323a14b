/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests to libvirt, one stage each. Owns how the guest's domain is found; when
 * to ask for what belongs to the actions.
 */
#include "guard/ask.h"

#include <errno.h>

#include "model/qmptext.h"
#include "model/verdict.h"
#include "sys/proc.h"
#include "sys/qmp.h"
#include "sys/stage.h"
#include "sys/virt_save.h"

/* Of a stage: a daemon that is not back by then will not help any more. */
enum { OPEN_PERCENT = 80, OPEN_MOST_MS = 60 * 1000 };

struct ask_row {
    const char *what;
    int (*call)(struct domain *d, struct err *why);
};

static int set_panic_action(struct domain *d, const char *action, struct err *why)
{
    struct json_object *args = json_object_new_object();
    int rc;

    json_object_object_add(args, "panic", json_object_new_string(action));
    rc = qmp_run(d, "set-action", args, NULL, why);
    return rc == -EREMOTEIO ? err_prefix(why, rc, "panic_grace needs QEMU 6.0") : rc;
}

static int panic_runs(struct domain *d, struct err *why)
{
    return set_panic_action(d, "none", why);
}

static int panic_stops(struct domain *d, struct err *why)
{
    return set_panic_action(d, "pause", why);
}

/* "postmigrate" is what a source stands in whose guest may run elsewhere by now, "inmigrate" what a
 * target stands in whose source still runs it: to let either run is a second copy. */
static int resume_arrived(struct domain *d, struct err *why)
{
    enum runstate state = RUNSTATE_UNKNOWN;
    int rc = guest_runstate_of(d, &state, why);

    if (rc == 0 && state != RUNSTATE_PAUSED) {
        rc = err_set(why, -EPERM, ERR_GENERIC, "it has not come here as a whole (QEMU: %s)",
                     runstate_name(state));
    }
    return rc < 0 ? rc : virt_resume(d, why);
}

static const struct ask_row asks[ASK_LAST] = {
    [ASK_RESUME] = {"resuming the guest", virt_resume},
    [ASK_WAKEUP] = {"waking the guest", virt_wakeup},
    [ASK_SHUTDOWN] = {"asking the guest to shut down", virt_shutdown},
    [ASK_SHUTDOWN_ACPI] = {"pressing the guest's power button", virt_shutdown_acpi},
    [ASK_SHUTDOWN_AGENT] = {"asking the guest agent to shut down", virt_shutdown_agent},
    [ASK_SHUTDOWN_AGENT_ACPI] = {"asking the guest to shut down", virt_shutdown_agent_acpi},
    [ASK_ABORT_JOB] = {"cancelling libvirt's job", virt_abort_job},
    [ASK_DESTROY] = {"destroying the guest", virt_destroy},
    [ASK_PANIC_RUNS] = {"telling QEMU to let a panicked guest run on", panic_runs},
    [ASK_PANIC_STOPS] = {"telling QEMU to stop a panicked guest", panic_stops},
    [ASK_SYNC_TIME] = {"having the guest's clock set", virt_sync_time},
    [ASK_PRESERVE] = {"having the guest kept when it crashes", virt_preserve},
    [ASK_NMI] = {"injecting an NMI", virt_inject_nmi},
    [ASK_RESUME_ARRIVED] = {"resuming the guest", resume_arrived},
};

int guest_find(struct virt *v, const struct record *r, struct domain **ret, struct err *why)
{
    int rc = -ENOENT;

    if (r->uuid) {
        rc = virt_find(v, r->uuid, NULL, ret, why);
    }
    if (rc == -ENOENT && r->name) {
        rc = virt_find(v, NULL, r->name, ret, why);
    }
    return rc;
}

int guest_reach(const struct record *r, struct deadline until, struct virt **ret_virt,
                struct domain **ret, struct err *why)
{
    int rc = virt_open(r->uri, deadline_part(until, OPEN_PERCENT, OPEN_MOST_MS), ret_virt, why);

    return rc < 0 ? rc : guest_find(*ret_virt, r, ret, why);
}

int guest_reach_frozen(const struct record *r, struct deadline until, struct virt **ret_virt,
                       struct domain **ret, struct err *why)
{
    int state;
    int reason;
    int rc = guest_reach(r, until, ret_virt, ret, why);

    if (rc == 0) {
        rc = virt_state(*ret, &state, &reason, why);
    }
    if (rc == 0 && (proc_state(&r->process) != PROCESS_ALIVE || state_runs(state))) {
        rc = err_set(why, -ESTALE, ERR_GENERIC, "guest '%s' is not the frozen one any more",
                     r->name);
    }
    return rc;
}

int guest_ask_here(const struct record *r, enum ask what, struct deadline until, struct err *why)
{
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = guest_reach(r, until, &v, &d, why);

    return rc < 0 ? rc : asks[what].call(d, why);
}

int guest_runstate_of(struct domain *d, enum runstate *ret, struct err *why)
{
    struct json_object *reply = NULL;
    bool runs = false;
    int rc = qmp_run(d, "query-status", NULL, &reply, why);

    if (rc == 0) {
        rc = qmptext_status(reply, ret, &runs, why);
        json_object_put(reply);
    }
    return rc;
}

int guest_runstate_here(const struct record *r, struct deadline until, enum runstate *ret,
                        struct err *why)
{
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = guest_reach(r, until, &v, &d, why);

    return rc < 0 ? rc : guest_runstate_of(d, ret, why);
}

struct ask_input {
    const struct record *record;
    enum ask what;
    struct deadline until;
};

static int ask_stage(void *shared, const void *input, struct err *why)
{
    const struct ask_input *in = input;

    (void) shared;
    return guest_ask_here(in->record, in->what, in->until, why);
}

int guest_ask(const struct record *r, enum ask what, struct deadline until, struct err *why)
{
    struct ask_input in = {.record = r, .what = what, .until = until};

    return stage_run(asks[what].what, ask_stage, NULL, &in, until, why);
}

static int job_stage(void *shared, const void *input, struct err *why)
{
    const struct ask_input *in = input;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = guest_reach(in->record, in->until, &v, &d, why);

    return rc < 0 ? rc : virt_job(d, shared, why);
}

int guest_job(const struct record *r, struct deadline until, struct virt_job *ret,
              struct err *why)
{
    struct ask_input in = {.record = r, .until = until};
    struct virt_job *shared = stage_memory(sizeof *shared);
    int rc = stage_run("asking libvirt about its job", job_stage, shared, &in, until, why);

    *ret = *shared;
    stage_memory_free(shared, sizeof *shared);
    return rc;
}
