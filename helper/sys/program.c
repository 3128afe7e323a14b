/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs that run: the pipe that takes their output, their end within a limit. How one
 * is started is program_spawn.c's, how a child is ended and reaped childproc.c's.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/childproc.h"
#include "sys/groupguard.h"
#include "sys/proc.h"
#include "sys/program.h"
#include "sys/program_internal.h"

enum { FIRST_ROOM = 16384 };

struct program {
    char *path;
    struct childproc child;
    int wait_fd; /* epoll of the child's pidfd and out_fd */
    int out_fd;  /* -1: nothing is wanted, or all that will come has come */
    struct deadline until;
    char *output;
    size_t size;
    size_t room; /* `output` has so many bytes */
    size_t most;
    bool heard; /* as program_start_heard has it */
    struct groupguard guard;
};

static int listen_to(const struct program *p, int fd)
{
    struct epoll_event event = {.events = EPOLLIN};

    return epoll_ctl(p->wait_fd, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

/* Our end must not block; its end must: programs do not expect EAGAIN. */
static int open_pipe(struct program *p, int *ret_its_end)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0) {
        return -errno;
    }
    p->out_fd = ends[0];
    *ret_its_end = ends[1];
    return fcntl(p->out_fd, F_SETFL, O_NONBLOCK) < 0 ? -errno : listen_to(p, p->out_fd);
}

static int begin(struct program *p, char *const words[])
{
    _cleanup_close_ int its_end = -1;
    pid_t pid;
    int rc = p->wait_fd < 0 ? -errno : 0;

    if (rc == 0 && p->most > 0) {
        rc = open_pipe(p, &its_end);
    }
    if (rc == 0) {
        rc = program_spawn(words, &(struct program_way) {
            .out_fd = its_end, .err_to_out = p->heard, .own_group = p->heard}, &pid);
    }
    if (rc == 0) {
        rc = childproc_open(pid, &p->child);
    }
    if (rc == 0 && p->heard) {
        groupguard_start(pid, &p->guard);
    }
    return rc < 0 ? rc : listen_to(p, p->child.pidfd);
}

static void program_free(struct program *p)
{
    cleanup_close(&p->child.pidfd);
    cleanup_close(&p->out_fd);
    cleanup_close(&p->wait_fd);
    free(p->output);
    free(p->path);
    free(p);
}

static int start(char *const words[], size_t most_output, bool heard, struct deadline until,
                 struct program **ret, struct err *why)
{
    struct program *p;
    int rc;

    childproc_reap();
    if (deadline_over(until)) {
        return err_set(why, -ETIMEDOUT, ERR_GENERIC, "no time was left to run %s", words[0]);
    }
    p = mem_zero(1, sizeof *p);
    *p = (struct program){
        .path = str_dup(words[0]), .child = CHILDPROC_NONE, .guard = GROUPGUARD_NONE,
        .out_fd = -1, .until = until,
        .wait_fd = epoll_create1(EPOLL_CLOEXEC), .output = mem_zero(1, FIRST_ROOM),
        .room = FIRST_ROOM, .most = most_output, .heard = heard,
    };
    rc = begin(p, words);
    if (rc < 0) {
        program_drop(&p);
        return err_set(why, rc, ERR_GENERIC, "%s cannot be run: %s", words[0], strerror(-rc));
    }
    *ret = p;
    return 0;
}

int program_start(char *const words[], size_t most_output, struct deadline until,
                  struct program **ret, struct err *why)
{
    return start(words, most_output, false, until, ret, why);
}

int program_start_heard(char *const words[], size_t most_output, struct deadline until,
                        struct program **ret, struct err *why)
{
    return start(words, most_output, true, until, ret, why);
}

int program_fd(const struct program *p)
{
    return p->wait_fd;
}

struct deadline program_until(const struct program *p)
{
    return p->until;
}

/* Room for one more byte than is agreed, so that too much is seen, and for the string's end. */
static size_t make_room(struct program *p)
{
    size_t room = p->room * 2 < p->most + 2 ? p->room * 2 : p->most + 2;

    if (p->room - p->size == 1 && room > p->room) {
        p->output = realloc(p->output, room);
        if (!p->output) {
            abort(); /* as all of base/str.h */
        }
        p->room = room;
    }
    return p->room - p->size - 1;
}

