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

/* Only that process: its start time is compared before the signal. */
static bool end(pid_t pid, const struct file_id *file)
{
    struct process_id id = {.pid = pid};
    _cleanup_close_ int pidfd = -1;
    struct err ignored = {0};

    return proc_identify(pid, &id, &ignored) == 0 && has_open(pid, file) &&
           proc_open(&id, &pidfd, &ignored) == 0 &&
           proc_signal(pidfd, PROC_SIGKILL, &ignored) == 0;
}

int dumpwriter_end(const struct file_id *file)
{
    pid_t *pid = NULL;
    size_t count = 0;
    int ended = 0;

    if (proc_list_named(WRITER, &pid, &count) < 0) {
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        ended += end(pid[i], file);
    }
    free(pid);
    return ended;
}
