/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parent's death as a signal that ends.
 */
#include <signal.h>
#include <sys/prctl.h>

#include "sys/orphan.h"

void orphan_ends(void)
{
    sigset_t set;

    /* Ignored signals and the mask outlive exec. */
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    signal(SIGTERM, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}
