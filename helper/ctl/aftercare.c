/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * aftercare: what the watch starts for frozen guests.
 */
#include "ctl/ctl.h"

#include <errno.h>
#include <unistd.h>

#include "base/log.h"
#include "guard/aftercare.h"

int ctl_aftercare(const struct ctl_request *request)
{
    struct err why = {0};
    int rc;

    (void) request;
    log_open(NULL, isatty(STDERR_FILENO));
    rc = aftercare_run(&why);
    if (rc < 0) {
        log_line(rc == -EBUSY ? LOG_INFO : LOG_WARNING, "%s", why.text);
    }
    log_close();
    return rc < 0 ? CTL_FAILED : CTL_OK;
}
