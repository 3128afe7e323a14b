/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files under /proc: one place that knows where /proc is. Inside sys/ only.
 */
#ifndef GVM_SYS_PROCFILE_H
#define GVM_SYS_PROCFILE_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* "/proc/<words>"; the caller frees. */
char *procfile_path(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The whole file, with a zero byte after it; caller frees *ret. 0 or -errno. */
int procfile_read(const char *path, char **ret, size_t *ret_size);

/* A numeric name (a PID, a descriptor): its value, or -1. */
long procfile_number(const char *name);

/* What of /proc/PID/stat (or of a thread's) matters here. */
struct proc_stat {
    char state;
    unsigned flags;       /* PF_* */
    long threads;         /* of the whole process, this one included */
    uint64_t start_ticks;
};

/* -ESRCH: no such process or thread. */
int procfile_stat(const char *path, struct proc_stat *ret);

/*
 * Dead for good: not even another thread is left. A process whose main thread has ended
 * shows as a zombie while other threads, stuck in I/O, still hold its files.
 */
int proc_stat_ended(const struct proc_stat *s);

/* A user's own process: its real user N is not root and it lies in a cgroup user-N.slice.
 * -ESRCH: it has ended. */
int proc_in_own_login(pid_t pid, bool *ret);

#endif
