/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds libvirt's dump helpers by their name and by what they have open.
 */
#include "guard/dumpwriter.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "guard/holdings.h"
#include "sys/proc.h"

/* As the kernel cuts it (15 characters): libvirt's src/util/iohelper.c. */
static const char WRITER[] = "libvirt_iohelpe";

static bool has_open(pid_t pid, const struct file_id *file)
{
    struct proc_fd *fd = NULL;
    size_t count = 0;
    bool found = false;
    struct err ignored = {0};

    if (proc_list_fds(pid, &fd, &count, &ignored) == 0) {
        for (size_t i = 0; i < count && !found; i++) {
            found = fd[i].writable && file_id_same(&fd[i].id, file);
        }
        proc_fds_free(fd, count);
    }
    return found;
}

typedef bool (*act_fn)(pid_t pid, int pidfd);

static bool end(pid_t pid, int pidfd)
{
    struct err ignored = {0};

    (void) pid;
    return proc_signal(pidfd, PROC_SIGKILL, &ignored) == 0;
}

static bool calm(pid_t pid, int pidfd)
{
    (void) pidfd;
    return proc_calm_io(pid) == 0;
}

/* The process is held by its pidfd before it is looked at: what has the file open is what is acted
 * upon, whoever may get its PID afterwards. */
static bool act_on(pid_t pid, const struct file_id *file, act_fn act)
{
    struct process_id id = {.pid = pid};
    _cleanup_close_ int pidfd = -1;
    struct err ignored = {0};

    return proc_identify(pid, &id, &ignored) == 0 && proc_open(&id, &pidfd, &ignored) == 0 &&
           has_open(pid, file) && act(pid, pidfd);
}

static int each(const struct file_id *file, act_fn act)
{
    pid_t *pid = NULL;
    size_t count = 0;
    int acted = 0;

    if (proc_list_named(WRITER, &pid, &count) < 0) {
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        acted += act_on(pid[i], file, act);
    }
    free(pid);
    return acted;
}

int dumpwriter_calm(const struct file_id *file)
{
    return each(file, calm);
}

int dumpwriter_end(const struct file_id *file)
{
    return each(file, end);
}
