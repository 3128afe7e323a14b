/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * release: a person gives up a frozen guest. The one verb that destroys: only a
 * guest whose record says frozen, only its very process, only after a yes or with --force.
 */
#include "ctl/ctl.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/release.h"
#include "sys/proc.h"
#include "sys/statedir.h"

enum { LOCK_MS = 30 * 1000, TELL_MS = 10 * 1000 };

/* 0: a person at the terminal said yes. */
static int ask(const struct record *r, struct err *why)
{
    char answer[16] = "";

    if (!isatty(STDIN_FILENO)) {
        return err_set(why, -EPERM, ERR_GENERIC, "releasing guest '%s' ends its memory for ever, "
                       "and nobody is here to say yes: use --force", r->name);
    }
    fprintf(stderr, "This ends guest '%s' and its memory for ever. Type yes to go on: ", r->name);
    if (!fgets(answer, sizeof answer, stdin) || !str_eq(answer, "yes\n")) {
        return err_set(why, -ECANCELED, ERR_GENERIC, "guest '%s' is kept", r->name);
    }
    return 0;
}

static int may_release(const struct ctl_request *request, const struct record *r, struct err *why)
{
    if (r->phase != PHASE_FROZEN) {
        err_set(why, 0, ERR_GENERIC, "guest '%s' is not frozen but %s: stop it through the "
                "cluster", r->name, phase_name(r->phase));
        return ctl_fail(CTL_REFUSED, why);
    }
    return request->force || ask(r, why) == 0 ? CTL_OK : ctl_fail(CTL_REFUSED, why);
}

static int end(struct record *r, struct err *why)
{
    struct err untold = {0};

    if (release_frozen(r, deadline_in_ms(RELEASE_MS), why) < 0) {
        return ctl_fail(CTL_FAILED, why);
    }
    release_announce(r, deadline_in_ms(TELL_MS), &untold);
    if (untold.text[0]) {
        fprintf(stderr, "guardedvm: the cluster was not told: %s\n", untold.text);
    }
    return CTL_OK;
}

/* What a person said yes to: that guest, in that process. */
static bool is_the_same(const struct record *r, const struct record *named)
{
    return r->phase == named->phase && process_same(&r->process, &named->process);
}

/* A person may take any time to answer: the lock is not held meanwhile. */
int ctl_release(const struct ctl_request *request)
{
    _cleanup_record_ struct record *named = NULL;
    _cleanup_record_ struct record *r = NULL;
    _cleanup_close_ int lock = -1;
    struct err why = {0};
    int code = ctl_find(request->name, &named);

    if (code != CTL_OK) {
        return code;
    }
    code = may_release(request, named, &why);
    if (code != CTL_OK) {
        return code;
    }
    if (statedir_lock(named->name, deadline_in_ms(LOCK_MS), &lock, &why) < 0 ||
        statedir_load(named->name, &r, &why) < 0) {
        return ctl_fail(CTL_FAILED, &why);
    }
    if (!is_the_same(r, named)) {
        err_set(&why, 0, ERR_GENERIC, "guest '%s' has changed meanwhile: nothing is done", r->name);
        return ctl_fail(CTL_REFUSED, &why);
    }
    code = end(r, &why);
    if (code == CTL_OK) {
        ctl_tell(request, "released", ctl_released(r, named->process.pid));
    }
    return code;
}
