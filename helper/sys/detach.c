/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The start of a process that nobody waits for.
 */
#include "sys/detach.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"

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

static int set_up(posix_spawn_file_actions_t *files, posix_spawnattr_t *attributes)
{
    sigset_t all, none;
    int rc = 0;

    sigfillset(&all);
    sigemptyset(&none);
    /* Pacemaker waits for the end of whoever holds the action's output. */
    for (int fd = 0; fd <= 2 && rc == 0; fd++) {
        rc = posix_spawn_file_actions_addopen(files, fd, "/dev/null", O_RDWR, 0);
    }
    rc = rc ? rc : posix_spawnattr_setsigdefault(attributes, &all);
    rc = rc ? rc : posix_spawnattr_setsigmask(attributes, &none);
    /* A session of its own: Pacemaker ends an action with its whole process group. */
    return rc ? rc : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
}

int detach_start_watch(const char *helper, struct err *why)
{
    char *const words[] = {(char *) helper, (char *) "watch", NULL};
    _cleanup_free_ char **environment = other_environment();
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    pid_t pid;
    int rc;

    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    rc = set_up(&files, &attributes);
    if (rc == 0) {
        rc = posix_spawn(&pid, helper, &files, &attributes, words, environment);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return rc ? err_set(why, -rc, ERR_GENERIC, "%s cannot be run: %s", helper, strerror(rc)) : 0;
}

void detach_descriptors(void)
{
    closefrom(STDERR_FILENO + 1);
}
