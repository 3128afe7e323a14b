/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * debug: gdb at a frozen guest, which stays frozen. Stands between the two for as long as gdb is
 * there; afterwards the guest is proven again.
 */
#include "ctl/ctl.h"

#include <errno.h>

#include "base/cleanup.h"
#include "guard/debug.h"
#include "sys/gdbrelay.h"
#include "sys/proc.h"
#include "sys/statedir.h"

enum { LOCK_MS = 30 * 1000, STUB_MS = 20 * 1000 };

static int refuse_unfrozen(const struct record *r, struct err *why)
{
    if (r->phase == PHASE_FROZEN && proc_state(&r->process) != PROCESS_DEAD) {
        return CTL_OK;
    }
    err_set(why, 0, ERR_GENERIC, "guest '%s' is not frozen on this node: its memory cannot be "
            "looked into", r->name);
    return ctl_fail(CTL_REFUSED, why);
}

static int must_hold(struct record *r)
{
    struct ctl_check check;

    ctl_check(r, &check);
    if (!check.made) {
        err_set(&check.why, 0, ERR_GENERIC, "QEMU process %d has ended", (int) r->process.pid);
    }
    return check.made && check.holds ? CTL_OK : ctl_fail(CTL_UNPROVEN, &check.why);
}

static void tell(const struct ctl_request *request, const struct record *r, const char *socket)
{
    ctl_tell(request, "debug", ctl_debug_facts(r, socket));
    fflush(stdout);
}

static int open_stub(const struct record *r, struct gdbrelay *relay, struct err *why)
{
    _cleanup_free_ char *path = NULL;
    int rc = debug_open(r, deadline_in_ms(STUB_MS), &path, why);

    return rc < 0 ? rc : gdbrelay_connect(relay, path, why);
}

/* Whatever became of the session: QEMU's stub goes, and then the guest is looked at again. */
static int close_all(struct record *r, int code)
{
    struct err why = {0};

    if (proc_state(&r->process) == PROCESS_DEAD) {
        err_set(&why, 0, ERR_GENERIC, "QEMU process %d has ended", (int) r->process.pid);
        return ctl_fail(CTL_FAILED, &why);
    }
    if (debug_close(r, deadline_in_ms(STUB_MS), &why) < 0) {
        return ctl_fail(CTL_FAILED, &why);
    }
    return code == CTL_OK ? must_hold(r) : code;
}

/* Lets go of the guest's lock once gdb may come: actions of the cluster go on meanwhile. */
static int serve(const struct ctl_request *request, struct record *r, int *lock)
{
    _cleanup_gdbrelay_ struct gdbrelay *relay = NULL;
    struct err why = {0};
    int rc = gdbrelay_open(r->process.pid, &relay, &why);

    if (rc < 0) {
        return ctl_fail(rc == -EBUSY ? CTL_REFUSED : CTL_FAILED, &why);
    }
    rc = open_stub(r, relay, &why);
    cleanup_close(lock);
    *lock = -1;
    if (rc == 0) {
        tell(request, r, gdbrelay_path(relay));
        rc = gdbrelay_run(relay, &why);
    }
    return close_all(r, rc < 0 ? ctl_fail(CTL_FAILED, &why) : CTL_OK);
}

static int stop(const struct ctl_request *request, const struct record *r)
{
    struct err why = {0};

    if (debug_close(r, deadline_in_ms(STUB_MS), &why) < 0) {
        return ctl_fail(CTL_FAILED, &why);
    }
    tell(request, r, NULL);
    return CTL_OK;
}

int ctl_debug(const struct ctl_request *request)
{
    _cleanup_record_ struct record *named = NULL;
    _cleanup_record_ struct record *r = NULL;
    _cleanup_close_ int lock = -1;
    struct err why = {0};
    int code = ctl_find(request->name, &named);

    if (code != CTL_OK) {
        return code;
    }
    if (statedir_lock(named->name, deadline_in_ms(LOCK_MS), &lock, &why) < 0 ||
        statedir_load(named->name, &r, &why) < 0) {
        return ctl_fail(CTL_FAILED, &why);
    }
    code = refuse_unfrozen(r, &why);
    if (code == CTL_OK && request->stop) {
        return stop(request, r);
    }
    if (code == CTL_OK) {
        code = must_hold(r);
    }
    return code == CTL_OK ? serve(request, r, &lock) : code;
}
