/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * show and verify: everything known of one guest, with a verification made now.
 * They differ only in that the outcome of the verification is verify's exit code.
 */
#include "ctl/ctl.h"

static int show(const struct ctl_request *request, struct ctl_check *check)
{
    _cleanup_record_ struct record *r = NULL;
    int code = ctl_find(request->name, &r);

    if (code != CTL_OK) {
        return code;
    }
    ctl_check(r, check);
    ctl_tell(request, "guest", ctl_facts(r, check, true));
    return CTL_OK;
}

int ctl_show(const struct ctl_request *request)
{
    struct ctl_check check;

    return show(request, &check);
}

int ctl_verify(const struct ctl_request *request)
{
    struct ctl_check check;
    int code = show(request, &check);

    if (code != CTL_OK) {
        return code;
    }
    if (!check.made) {
        struct err why = {0};

        err_set(&why, 0, ERR_GENERIC, "'%s' is not frozen on this node: nothing to verify",
                request->name);
        return ctl_fail(CTL_REFUSED, &why);
    }
    return check.holds ? CTL_OK : ctl_fail(CTL_UNPROVEN, &check.why);
}
