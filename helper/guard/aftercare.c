/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order of things: what has to go goes first, since it makes room. The guest's lock is only
 * held while its record changes, so that monitors and stops of the frozen guest go on.
 */
#include "guard/aftercare.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "guard/release.h"
#include "model/care.h"
#include "sys/cluster.h"
#include "sys/proc.h"
#include "sys/statedir.h"

enum { LOCK_MS = 30 * 1000, CLUSTER_MS = 30 * 1000 };

/* What could not be done in this run is left for the next: it must not keep others from theirs. */
struct run {
    char **failed;
    size_t failed_count;
    struct err why; /* of the first */
    int rc;
};

static bool has_failed(const struct run *run, const char *name)
{
    for (size_t i = 0; i < run->failed_count; i++) {
        if (str_eq(run->failed[i], name)) {
            return true;
        }
    }
    return false;
}

static void note_failed(struct run *run, const char *name, int rc, const struct err *why)
{
    *(char **) array_add(&run->failed, &run->failed_count, sizeof *run->failed) = str_dup(name);
    log_info("guest '%s': not now: %s", name, why->text);
    if (run->rc == 0) {
        run->rc = rc;
        run->why = *why;
    }
}

/* One record that cannot be read is one guest less. */
static int list_readable(struct record ***ret, size_t *ret_count, struct err *why)
{
    char **file = NULL;
    size_t count = 0;
    int rc = statedir_files(&file, &count, why);

    for (size_t i = 0; i < count; i++) {
        struct record *r = NULL;
        struct err ignored = {0};

        if (statedir_load_file(file[i], &r, &ignored) == 0) {
            *(struct record **) array_add(ret, ret_count, sizeof **ret) = r;
        }
    }
    str_list_free(file, count);
    return rc;
}

static bool is_surplus(const char *name)
{
    struct record **list = NULL;
    size_t count = 0;
    struct err ignored = {0};
    const struct record *surplus;
    bool is = false;

    if (list_readable(&list, &count, &ignored) == 0) {
        surplus = care_surplus(list, count);
        is = surplus && str_eq(surplus->name, name);
    }
    statedir_list_free(list, count);
    return is;
}

/* Still in that process, and still to go. `need`: CARE_NOTHING: one frozen guest too many. */
static bool is_due(const struct record *r, const struct record *found, enum care_need need)
{
    return r->phase == PHASE_FROZEN && process_same(&r->process, &found->process) &&
           (need == CARE_NOTHING ? r->incident.state == INCIDENT_KEPT && is_surplus(r->name)
                                 : care_due_of(r, clock_mono_us()).need == need);
}

/* -EAGAIN: it is no longer due. */
static int end(const struct record *found, enum care_need need, struct record **ret,
               struct err *why)
{
    _cleanup_close_ int lock = -1;
    int rc = statedir_lock(found->name, deadline_in_ms(LOCK_MS), &lock, why);

    if (rc == 0) {
        rc = statedir_load(found->name, ret, why);
    }
    if (rc == 0 && !is_due(*ret, found, need)) {
        return err_set(why, -EAGAIN, ERR_GENERIC, "it has changed meanwhile");
    }
    return rc < 0 ? rc : release_frozen(*ret, deadline_in_ms(RELEASE_MS), why);
}

static void tell_cluster(const struct record *r)
{
    struct err why = {0};

    release_announce(r, deadline_in_ms(CLUSTER_MS), &why);
    if (r->resource &&
        cluster_clean_up(r->resource, deadline_in_ms(CLUSTER_MS), &why) < 0) {
        log_info("guest '%s': its failures on this node are not cleaned up: %s", r->name, why.text);
    }
}

/* The cluster is asked and told without the guest's lock: its probes want that, too. */
static int release(const struct record *found, enum care_need need, const char *because,
                   struct err *why)
{
    _cleanup_record_ struct record *r = NULL;
    int rc = release_allowed(found, deadline_in_ms(CLUSTER_MS), why);

