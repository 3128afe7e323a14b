/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a program is, and its start without a shell. What becomes of it is program.c's.
 */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/str.h"
#include "sys/pidfd.h"
#include "sys/program.h"
#include "sys/program_internal.h"

extern char **environ;

char *program_find(const char *name)
{
    static const char *const places[] = {"/usr/sbin", "/usr/bin", "/usr/local/sbin"};

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char *path = str_printf("%s/%s", places[i], name);

        if (access(path, X_OK) == 0) {
            return path;
        }
        free(path);
    }
    return NULL;
}

static int set_files(posix_spawn_file_actions_t *files, int out_fd, bool err_to_out)
{
    int rc = out_fd < 0 ? posix_spawn_file_actions_addopen(files, 1, "/dev/null", O_RDWR, 0)
                        : posix_spawn_file_actions_adddup2(files, out_fd, 1);

    if (rc == 0) {
        rc = posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDWR, 0);
    }
    if (rc == 0) {
        /* Its copy of our standard error would keep the action's pipe open. */
        rc = err_to_out ? posix_spawn_file_actions_adddup2(files, 1, 2)
                        : posix_spawn_file_actions_addopen(files, 2, "/dev/null", O_RDWR, 0);
    }
    if (rc == 0) {
        /* A monitor's connection to the watch outlives an exec of ours, and is not for others. */
        rc = posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
    }
    return rc;
}

static int set_process(posix_spawnattr_t *attributes, const struct program_way *way)
{
    short flags = (short) (POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                           (way->own_session ? POSIX_SPAWN_SETSID : 0) |
                           (way->own_group ? POSIX_SPAWN_SETPGROUP : 0));
    sigset_t all, none;
    int rc;

    sigfillset(&all);
    sigemptyset(&none);
    rc = posix_spawnattr_setsigdefault(attributes, &all);
    if (rc == 0) {
        rc = posix_spawnattr_setsigmask(attributes, &none);
    }
    if (rc == 0) {
        rc = posix_spawnattr_setflags(attributes, flags);
    }
    return rc;
}

int program_spawn(char *const words[], const struct program_way *way, pid_t *ret)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int rc;

    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    rc = set_files(&files, way->out_fd, way->err_to_out);
    if (rc == 0) {
        rc = set_process(&attributes, way);
    }
    if (rc == 0) {
        pidfd_keep_children();
        rc = posix_spawn(ret, words[0], &files, &attributes, words,
                         way->environment ? way->environment : environ);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return -rc;
}
