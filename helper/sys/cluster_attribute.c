/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transient node attributes, through Pacemaker's own tool: its C interface asks for a
 * main loop, and a tool that hangs can be ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <crm/common/results.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/cluster.h"
#include "sys/pidfd.h"
#include "sys/proc.h"

extern char **environ;

enum { END_WAIT_MS = 50 };

/* No search through PATH: it is not ours. */
static const char *find_tool(void)
{
    static const char *const places[] = {
        "/usr/sbin/attrd_updater", "/usr/bin/attrd_updater", "/usr/local/sbin/attrd_updater",
    };

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (access(places[i], X_OK) == 0) {
            return places[i];
        }
    }
    return NULL;
}

static int set_up(posix_spawn_file_actions_t *files, posix_spawnattr_t *attributes)
{
    sigset_t all, none;
    int rc = 0;

    sigfillset(&all);
    sigemptyset(&none);
    /* Its copy of our standard error would keep the action's pipe open. */
    for (int fd = 0; fd <= 2 && rc == 0; fd++) {
        rc = posix_spawn_file_actions_addopen(files, fd, "/dev/null", O_RDWR, 0);
    }
    if (rc == 0) {
        rc = posix_spawnattr_setsigdefault(attributes, &all);
    }
    if (rc == 0) {
        rc = posix_spawnattr_setsigmask(attributes, &none);
    }
    if (rc == 0) {
        rc = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    return rc;
}

static int start(char *const *words, pid_t *ret)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int rc;

    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    rc = set_up(&files, &attributes);
    if (rc == 0) {
        pidfd_keep_children();
        rc = posix_spawn(ret, words[0], &files, &attributes, words, environ);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return -rc;
}

/* The exit status of wait(2), or -ETIMEDOUT; never waits for one that will not end. */
static int finish(pid_t pid, struct deadline until)
{
    _cleanup_close_ int pidfd = pidfd_of(pid);
    int status = 0;
    bool late = pidfd < 0 || proc_wait_end(pidfd, until, NULL) < 0;

    if (late) {
        kill(pid, SIGKILL); /* ours and not reaped: the PID is still its */
        if (pidfd >= 0) {
            proc_wait_end(pidfd, deadline_in_ms(END_WAIT_MS), NULL);
        }
    }
    if (waitpid(pid, &status, WNOHANG) != pid || late) {
        return -ETIMEDOUT;
    }
    return status;
}

static int judge(int status, const char *name, struct err *why)
{
    if (status == 0) {
        return 0;
    }
    if (status > 0 && WIFEXITED(status) && WEXITSTATUS(status) == CRM_EX_DISCONNECT) {
        return err_set(why, -ENOTCONN, ERR_GENERIC, "node attribute %s: Pacemaker does not run "
                       "here", name);
    }
    if (status < 0) {
        return err_set(why, status, ERR_GENERIC, "node attribute %s: attrd_updater did not end "
                       "in time", name);
    }
    return err_set(why, -EIO, ERR_GENERIC, "node attribute %s: attrd_updater failed with %s %d",
                   name, WIFEXITED(status) ? "exit code" : "signal",
                   WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

int cluster_attribute(const char *name, const char *value, struct deadline until,
                      struct err *why)
{
    const char *tool = find_tool();
    _cleanup_free_ char *name_word = str_printf("--name=%s", name);
    _cleanup_free_ char *value_word = value ? str_printf("--update=%s", value)
                                            : str_dup("--delete");
    char *words[] = {(char *) tool, name_word, value_word, NULL};
    pid_t pid;
    int rc;

    if (!tool) {
        return err_set(why, -ENOTCONN, ERR_GENERIC, "node attribute %s: attrd_updater is not "
                       "installed", name);
    }
    if (deadline_over(until)) {
        return err_set(why, -ETIMEDOUT, ERR_GENERIC, "node attribute %s: no time was left", name);
    }
    rc = start(words, &pid);
    if (rc < 0) {
        return err_set(why, rc, ERR_GENERIC, "%s cannot be run: %s", tool, strerror(-rc));
    }
    return judge(finish(pid, until), name, why);
}
