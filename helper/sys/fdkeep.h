/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes another process's close of a descriptor cheap: a duplicate is kept in a process of its own
 * until it does not matter any more. The last close of a tap unregisters its interface, for which
 * the kernel waits some 15 ms, and QEMU's main loop with it.
 */
#ifndef GVM_SYS_FDKEEP_H
#define GVM_SYS_FDKEEP_H

#include <stddef.h>
#include <sys/types.h>

struct fdkeep {
    int go; /* its end tells the keeper to let go; -1: nothing is kept */
};
#define FDKEEP_NONE ((struct fdkeep) {.go = -1})

/*
 * Keeps duplicates of these taps of process `pid` (pidfd_getfd, Linux 5.6). The keeper
 * only holds them: nobody reads or writes through them, and they are nowhere else. Where it is not
 * allowed or not to be had nothing is kept, and the close takes its time: no error. A kill -9 of
 * anybody lets go.
 */
void fdkeep_start(pid_t pid, const int *fds, size_t count, struct fdkeep *ret);
/* Lets go. Does not wait for the keeper's end, which takes as long as the closes do. */
void fdkeep_end(struct fdkeep *k);

#endif
