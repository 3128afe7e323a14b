/* SPDX-License-Identifier: GPL-2.0-or-later */
/* temporary */
#include "sys/program.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/str.h"
#include "sys/pidfd.h"
struct program { pid_t pid; int pidfd; int out; };
static int start(char *const *words, bool reading, struct program **ret, struct err *why)
{
    int p[2] = {-1, -1};
    if (reading && pipe2(p, O_CLOEXEC | O_NONBLOCK) < 0) return err_set(why, -errno, ERR_GENERIC, "pipe");
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        sigset_t s; sigemptyset(&s); sigprocmask(SIG_SETMASK, &s, NULL);
        for (int i = 1; i < 32; i++) signal(i, SIG_DFL);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(null, 0); dup2(reading ? p[1] : null, 1); dup2(null, 2);
        if (reading) { int fl = fcntl(1, F_GETFL); fcntl(1, F_SETFL, fl & ~O_NONBLOCK); }
        closefrom(3);
        execv(words[0], words);
        _exit(127);
    }
    if (reading) close(p[1]);
    struct program *q = mem_zero(1, sizeof *q);
    q->pid = pid; q->out = p[0]; q->pidfd = pidfd_of(pid);
    *ret = q;
    return 0;
}
int program_start_reading(char *const *words, struct program **ret, struct err *why) { return start(words, true, ret, why); }
int program_start(char *const *words, struct program **ret, struct err *why) { return start(words, false, ret, why); }
int program_fd(const struct program *p) { return p->pidfd; }
int program_output(const struct program *p) { return p->out; }
int program_read(struct program *p, char *to, size_t size) { ssize_t n = read(p->out, to, size); return n >= 0 ? (int) n : errno == EAGAIN ? -EAGAIN : 0; }
void program_end(struct program **p) { if (*p) { kill((*p)->pid, SIGKILL); waitpid((*p)->pid, NULL, 0); if ((*p)->out >= 0) close((*p)->out); close((*p)->pidfd); free(*p); *p = NULL; } }
int program_finish(struct program **p, struct err *why) { int st = 0; (void) why; pid_t r = waitpid((*p)->pid, &st, WNOHANG); program_end(p); return r > 0 && st == 0 ? 0 : err_set(why, -EIO, ERR_GENERIC, "status %d", st); }
