/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes of a test's own to be looked at from outside: started, known to be ready,
 * ended by PID. They die with the test.
 */
#ifndef GVM_TESTS_SYS_OWN_PROCESS_H
#define GVM_TESTS_SYS_OWN_PROCESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Says why and skips: run as root, the whole suite runs. */
#define SKIP(why)                                                                                \
    do {                                                                                         \
        print_message("skipped: %s\n", why);                                                     \
        skip();                                                                                  \
    } while (0)

/* A check inside a child, where cmocka's cannot be used: ends it, which the parent sees. */
#define CHILD_CHECK(condition)                                                                   \
    do {                                                                                         \
        if (!(condition)) {                                                                      \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #condition,                  \
                    strerror(errno));                                                            \
            _exit(99);                                                                           \
        }                                                                                        \
    } while (0)

/*
 * Forks; the child runs fn(arg), tells that it is ready, and sleeps until it is ended. By
 * memory and not by a pipe, which the child would be seen to hold.
 */
static inline pid_t own_start(void (*fn)(void *arg), void *arg)
{
    atomic_int *ready = mmap(NULL, sizeof *ready, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t test = getpid();
    pid_t pid;

    assert_true(ready != MAP_FAILED);
    fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        CHILD_CHECK(getppid() == test);
        if (fn) {
            fn(arg);
        }
        *ready = 1;
        for (;;) {
            pause();
        }
    }
    while (!*ready) {
        assert_int_equal(waitpid(pid, NULL, WNOHANG), 0); /* it has not failed */
        usleep(1000);
    }
    munmap((void *) ready, sizeof *ready);
    return pid;
}

static inline void own_end(pid_t pid)
{
    int status;

    assert_true(pid > 0); /* else it is a whole group of others that is meant */
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
}

/* The state letter of a process or thread; 0: there is none. */
static inline char own_state(pid_t pid)
{
    char path[64], text[512] = "";
    const char *after;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%d/stat", (int) pid);
    f = fopen(path, "r");
    if (f) {
        if (!fgets(text, sizeof text, f)) {
            text[0] = '\0';
        }
        fclose(f);
    }
    after = strrchr(text, ')');
    return after ? after[2] : '\0';
}

/* Waits for a state letter of /proc/PID/stat; false after two seconds. */
static inline int own_reaches_state(pid_t pid, char wanted)
{
    for (int i = 0; i < 400; i++) {
        if (own_state(pid) == wanted) {
            return 1;
        }
        usleep(5000);
    }
    return 0;
}

/* The same of any of its threads; false after ten seconds. */
static inline int own_thread_reaches_state(pid_t pid, char wanted)
{
    char path[64];
    int found = 0;

    snprintf(path, sizeof path, "/proc/%d/task", (int) pid);
    for (int i = 0; i < 2000 && !found; i++) {
        DIR *dir = opendir(path);
        const struct dirent *entry;

        while (dir && (entry = readdir(dir))) {
            found |= own_state((pid_t) strtol(entry->d_name, NULL, 10)) == wanted;
        }
        if (dir) {
            closedir(dir);
        }
        usleep(5000);
    }
    return found;
}

#endif