static void keep_end(struct program *p)
{
    size_t keep = p->most / 2;

    memmove(p->output, p->output + p->size - keep, keep + 1);
    p->size = keep;
}

/* One piece of what is in the pipe, or all of it; a writer that is fast must not hold us. */
static int take_output(struct program *p, bool all, struct err *why)
{
    bool more = true;

    while (more && p->out_fd >= 0) {
        size_t room = make_room(p);
        ssize_t n = read(p->out_fd, p->output + p->size, room);

        if (n > 0) {
            p->size += (size_t) n;
            p->output[p->size] = '\0';
        } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
            /* Where it stayed, it would be readable for ever. */
            epoll_ctl(p->wait_fd, EPOLL_CTL_DEL, p->out_fd, NULL);
            close(p->out_fd);
            p->out_fd = -1;
        }
        if (p->size > p->most && p->heard) {
            keep_end(p);
        } else if (p->size > p->most) {
            return err_set(why, -EFBIG, ERR_GENERIC, "%s wrote more than %zu bytes", p->path,
                           p->most);
        }
        more = all && (n > 0 || errno == EINTR);
    }
    return 0;
}

static int why_late(const struct program *p, bool ended, struct err *why)
{
    _cleanup_free_ char *stuck = ended ? NULL : proc_describe_stuck(p->child.pid);

    return err_set(why, -ETIMEDOUT, ERR_GENERIC, "%s did not end in time%s%s", p->path,
                   ended ? "" : ", nor when it was killed: ", ended ? "" : stuck);
}

static int conclude(struct program **program, const struct childproc_patience *patience,
                    char **ret_output, struct err *why)
{
    struct program *p = *program;
    struct childproc_patience no_more = {.end_ms = 0, .kill_ms = patience->kill_ms};
    /* In this order: what it wrote before its end is in the pipe. */
    bool ended_by_itself = childproc_ended(&p->child);
    int rc = take_output(p, ended_by_itself, why);
    int status;
    bool ended;

    if (rc == 0 && !ended_by_itself && !deadline_over(p->until)) {
        return err_set(why, -EAGAIN, ERR_GENERIC, "%s goes on", p->path);
    }
    if (p->heard && !ended_by_itself) {
        kill(-p->child.pid, SIGKILL); /* not reaped yet, so the group is still its own */
    }
    groupguard_end(&p->guard);
    ended = childproc_end(&p->child, &no_more, &status);
    if (rc == 0 && !ended_by_itself) {
        rc = why_late(p, ended, why);
    } else if (rc == 0 && status < 0) {
        rc = err_set(why, -ECHILD, ERR_GENERIC, "%s ended, nobody knows how", p->path);
    }
    if ((rc == 0 || p->heard) && ret_output) {
        *ret_output = p->output;
        p->output = NULL;
    }
    program_free(p);
    *program = NULL;
    return rc < 0 ? rc : status;
}

int program_finish(struct program **p, char **ret_output, struct err *why)
{
    return conclude(p, &childproc_hasty, ret_output, why);
}

void program_drop(struct program **p)
{
    int status;

    if (!*p) {
        return;
    }
    groupguard_end(&(*p)->guard);
    if ((*p)->child.pidfd >= 0) {
        childproc_end(&(*p)->child, &childproc_hasty, &status);
    }
    program_free(*p);
    *p = NULL;
}

int program_wait(struct program **p, char **ret_output, struct err *why)
{
    int rc = -EAGAIN;

    while (*p) {
        struct pollfd wait = {.fd = program_fd(*p), .events = POLLIN};

        poll(&wait, 1, deadline_left_ms(program_until(*p)));
        rc = conclude(p, &childproc_patient, ret_output, why);
    }
    return rc;
}

int program_run(char *const words[], struct deadline until, struct err *why)
{
    struct program *p = NULL;
    int rc = program_start(words, 0, until, &p, why);

    return rc < 0 ? rc : program_wait(&p, NULL, why);
}

int program_judge(const char *name, int status, struct err *why)
{
    bool exited = WIFEXITED(status);

    if (status == 0) {
        return 0;
    }
    return err_set(why, -EIO, ERR_GENERIC, "%s failed with %s %d", name,
                   exited ? "exit code" : "signal",
                   exited ? WEXITSTATUS(status) : WTERMSIG(status));
}
