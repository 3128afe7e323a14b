/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the verbs have in common: finding the guest that a person named, and looking
 * again whether a frozen one still is.
 */
#include "ctl/ctl.h"

#include <errno.h>
#include <string.h>

#include "ctl/render.h"
#include "guard/verify.h"
#include "sys/proc.h"
#include "sys/statedir.h"

enum { VERIFY_MS = 10 * 1000 };

int ctl_fail(enum ctl_code code, const struct err *why)
{
    fputs("guardedvm: ", stderr);
    render_plain(stderr, why->text);
    fputc('\n', stderr);
    return (int) code;
}

int ctl_find(const char *name, struct record **ret)
{
    struct err why = {0};
    int rc = statedir_load(name, ret, &why);

    if (rc == -ENOENT) {
        rc = statedir_find_resource(name, ret, &why);
    }
    if (rc == -ENOENT) {
        err_set(&why, rc, ERR_GENERIC, "neither a guest nor a resource '%s' is known on this node",
                name);
        return ctl_fail(CTL_NO_GUEST, &why);
    }
    return rc < 0 ? ctl_fail(CTL_FAILED, &why) : CTL_OK;
}

int ctl_find_kept(const char *name, struct record **ret)
{
    struct err why = {0};
    int code = ctl_find(name, ret);

    if (code == CTL_OK && !(*ret)->incident.evidence.folder) {
        err_set(&why, 0, ERR_GENERIC, "there is no evidence of an incident of guest '%s' on this "
                "node", (*ret)->name);
        return ctl_fail(CTL_REFUSED, &why);
    }
    return code;
}

void ctl_check(struct record *r, struct ctl_check *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->alive = proc_state(&r->process) != PROCESS_DEAD;
    if (r->phase != PHASE_FROZEN || !ret->alive) {
        return;
    }
    ret->made = true;
    ret->holds = verify_guest(r, deadline_in_ms(VERIFY_MS), &ret->why) == 0;
}
