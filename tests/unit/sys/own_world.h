/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PID namespace with a /proc of its own, for tests that look at all processes: two
 * runs of them on one machine, or the guests of another test, never meet.
 */
#ifndef GVM_TESTS_SYS_OWN_WORLD_H
#define GVM_TESTS_SYS_OWN_WORLD_H

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OWN_WORLD_SKIPPED = 77 /* automake's word for it */ };

/* What fails here shows when /proc is mounted. */
static inline void own_world_write(const char *file, const char *text)
{
    FILE *f = fopen(file, "w");

    if (f) {
        fputs(text, f);
        fclose(f);
    }
}

static inline void own_world_map(const char *file, unsigned id)
{
    char text[64];

    snprintf(text, sizeof text, "%u %u 1\n", id, id);
    own_world_write(file, text);
}

/*
 * Reaps until nobody is left, so that helpers of the test finish their work; ends with the test's
 * code. At once: a leak checker at exit needs a thread, which nobody can start once process 1 of
 * the namespace has ended.
 */
_Noreturn static inline void own_world_wait(pid_t test)
{
    int code = 99;
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, 0)) > 0) {
        if (pid == test && WIFEXITED(status)) {
            code = WEXITSTATUS(status);
        }
    }
    _exit(code);
}

static inline void own_world_skip(const char *what)
{
    perror(what);
    fputs("skipped: a PID namespace with a /proc of its own cannot be had\n", stderr);
    exit(OWN_WORLD_SKIPPED);
}

/* Returns in a child inside; the caller's process waits outside and ends with its code. */
static inline void own_world(void)
{
    unsigned uid = geteuid();
    unsigned gid = getegid();
    pid_t pid;

    if (unshare(CLONE_NEWPID | CLONE_NEWNS | (uid ? CLONE_NEWUSER : 0)) < 0) {
        own_world_skip("unshare");
    }
    if (uid) {
        own_world_map("/proc/self/uid_map", uid);
        own_world_write("/proc/self/setgroups", "deny");
        own_world_map("/proc/self/gid_map", gid);
    }
    pid = fork();
    if (pid != 0) {
        own_world_wait(pid);
    }
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("proc", "/proc", "proc", 0, NULL) < 0) {
        own_world_skip("mounting /proc");
    }
    pid = fork();
    if (pid != 0) {
        own_world_wait(pid);
    }
}

#endif
