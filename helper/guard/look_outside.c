/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The proof from outside: what QEMU's process can still reach, by the kernel's word.
 * One row per rule; a descriptor that no rule knows to be harmless breaks the proof.
 *
 * Why closed descriptors are enough: QEMU closes an image only after its requests
 * have finished (bdrv_close drains), so no request in a kernel queue (AIO, io_uring)
 * outlives the descriptor; shared mappings, which would, are looked at by themselves.
 */
#include "guard/look.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/holdings.h"
#include "sys/proc.h"

struct view {
    const struct record *record;
    const struct proc_fd *fd;
    size_t fd_count;
};

/* True where this descriptor breaks the rule. */
typedef bool (*breaks_fn)(const struct view *v, const struct proc_fd *fd);

static bool breaks_disks(const struct view *v, const struct proc_fd *fd)
{
    for (size_t i = 0; i < v->record->disk_count; i++) {
        if (file_id_same(&v->record->disk[i].id, &fd->id)) {
            return fd->kind == FD_REGULAR || fd->kind == FD_BLOCK;
        }
    }
    return false;
}

static bool breaks_block(const struct view *v, const struct proc_fd *fd)
{
    (void) v;
    return fd->kind == FD_BLOCK;
}

/* Streams (serial logs, QEMU's log, a dump that runs) are no disks: holdings.h. */
static bool breaks_files(const struct view *v, const struct proc_fd *fd)
{
    (void) v;
    return fd->kind == FD_REGULAR && fd->writable && !holdings_is_stream(fd);
}

/*
 * fdinfo shows all that /proc/locks has for this process (a lock never outlives the last
 * descriptor), without the grace period (8 ms) for which the latter stalls every lock on the
 * node. QEMU locks its pid file for life, on tmpfs.
 */
static bool breaks_locks(const struct view *v, const struct proc_fd *fd)
{
    (void) v;
    return fd->locked && fd->kind != FD_HARMLESS;
}

static bool breaks_passthrough(const struct view *v, const struct proc_fd *fd)
{
    (void) v;
    return fd->kind == FD_PASSTHROUGH;
}

/* A vhost worker sends through a tap of its own reference, which no descriptor shows. */
static bool breaks_network(const struct view *v, const struct proc_fd *fd)
{
    (void) v;
    return fd->kind == FD_TUN || fd->kind == FD_VHOST_NET;
}

/* The consoles (VNC, SPICE) listen, and their clients come in on the same port. */
static bool breaks_inet(const struct view *v, const struct proc_fd *fd)
{
    if (fd->kind != FD_INET_SOCKET || fd->listening) {
        return false;
    }
    for (size_t i = 0; i < v->fd_count; i++) {
        const struct proc_fd *other = &v->fd[i];

        if (other->kind == FD_INET_SOCKET && other->listening && fd->local_port != 0 &&
            other->local_port == fd->local_port) {
            return false;
        }
    }
    return true;
}

/*
 * A named unix socket is QEMU's own end of a channel that others came to (monitor, guest
 * agent, consoles). A nameless one was opened by QEMU towards somebody: a disk (NBD), a
 * network (passt, vhost-user) or a helper that acts for it. Only libvirt's lock daemon does
 * nothing for QEMU: the connection that QEMU inherits tells the daemon when QEMU ends, and libvirt
 * has had it restricted (virLockSpaceProtocol's RESTRICT): whatever is asked through it is
 * refused. What sanlock's permits is not known here: it counts as a way out.
 */
static bool breaks_unix(const struct view *v, const struct proc_fd *fd)
{
    const char *name = fd->detail ? strrchr(fd->detail, ' ') : NULL;

    return fd->kind == FD_UNIX_SOCKET && (!name || name[1] == '\0') &&
           !proc_leads_to_lockd(v->record->process.pid, fd->id.ino);
}

static bool breaks_unknown(const struct view *v, const struct proc_fd *fd)
{
    (void) v;
    return fd->kind == FD_OTHER;
}

