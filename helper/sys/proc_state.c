/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Alive or dead, and the end: one process told from every other by PID and start time.
 * Nothing here looks at its memory or files, so nothing here can block.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/pidfd.h"
#include "sys/proc.h"
#include "sys/procfile.h"

static int stat_of(pid_t pid, struct proc_stat *ret)
{
    _cleanup_free_ char *path = procfile_path("%d/stat", (int) pid);

    return procfile_stat(path, ret);
}

enum process_state proc_state(const struct process_id *id)
{
    struct proc_stat s;
    int rc;

    if (id->pid <= 0) {
        return PROCESS_UNPROVABLE;
    }
    rc = stat_of(id->pid, &s);
    if (rc == -ESRCH) {
        /* A /proc that is not mounted or hides others' processes knows nobody: the kernel
         * itself must agree. */
        return kill(id->pid, 0) < 0 && errno == ESRCH ? PROCESS_DEAD : PROCESS_UNPROVABLE;
    }
    if (rc < 0) {
        return PROCESS_UNPROVABLE;
    }
    if (s.start_ticks != id->start_ticks) {
        return PROCESS_DEAD;
    }
    return proc_stat_ended(&s) ? PROCESS_DEAD : PROCESS_ALIVE;
}

int proc_identify(pid_t pid, struct process_id *ret, struct err *why)
{
    struct proc_stat s;
    int rc = pid > 0 ? stat_of(pid, &s) : -EINVAL;

    if (rc == 0 && proc_stat_ended(&s)) {
        rc = -ESRCH;
    }
    if (rc < 0) {
        return err_set(why, rc, ERR_GENERIC, "process %d: %s", (int) pid, strerror(-rc));
    }
    *ret = (struct process_id){.pid = pid, .start_ticks = s.start_ticks};
    return 0;
}

int proc_open(const struct process_id *id, int *ret_pidfd, struct err *why)
{
    _cleanup_close_ int fd = id->pid > 0 ? pidfd_of(id->pid) : -1;
    enum process_state state;

    if (id->pid <= 0) {
        return err_set(why, -EINVAL, ERR_GENERIC, "no process is known");
    }
    if (fd < 0 && errno != ESRCH) {
        return err_set(why, -errno, ERR_GENERIC, "process %d cannot be opened: %s",
                       (int) id->pid, strerror(errno));
    }
    /* The descriptor first, the comparison after: whatever the descriptor means now, it
     * will mean for ever. */
    state = fd < 0 ? PROCESS_DEAD : proc_state(id);
    if (state == PROCESS_DEAD) {
        return err_set(why, -ESRCH, ERR_GENERIC, "process %d has ended", (int) id->pid);
    }
    if (state != PROCESS_ALIVE) {
        return err_set(why, -EIO, ERR_GENERIC, "/proc does not tell whether process %d is the "
                       "one that was meant", (int) id->pid);
    }
    *ret_pidfd = fd;
    fd = -1;
    return 0;
}

int proc_signal(int pidfd, int sig, struct err *why)
{
    if (pidfd_signal(pidfd, sig) < 0 && errno != ESRCH) {
        return err_set(why, -errno, ERR_GENERIC, "signal %d cannot be sent: %s", sig,
                       strerror(errno));
    }
    return 0;
}

int proc_wait_end(int pidfd, struct deadline until, struct err *why)
{
    struct pollfd p = {.fd = pidfd, .events = POLLIN};

    for (;;) {
        int left = deadline_left_ms(until);
        int n = poll(&p, 1, left);

        if (n > 0 && (p.revents & POLLIN)) {
            return 0;
        }
        if (n > 0) {
            return err_set(why, -EIO, ERR_GENERIC, "its pidfd cannot be waited for");
        }
        if (n < 0 && errno != EINTR) {
            return err_set(why, -errno, ERR_GENERIC, "waiting for its end: %s", strerror(errno));
        }
        if (n == 0 && left == 0) {
            return err_set(why, -ETIMEDOUT, ERR_GENERIC, "it is still alive");
        }
    }
}

static void note_wait_channel(pid_t pid, long tid, char **channel)
{
    _cleanup_free_ char *path = procfile_path("%d/task/%ld/wchan", (int) pid, tid);

    if (!*channel) {
        procfile_read(path, channel, NULL);
    }
}

char *proc_describe_stuck(pid_t pid)
{
    _cleanup_free_ char *path = procfile_path("%d/task", (int) pid);
    _cleanup_free_ char *channel = NULL;
    DIR *dir = opendir(path);
    struct dirent *entry;
    int all = 0;
    int stuck = 0;

    while (dir && (entry = readdir(dir))) {
        long tid = procfile_number(entry->d_name);
        _cleanup_free_ char *stat = procfile_path("%d/task/%ld/stat", (int) pid, tid);
        struct proc_stat s;

        if (tid < 0 || procfile_stat(stat, &s) < 0) {
            continue;
        }
        all++;
        if (s.state == 'D') {
            stuck++;
            note_wait_channel(pid, tid, &channel);
        }
    }
    if (dir) {
        closedir(dir);
    }
    return str_printf("%d of %d threads in state D%s%s%s", stuck, all,
                      channel && channel[0] ? " (wait channel " : "",
                      channel && channel[0] ? channel : "", channel && channel[0] ? ")" : "");
}

int proc_boot_id(char **ret, struct err *why)
{
    _cleanup_free_ char *path = procfile_path("sys/kernel/random/boot_id");
    char *text = NULL;
    int rc = procfile_read(path, &text, NULL);

    if (rc < 0) {
        return err_set(why, rc, ERR_GENERIC, "%s cannot be read: %s", path, strerror(-rc));
    }
    text[strcspn(text, "\n")] = '\0';
    *ret = text;
    return 0;
}
