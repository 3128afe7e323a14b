/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes to and fro. Answers of QEMU's go to gdb as they are; of gdb's requests only those go on
 * that were read whole and found to read.
 */
#include "sys/gdbrelay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/gdbtext.h"
#include "sys/gdblock.h"
#include "sys/statedir_internal.h"
#include "sys/statesock.h"

enum { NAME_SIZE = 32, CHUNK = 4096, LEFT = 1 };

struct gdbrelay {
    pid_t pid;
    char name[NAME_SIZE];
    struct statesock at;
    char *path;
    sigset_t mask_before;
    int lock;
    int signals;
    int door;
    int stub;
    int gdb; /* -1: nobody has come yet */
    struct gdb_reader reader;
};

static int catch_signals(struct gdbrelay *g, struct err *why)
{
    static const int caught[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < sizeof caught / sizeof caught[0]; i++) {
        sigaddset(&set, caught[i]);
    }
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) {
        return err_set(why, -errno, ERR_GENERIC, "signals: %s", strerror(errno));
    }
    g->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return g->signals < 0 ? err_set(why, -errno, ERR_GENERIC, "signalfd: %s", strerror(errno)) : 0;
}

int gdbrelay_open(pid_t pid, struct gdbrelay **ret, struct err *why)
{
    struct gdbrelay *g = mem_zero(1, sizeof *g);
    int rc;

    g->pid = pid;
    g->lock = g->signals = g->door = g->stub = g->gdb = -1;
    snprintf(g->name, sizeof g->name, ".gdb-%d.socket", (int) pid);
    g->at = (struct statesock) {.name = g->name, .type = SOCK_STREAM, .backlog = 1};
    g->path = statesock_path(&g->at);
    sigprocmask(SIG_SETMASK, NULL, &g->mask_before);
    rc = gdblock_take(pid, &g->lock, why);
    if (rc == 0) {
        rc = catch_signals(g, why);
    }
    if (rc == 0) {
        rc = statesock_listen(&g->at, &g->door, why);
    }
    if (rc < 0) {
        gdbrelay_close(&g);
        return rc;
    }
    *ret = g;
    return 0;
}

const char *gdbrelay_path(const struct gdbrelay *g)
{
    return g->path;
}

/* Whoever called listen(2): the folder is QEMU's user's, who may have put anything there. */
static int is_of(int fd, pid_t pid)
{
    struct ucred who;
    socklen_t size = sizeof who;

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 && who.pid == pid;
}

int gdbrelay_connect(struct gdbrelay *g, const char *path, struct err *why)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};

    if (strlen(path) >= sizeof to.sun_path) {
        return err_set(why, -ENAMETOOLONG, ERR_GENERIC, "%s is too long for a socket", path);
    }
    memcpy(to.sun_path, path, strlen(path));
    g->stub = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (g->stub < 0 || connect(g->stub, (const struct sockaddr *) &to, sizeof to) < 0) {
        return err_set(why, -errno, ERR_GENERIC, "%s: %s", path, strerror(errno));
    }
    if (!is_of(g->stub, g->pid)) {
        return err_set(why, -EPERM, ERR_GENERIC, "%s is not QEMU process %d's", path,
                       (int) g->pid);
    }
    if (unlink(path) < 0) {
        return err_set(why, -errno, ERR_GENERIC, "%s cannot be removed: %s", path,
                       strerror(errno));
    }
    return 0;
}

/* A few kilobytes at a time, answer by answer: who does not take them does not read any more. */
static int put(int fd, const char *text, size_t size)
{
    return send(fd, text, size, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t) size ? 0 : -EPIPE;
}

static int to_gdb(struct gdbrelay *g, const char *text, size_t size)
{
    return put(g->gdb, text, size) < 0 ? LEFT : 0;
}

static int to_stub(struct gdbrelay *g, const char *text, size_t size, struct err *why)
{
    return put(g->stub, text, size) < 0
               ? err_set(why, -EPIPE, ERR_GENERIC, "QEMU takes no more requests") : 0;
}

