/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searches among QEMU processes, each in a stage. Two witnesses name them: what processes are
 * called and were given, and libvirt's locked pid files, which know a wrapper or a QEMU of any
 * other name. Owns how a process is matched to a guest; what is done about it is decided by the
 * callers.
 */
#include "guard/scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "base/str.h"
#include "sys/proc.h"
#include "sys/stage.h"
#include "sys/statedir.h"

struct wanted {
    const char *name;
    const char *uuid;
};

struct found {
    struct qemu_process *list;
    size_t count;
};

static const char *run_dir = GVM_QEMU_RUN_DIR;

void scan_set_run_dir(const char *path)
{
    run_dir = path ? path : GVM_QEMU_RUN_DIR;
}

enum match { MATCH_NONE, MATCH_NAME, MATCH_UUID };

/* A UUID is the guest itself; a name may have been given to another guest since. */
static enum match match_of(const struct qemu_process *p, const struct wanted *w)
{
    if (w->uuid && p->uuid && str_eq(p->uuid, w->uuid)) {
        return MATCH_UUID;
    }
    return w->name && p->name && str_eq(p->name, w->name) ? MATCH_NAME : MATCH_NONE;
}

static const struct qemu_process *pick(const struct found *f, const struct wanted *w)
{
    const struct qemu_process *best = NULL;

    for (size_t i = 0; i < f->count; i++) {
        enum match m = match_of(&f->list[i], w);

        if (m != MATCH_NONE && (!best || m > match_of(best, w))) {
            best = &f->list[i];
        }
    }
    return best;
}

static const struct qemu_process *by_pid(const struct found *f, pid_t pid)
{
    for (size_t i = 0; i < f->count; i++) {
        if (f->list[i].id.pid == pid) {
            return &f->list[i];
        }
    }
    return NULL;
}

/* Adds the process that holds the guest's pid file, if there is one and it is not there yet. */
static int add_holder(struct found *f, const char *guest, struct process_id *ret, struct err *why)
{
    struct qemu_process q = {0};
    int rc = proc_pidfile_holder(run_dir, guest, ret, why);

    if (rc < 0 || ret->pid == 0 || by_pid(f, ret->pid)) {
        return rc;
    }
    rc = proc_read_qemu(ret->pid, &q, why);
    if (rc < 0) {
        return rc;
    }
    /* Whatever its words say, the file says whose it is. */
    free(q.name);
    q.name = str_dup(guest);
    *(struct qemu_process *) array_add(&f->list, &f->count, sizeof q) = q;
    return 0;
}

/* The same, and once more where the holder has ended since. One that lives and is not told to be
 * a guest's, as in the moment before libvirt's child becomes QEMU, is doubt. */
static int ask_pidfile(struct found *f, const char *guest, struct process_id *ret, struct err *why)
{
    int rc = add_holder(f, guest, ret, why);

    if (rc == -ESRCH) {
        rc = add_holder(f, guest, ret, why);
    }
    return rc == -ESRCH ? err_prefix(why, -EIO, "who holds libvirt's pid file of guest '%s'", guest)
                        : rc;
}

/* Two processes that are the guest with equal right: nobody can say which one writes. */
static int agree(const struct qemu_process *p, const struct qemu_process *holder,
                 const struct wanted *w, struct err *why)
{
    if (!p || !holder || p == holder || match_of(p, w) != match_of(holder, w)) {
        return 0;
    }
    return err_set(why, -ENOTUNIQ, ERR_GENERIC, "processes %d and %d both are QEMUs of guest '%s', "
                   "and libvirt's pid file names the second", (int) p->id.pid,
                   (int) holder->id.pid, w->name);
}

static int search(struct found *f, const struct wanted *w, struct scan_result *ret,
                  struct err *why)
{
    struct process_id holder = {0};
    int rc = proc_list_qemu(&f->list, &f->count, why);

    /* After the list: what has come up meanwhile is seen here. */
    if (rc == 0 && w->name) {
        rc = ask_pidfile(f, w->name, &holder, why);
    }
    const struct qemu_process *p = rc == 0 ? pick(f, w) : NULL;
    if (rc == 0) {
        rc = agree(p, holder.pid ? by_pid(f, holder.pid) : NULL, w, why);
    }
    if (rc == 0 && p) {
        ret->id = p->id;
        snprintf(ret->uuid, sizeof ret->uuid, "%s", p->uuid ? p->uuid : "");
        ret->found = true;
    }
    return rc;
}

static int search_stage(void *shared, const void *input, struct err *why)
{
    struct found f = {0};
    int rc = search(&f, input, shared, why);

    proc_qemu_free(f.list, f.count);
    return rc;
}

int scan_guest(const char *name, const char *uuid, struct deadline until,
               struct scan_result *ret, struct err *why)
{
    struct scan_result *shared = stage_memory(sizeof *shared);
    struct wanted w = {.name = name, .uuid = uuid};
    int rc = stage_run("looking for the guest among QEMU processes", search_stage, shared, &w,
                       until, why);

    if (rc == 0) {
        *ret = *shared;
    }
    stage_memory_free(shared, sizeof *shared);
    return rc;
}

static bool accounted(const struct qemu_process *p, struct record *const *records, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct record *r = records[i];

        if (process_same(&r->process, &p->id)) {
            return true;
        }
        if (r->uuid && p->uuid && str_eq(r->uuid, p->uuid)) {
            return true;
        }
        if (r->name && p->name && str_eq(r->name, p->name)) {
            return true;
        }
    }
    return false;
}

/* All QEMUs: also those that only their pid files tell. */
static int list_all(struct found *f, struct err *why)
{
    char **guest = NULL;
    size_t count = 0;
    struct process_id holder;
    int rc = proc_list_qemu(&f->list, &f->count, why);

    if (rc == 0) {
        rc = proc_pidfile_guests(run_dir, &guest, &count, why);
    }
    for (size_t i = 0; rc == 0 && i < count; i++) {
        rc = ask_pidfile(f, guest[i], &holder, why);
    }
    str_list_free(guest, count);
    return rc;
}

static int strangers_stage(void *shared, const void *input, struct err *why)
{
    struct scan_strangers *ret = shared;
    const struct wanted *w = input;
    struct found f = {0};
    struct record **records = NULL;
    size_t known = 0;
    int rc = list_all(&f, why);

    if (rc == 0 && f.count > 0) {
        rc = statedir_list(&records, &known, why);
    }
    for (size_t i = 0; rc == 0 && i < f.count; i++) {
        if (!accounted(&f.list[i], records, known)) {
            ret->count++;
            ret->namesake = ret->namesake || (w->name && f.list[i].name &&
                                              str_eq(f.list[i].name, w->name));
        }
    }
    statedir_list_free(records, known);
    proc_qemu_free(f.list, f.count);
    return rc;
}

int scan_for_strangers(const char *name, struct deadline until, struct scan_strangers *ret,
                       struct err *why)
{
    struct scan_strangers *shared = stage_memory(sizeof *shared);
    struct wanted w = {.name = name};
    int rc = stage_run("counting QEMU processes without a record", strangers_stage, shared, &w,
                       until, why);

    if (rc == 0) {
        *ret = *shared;
    }
    stage_memory_free(shared, sizeof *shared);
    return rc;
}
