/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * screenshot: the picture of a guest's screen, out of its folder of evidence.
 */
#include "ctl/ctl.h"

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/evidence.h"
#include "sys/outfile.h"

int ctl_screenshot(const struct ctl_request *request)
{
    _cleanup_record_ struct record *r = NULL;
    _cleanup_free_ char *path = NULL;
    struct err why = {0};
    int code = ctl_find_kept(request->name, &r);

    if (code != CTL_OK) {
        return code;
    }
    path = str_printf("%s/%s", r->incident.evidence.folder, EVIDENCE_SCREEN);
    if (access(path, R_OK) < 0) {
        err_set(&why, 0, ERR_GENERIC, "no picture of guest '%s' was kept; %s/index.json says why",
                r->name, r->incident.evidence.folder);
        return ctl_fail(CTL_REFUSED, &why);
    }
    if (request->file && outfile_copy(path, request->file, &why) < 0) {
        return ctl_fail(CTL_FAILED, &why);
    }
    ctl_tell(request, "screenshot", ctl_file_facts(r, request->file ? request->file : path));
    return CTL_OK;
}