    if (rc < 0) {
        return err_prefix(why, rc, "it stays frozen, though %s", because);
    }
    rc = end(found, need, &r, why);
    if (rc == 0) {
        log_notice("released the frozen guest '%s': %s", found->name, because);
        tell_cluster(r);
    }
    return rc;
}

/* A frozen guest whose QEMU ended by itself, or by the kernel's hand: there is nothing to keep. */
static int note_dead(const struct record *found, struct err *why)
{
    _cleanup_record_ struct record *r = NULL;
    _cleanup_close_ int lock = -1;
    int rc = statedir_lock(found->name, deadline_in_ms(LOCK_MS), &lock, why);

    if (rc == 0) {
        rc = statedir_load(found->name, &r, why);
    }
    if (rc == 0 && r->phase == PHASE_FROZEN && proc_state(&r->process) == PROCESS_DEAD) {
        rc = release_alone(r, deadline_in_ms(RELEASE_MS), why);
        log_warning("the frozen guest '%s' is gone without a release", found->name);
    }
    return rc;
}

static int do_what_is_due(const struct record *r, const struct care_due *due, struct err *why)
{
    struct collect_request wanted = {.format = r->care.dump_format};

    if (proc_state(&r->process) == PROCESS_DEAD) {
        return note_dead(r, why);
    }
    return due->need == CARE_RELEASE ? release(r, due->need, due->because, why)
                                     : collect_guest(r->name, &wanted, why);
}

/* What has to go goes first, since it makes room. NULL: nothing is due. */
static const struct record *next_due(struct record *const *list, size_t count,
                                     const struct run *run, struct care_due *ret)
{
    const struct record *next = NULL;

    for (size_t i = 0; i < count; i++) {
        struct care_due due = care_due_of(list[i], clock_mono_us());
        bool dead = list[i]->phase == PHASE_FROZEN &&
                    proc_state(&list[i]->process) == PROCESS_DEAD;

        if ((due.need == CARE_NOTHING && !dead) || has_failed(run, list[i]->name)) {
            continue;
        }
        if (!next || dead || (due.need == CARE_RELEASE && ret->need == CARE_COLLECT)) {
            next = list[i];
            *ret = due;
        }
        if (dead) {
            break;
        }
    }
    return next;
}

/* True: one thing was done, or could not be: look again. */
static bool do_next(struct run *run, struct record *const *list, size_t count)
{
    struct err why = {0};
    struct care_due due = {0};
    const struct record *r = care_surplus(list, count);
    int rc;

    if (r && !has_failed(run, r->name)) {
        rc = release(r, CARE_NOTHING, "more guests are frozen than frozen_max", &why);
    } else {
        r = next_due(list, count, run, &due);
        rc = r ? do_what_is_due(r, &due, &why) : 0;
    }
    if (rc < 0) {
        note_failed(run, r->name, rc, &why);
    }
    return r != NULL;
}

static bool go_on(struct run *run)
{
    struct record **list = NULL;
    size_t count = 0;
    struct err why = {0};
    int rc = list_readable(&list, &count, &why);
    bool more = rc == 0 && do_next(run, list, count);

    if (rc < 0) {
        run->rc = rc;
        run->why = why;
    }
    statedir_list_free(list, count);
    return more;
}

int aftercare_run(struct err *why)
{
    struct run run = {0};
    _cleanup_close_ int lock = -1;
    int rc = statedir_lock_care(deadline_in_ms(0), &lock, why);

    if (rc < 0) {
        return rc == -ETIMEDOUT ? -EBUSY : rc;
    }
    while (go_on(&run)) {
    }
    str_list_free(run.failed, run.failed_count);
    *why = run.why;
    return run.rc;
}

int aftercare_dump(struct record **r, const struct collect_request *wanted, struct err *why)
{
    _cleanup_free_ char *name = str_dup((*r)->name);
    int rc = collect_guest(name, wanted, why);

    if (rc == 0) {
        record_free(*r);
        *r = NULL;
        rc = statedir_load(name, r, why);
    }
    return rc;
}