static int take_request(struct gdbrelay *g, struct err *why)
{
    enum gdb_verdict verdict = gdbtext_judge(g->reader.request);
    const char *answer = gdbtext_answer(verdict);
    _cleanup_free_ char *packet = gdbtext_packet(answer ? answer : g->reader.request);
    int rc;

    if (!answer) {
        return to_stub(g, packet, strlen(packet), why);
    }
    rc = to_gdb(g, "+", 1);
    if (rc == 0) {
        rc = to_gdb(g, packet, strlen(packet));
    }
    return verdict == GDB_ENDS ? LEFT : rc;
}

static int take_byte(struct gdbrelay *g, char byte, struct err *why)
{
    switch (gdbtext_read(&g->reader, byte)) {
    case GDB_READ_REQUEST:
        return take_request(g, why);
    case GDB_READ_ACK:
        return to_stub(g, &byte, 1, why);
    case GDB_READ_DAMAGED:
        return to_gdb(g, "-", 1);
    case GDB_READ_MORE:
        break;
    }
    return 0;
}

/* How much there is to read; 0: nothing now; -EPIPE: the other side has gone. */
static ssize_t get(int fd, char *to, size_t size)
{
    ssize_t n = recv(fd, to, size, MSG_DONTWAIT);

    if (n > 0) {
        return n;
    }
    return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -EPIPE;
}

static int from_gdb(struct gdbrelay *g, struct err *why)
{
    char chunk[CHUNK];
    ssize_t n = get(g->gdb, chunk, sizeof chunk);
    int rc = n < 0 ? LEFT : 0;

    for (ssize_t i = 0; rc == 0 && i < n; i++) {
        rc = take_byte(g, chunk[i], why);
    }
    return rc;
}

static int from_stub(struct gdbrelay *g, struct err *why)
{
    char chunk[CHUNK];
    ssize_t n = get(g->stub, chunk, sizeof chunk);

    if (n < 0) {
        return err_set(why, -EPIPE, ERR_GENERIC, "QEMU has closed gdb's connection");
    }
    return n > 0 && g->gdb >= 0 ? to_gdb(g, chunk, (size_t) n) : 0;
}

/* One gdb: a second one is turned away. */
static int at_door(struct gdbrelay *g)
{
    _cleanup_close_ int fd = -1;

    if (statesock_accept(g->door, &fd) == 0 && g->gdb < 0) {
        g->gdb = fd;
        fd = -1;
    }
    return 0;
}

int gdbrelay_run(struct gdbrelay *g, struct err *why)
{
    int rc = 0;

    while (rc == 0) {
        struct pollfd p[] = {
            {.fd = g->signals, .events = POLLIN},
            {.fd = g->stub, .events = POLLIN},
            {.fd = g->gdb, .events = POLLIN},
            {.fd = g->door, .events = POLLIN},
        };

        poll(p, sizeof p / sizeof p[0], -1);
        if (p[0].revents) {
            return 0;
        }
        rc = p[1].revents ? from_stub(g, why) : 0;
        if (rc == 0 && p[2].revents) {
            rc = from_gdb(g, why);
        }
        if (rc == 0 && p[3].revents) {
            rc = at_door(g);
        }
    }
    return rc == LEFT ? 0 : rc;
}

/* Those that came are taken, so that they do not end us as soon as they may. */
static void leave_signals(struct gdbrelay *g)
{
    struct signalfd_siginfo seen;

    while (g->signals >= 0 && read(g->signals, &seen, sizeof seen) > 0) {
    }
    sigprocmask(SIG_SETMASK, &g->mask_before, NULL);
}

void gdbrelay_close(struct gdbrelay **g)
{
    if (!*g) {
        return;
    }
    if ((*g)->door >= 0) {
        statesock_remove(&(*g)->at);
    }
    leave_signals(*g);
    cleanup_close(&(*g)->gdb);
    cleanup_close(&(*g)->stub);
    cleanup_close(&(*g)->door);
    cleanup_close(&(*g)->signals);
    cleanup_close(&(*g)->lock);
    free((*g)->path);
    free(*g);
    *g = NULL;
}
