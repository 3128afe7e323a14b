/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Forks the children of child.h. The answer of the preparation travels by a pipe.
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "sys/proc.h"

enum { ANSWER_FD = 3 };

_Noreturn static void be_child(int answer_fd, child_prepare prepare, void *data)
{
    int null = open("/dev/null", O_RDWR);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int fd = 0; fd <= 2; fd++) {
        dup2(null, fd);
    }
    dup2(answer_fd, ANSWER_FD);
    close_range(ANSWER_FD + 1, ~0U, 0);
    int refused = prepare ? prepare(data) : 0;
    if (write(ANSWER_FD, &refused, sizeof refused) != sizeof refused) {
        _exit(1);
    }
    close(ANSWER_FD);
    for (;;) {
        pause();
    }
}

void child_start(struct child *c, child_prepare prepare, void *data)
{
    int ends[2];
    struct err why = {0};

    if (pipe(ends) < 0) {
        abort();
    }
    pid_t pid = fork();
    if (pid == 0) {
        be_child(ends[1], prepare, data);
    }
    close(ends[1]);
    if (pid < 0 || read(ends[0], &c->refused, sizeof c->refused) != sizeof c->refused ||
        proc_identify(pid, &c->id, &why) < 0) {
        abort();
    }
    close(ends[0]);
}

void child_end(struct child *c)
{
    if (c->id.pid <= 0) {
        abort(); /* it is a whole group of others that is meant */
    }
    kill(c->id.pid, SIGKILL);
    while (waitpid(c->id.pid, NULL, 0) < 0 && errno == EINTR) {
    }
}
