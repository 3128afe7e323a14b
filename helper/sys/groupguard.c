/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guard: a child in a session of its own that waits for the end of a pipe which only we hold.
 */
#include "sys/groupguard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/pidfd.h"

_Noreturn static void keep(pid_t group, int pipe_end)
{
    ssize_t n;
    char byte;

    setsid();
    if (dup2(pipe_end, STDIN_FILENO) < 0) {
        _exit(1);
    }
    closefrom(STDIN_FILENO + 1); /* its copy of our end, too, whose close it waits for */
    while ((n = read(STDIN_FILENO, &byte, 1)) < 0 && errno == EINTR) {
    }
    if (n == 0) {
        kill(-group, SIGKILL);
    }
    _exit(0);
}

void groupguard_start(pid_t group, struct groupguard *ret)
{
    int ends[2];
    pid_t keeper;

    *ret = GROUPGUARD_NONE;
    if (pipe2(ends, O_CLOEXEC) < 0) {
        return;
    }
    pidfd_keep_children();
    keeper = fork();
    if (keeper == 0) {
        keep(group, ends[0]);
    }
    close(ends[0]);
    if (keeper > 0 && childproc_open(keeper, &ret->keeper) == 0) {
        ret->hold = ends[1];
    } else {
        close(ends[1]);
    }
}

void groupguard_end(struct groupguard *g)
{
    int status;

    if (g->hold < 0) {
        return;
    }
    if (write(g->hold, "", 1) == 1) {
        childproc_end(&g->keeper, &childproc_patient, &status);
    }
    cleanup_close(&g->hold);
    g->hold = -1;
}
