/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The start of a process that nobody waits for.
 */
#include "sys/detach.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/program_internal.h"

extern char **environ;

/* Pacemaker's settings stay, one action's parameters go. Pointers into the environment. */
static char **other_environment(void)
{
    char **list = NULL;
    size_t count = 0;

    for (char **e = environ; *e; e++) {
        if (!str_starts(*e, "OCF_")) {
            *(char **) array_add(&list, &count, sizeof *list) = *e;
        }
    }
    *(char **) array_add(&list, &count, sizeof *list) = NULL;
    return list;
}

/* A session of its own: Pacemaker ends an action with its whole process group. */
int detach_start_watch(const char *helper, struct err *why)
{
    char *const words[] = {(char *) helper, (char *) "watch", NULL};
    _cleanup_free_ char **environment = other_environment();
    struct program_way way = {.out_fd = -1, .environment = environment, .own_session = true};
    pid_t pid;
    int rc = program_spawn(words, &way, &pid);

    return rc < 0 ? err_set(why, rc, ERR_GENERIC, "%s cannot be run: %s", helper, strerror(-rc))
                  : 0;
}

/* A descriptor for each guest and each monitor that waits: an executor's soft limit is not ours. */
void detach_descriptors(void)
{
    struct rlimit limit;

    closefrom(STDERR_FILENO + 1);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}
