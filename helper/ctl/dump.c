/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump: evidence and core dump of a frozen guest, now.
 */
#include "ctl/ctl.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/str.h"
#include "guard/aftercare.h"
#include "model/care.h"
#include "sys/statedir.h"

enum { LOCK_MS = 2000 };

/* On a terminal only, in one line that is written again. */
static void show_progress(void *data, const struct record *r)
{
    _cleanup_free_ char *words = care_words(r, clock_mono_us(), false);

    (void) data;
    fprintf(stderr, "\rdump: %-60s", words ? words : "");
    fflush(stderr);
}

static int make(const struct ctl_request *request, struct record **r, struct err *why)
{
    bool terminal = isatty(STDERR_FILENO);
    struct collect_request wanted = {
        .format = request->format == DUMP_NONE ? (*r)->care.dump_format : request->format,
        .dir = request->dir, .again = true, .tell = terminal ? show_progress : NULL
    };
    _cleanup_close_ int lock = -1;
    int rc = statedir_lock_care(deadline_in_ms(LOCK_MS), &lock, why);

    if (wanted.format == DUMP_NONE) {
        wanted.format = DUMP_ELF;
    }
    if (rc == 0) {
        rc = aftercare_dump(r, &wanted, why);
    }
    if (terminal) {
        fprintf(stderr, "\r%-60s\r", "");
    }
    return rc;
}

int ctl_dump(const struct ctl_request *request)
{
    _cleanup_record_ struct record *r = NULL;
    struct err why = {0};
    int code = ctl_find(request->name, &r);

    if (code != CTL_OK) {
        return code;
    }
    if (r->phase != PHASE_FROZEN) {
        err_set(&why, 0, ERR_GENERIC, "guest '%s' is not frozen but %s: virsh dump --memory-only "
                "takes a dump of a guest that runs", r->name, phase_name(r->phase));
        return ctl_fail(CTL_REFUSED, &why);
    }
    if (make(request, &r, &why) < 0) {
        return ctl_fail(CTL_FAILED, &why);
    }
    ctl_tell(request, "dumped", ctl_dumped(r));
    return CTL_OK;
}
