/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes by the name that the kernel shows of them, and their place at the disks.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/proc.h"
#include "sys/procfile.h"

static bool is_named(long pid, const char *comm)
{
    _cleanup_free_ char *path = procfile_path("%ld/comm", pid);
    _cleanup_free_ char *text = NULL;

    if (procfile_read(path, &text, NULL) < 0) {
        return false;
    }
    text[strcspn(text, "\n")] = '\0';
    return str_eq(text, comm);
}

int proc_list_named(const char *comm, pid_t **ret, size_t *ret_count)
{
    _cleanup_free_ char *path = procfile_path("%s", "");
    DIR *d = opendir(path);
    struct dirent *entry;

    *ret = NULL;
    *ret_count = 0;
    if (!d) {
        return -errno;
    }
    while ((entry = readdir(d))) {
        long pid = procfile_number(entry->d_name);

        if (pid > 0 && is_named(pid, comm)) {
            *(pid_t *) array_add(ret, ret_count, sizeof **ret) = (pid_t) pid;
        }
    }
    closedir(d);
    return 0;
}

/* No libc has it; the numbers are linux/ioprio.h's. */
int proc_calm_io(pid_t pid)
{
    enum { WHO_PROCESS = 1, CLASS_IDLE = 3, CLASS_SHIFT = 13 };

    return syscall(SYS_ioprio_set, WHO_PROCESS, pid, CLASS_IDLE << CLASS_SHIFT) < 0 ? -errno : 0;
}
