/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stage: an errand that is waited for. The child is stage_child.c's, its start and its
 * end are errand.c's; here is only the waiting.
 */
#include <poll.h>

#include "sys/stage.h"
#include "sys/stage_internal.h"

int stage_run(const char *what, stage_fn fn, void *shared, const void *input,
              struct deadline until, struct err *why)
{
    struct errand *e = NULL;
    int rc = errand_start(what, fn, shared, input, until, &e, why);

    while (e) {
        struct pollfd wait = {.fd = errand_fd(e), .events = POLLIN};

        /* However it ends, by a signal too: the errand itself knows how it stands. */
        poll(&wait, 1, deadline_left_ms(until));
        rc = errand_conclude(&e, &childproc_patient, why);
    }
    return rc;
}
