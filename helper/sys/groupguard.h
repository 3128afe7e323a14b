/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A process group that must not outlive us, whoever ends us and however: Pacemaker ends a cancelled
 * monitor with SIGKILL to its own group, which a program in a group of its own does not hear.
 */
#ifndef GVM_SYS_GROUPGUARD_H
#define GVM_SYS_GROUPGUARD_H

#include <sys/types.h>

#include "sys/childproc.h"

struct groupguard {
    int hold;                /* its end tells the guard that we have ended; -1: nobody guards */
    struct childproc keeper;
};
#define GROUPGUARD_NONE ((struct groupguard) {.hold = -1, .keeper = CHILDPROC_NONE})

/* From now on the group, which a child of ours leads, ends with us. Where no guard can be had it
 * lives on: no error. */
void groupguard_start(pid_t group, struct groupguard *ret);
/* It need not any more. Before its leader is reaped; nothing to do is nothing. */
void groupguard_end(struct groupguard *g);

#endif
