/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The threads in which QEMU runs a guest's processors: by name "CPU 0/KVM", "CPU 0/TCG". What
 * they have done is the kernel's word, not the guest's.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/proc.h"
#include "sys/procfile.h"

enum { NS_PER_US = 1000 };

static bool is_vcpu(pid_t pid, long tid)
{
    _cleanup_free_ char *path = procfile_path("%d/task/%ld/comm", (int) pid, tid);
    _cleanup_free_ char *name = NULL;

    if (procfile_read(path, &name, NULL) < 0) {
        return false;
    }
    return strstr(name, "/KVM") || strstr(name, "/TCG");
}

/* proc(5): schedstat begins with the nanoseconds on a processor. */
static bool read_run(pid_t pid, long tid, uint64_t *ret_us)
{
    _cleanup_free_ char *path = procfile_path("%d/task/%ld/schedstat", (int) pid, tid);
    _cleanup_free_ char *text = NULL;
    uint64_t ns;

    if (procfile_read(path, &text, NULL) < 0 || sscanf(text, "%" SCNu64, &ns) != 1) {
        return false;
    }
    *ret_us = ns / NS_PER_US;
    return true;
}

static bool read_wakeups(pid_t pid, long tid, uint64_t *ret)
{
    static const char key[] = "\nvoluntary_ctxt_switches:";
    _cleanup_free_ char *path = procfile_path("%d/task/%ld/status", (int) pid, tid);
    _cleanup_free_ char *text = NULL;
    const char *found;

    if (procfile_read(path, &text, NULL) < 0) {
        return false;
    }
    found = strstr(text, key);
    return found && sscanf(found + strlen(key), "%" SCNu64, ret) == 1;
}

static int add_thread(pid_t pid, long tid, struct proc_vcpus *to)
{
    _cleanup_free_ char *path = procfile_path("%d/task/%ld/stat", (int) pid, tid);
    struct proc_stat s;
    uint64_t run_us;
    uint64_t wakeups;

    if (procfile_stat(path, &s) < 0 || !read_run(pid, tid, &run_us) ||
        !read_wakeups(pid, tid, &wakeups)) {
        return -EIO;
    }
    to->asleep = to->asleep && s.state == 'S';
    to->run_us += run_us;
    to->wakeups += wakeups;
    return 0;
}

int proc_vcpu_activity(pid_t pid, struct proc_vcpus *ret, struct err *why)
{
    _cleanup_free_ char *path = procfile_path("%d/task", (int) pid);
    struct proc_vcpus sum = {.asleep = true};
    DIR *dir = opendir(path);
    struct dirent *entry;
    int rc = -ENODATA;

    while (dir && rc != -EIO && (entry = readdir(dir))) {
        long tid = procfile_number(entry->d_name);

        if (tid > 0 && is_vcpu(pid, tid)) {
            rc = add_thread(pid, tid, &sum);
        }
    }
    if (dir) {
        closedir(dir);
    }
    if (rc < 0) {
        return err_set(why, rc, ERR_GENERIC, "/proc does not tell what the vCPUs of process %d do",
                       (int) pid);
    }
    *ret = sum;
    return 0;
}
