/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests to libvirt, one stage each. Owns how the guest's domain is found; when
 * to ask for what belongs to the actions.
 */
#include "guard/ask.h"

#include <errno.h>

#include "sys/stage.h"

/* Of a stage: a daemon that is not back by then will not help any more. */
enum { OPEN_PERCENT = 80, OPEN_MOST_MS = 60 * 1000 };

struct ask_row {
    const char *what;
    int (*call)(struct domain *d, struct err *why);
};

static const struct ask_row asks[ASK_LAST] = {
    [ASK_RESUME] = {"resuming the guest", virt_resume},
    [ASK_WAKEUP] = {"waking the guest", virt_wakeup},
    [ASK_SHUTDOWN] = {"asking the guest to shut down", virt_shutdown},
    [ASK_ABORT_JOB] = {"cancelling libvirt's job", virt_abort_job},
    [ASK_DESTROY] = {"destroying the guest", virt_destroy},
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

struct ask_input {
    const struct record *record;
    const struct ask_row *row;
    struct deadline until;
};

static int ask_stage(void *shared, const void *input, struct err *why)
{
    const struct ask_input *in = input;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    struct deadline open_until = deadline_part(in->until, OPEN_PERCENT, OPEN_MOST_MS);
    int rc = virt_open(in->record->uri, open_until, &v, why);

    (void) shared;
    if (rc == 0) {
        rc = guest_find(v, in->record, &d, why);
    }
    if (rc == 0) {
        rc = in->row->call(d, why);
    }
    return rc;
}

int guest_ask(const struct record *r, enum ask what, struct deadline until, struct err *why)
{
    struct ask_input in = {.record = r, .row = &asks[what], .until = until};

    return stage_run(in.row->what, ask_stage, NULL, &in, until, why);
}