struct rule {
    const char *check;
    breaks_fn breaks;
    const char *holds; /* what is seen when it holds */
};

static const struct rule rules[] = {
    {"disks of the guest", breaks_disks, "none of the recorded files or devices is open"},
    {"block devices", breaks_block, "none is open"},
    {"files", breaks_files, "none is open for writing but streams to logs"},
    {"file locks", breaks_locks, "none is held"},
    {"pass-through devices", breaks_passthrough, "none is open"},
    {"network interfaces", breaks_network, "no tap and no vhost-net is open"},
    {"network sockets", breaks_inet, "none but consoles and their clients"},
    {"unix sockets", breaks_unix, "none towards others but libvirt's lock daemon"},
    {"other descriptors", breaks_unknown, "none that could not be told"},
};

/* Adds the proof; the first failure of a look gives the reason. */
static int conclude(struct record *r, const char *check, bool holds, const char *seen,
                    int so_far, struct err *why)
{
    record_add_proof(r, holds, check, seen);
    if (holds || so_far < 0) {
        return so_far;
    }
    return err_set(why, -EBUSY, ERR_GENERIC, "QEMU process %d, %s: %s", (int) r->process.pid,
                   check, seen);
}

static int apply(struct record *r, const struct rule *rule, const struct view *v, int so_far,
                 struct err *why)
{
    const struct proc_fd *first = NULL;
    size_t count = 0;

    for (size_t i = 0; i < v->fd_count; i++) {
        if (rule->breaks(v, &v->fd[i])) {
            first = first ? first : &v->fd[i];
            count++;
        }
    }
    if (!first) {
        return conclude(r, rule->check, true, rule->holds, so_far, why);
    }
    _cleanup_free_ char *seen =
        str_printf("%zu open, first: descriptor %d, %s%s%s%s", count, first->fd, first->path,
                   first->detail ? " " : "", first->detail ? first->detail : "",
                   first->writable ? ", writable" : "");
    return conclude(r, rule->check, false, seen, so_far, why);
}

static int look_at_fds(struct record *r, int so_far, struct err *why)
{
    struct proc_fd *fds = NULL;
    struct view v = {.record = r};
    int rc = proc_list_fds(r->process.pid, &fds, &v.fd_count, why);

    if (rc < 0) {
        return rc;
    }
    v.fd = fds;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        so_far = apply(r, &rules[i], &v, so_far, why);
    }
    proc_fds_free(fds, v.fd_count);
    return so_far;
}

static int look_at_mappings(struct record *r, int so_far, struct err *why)
{
    _cleanup_free_ char *path = NULL;
    int rc = proc_shared_mapping(r->process.pid, &path, why);

    if (rc < 0) {
        return rc;
    }
    _cleanup_free_ char *seen = path ? str_printf("%s is mapped for writing", path)
                                     : str_dup("no file is mapped for writing");
    return conclude(r, "shared mappings", !path, seen, so_far, why);
}

/* Before and after the look: a PID that was reused meanwhile would prove another process. */
static int same_process(const struct record *r, struct err *why)
{
    switch (proc_state(&r->process)) {
    case PROCESS_ALIVE:
        return 0;
    case PROCESS_DEAD:
        return err_set(why, -ESRCH, ERR_GENERIC, "QEMU process %d has ended",
                       (int) r->process.pid);
    case PROCESS_UNPROVABLE:
        break;
    }
    return err_set(why, -EIO, ERR_GENERIC, "QEMU process %d cannot be looked at",
                   (int) r->process.pid);
}

int look_outside(struct record *r, struct err *why)
{
    int rc = same_process(r, why);

    if (rc < 0) {
        return rc;
    }
    rc = look_at_fds(r, rc, why);
    if (rc == 0 || rc == -EBUSY) {
        rc = look_at_mappings(r, rc, why);
    }
    struct err changed = {0};
    int still = same_process(r, &changed);
    if (still < 0) {
        *why = changed;
        return still;
    }
    return rc;
}
