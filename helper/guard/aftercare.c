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
#include "sys/statedir.h"

enum { LOCK_MS = 30 * 1000, RELEASE_MS = 60 * 1000, CLUSTER_MS = 30 * 1000 };

int aftercare_lock(struct deadline until, int *ret_fd, struct err *why)
{
    return statedir_lock_care(until, ret_fd, why);
}

/* Under its lock, as it is now; -EAGAIN: it is no longer due. */
static int load_due(const char *name, enum care_need need, struct record **ret, struct err *why)
{
    int rc = statedir_load(name, ret, why);

    if (rc == 0 && need != CARE_NOTHING &&
        care_due_of(*ret, clock_mono_us()).need != need) {
        return -EAGAIN;
    }
    return rc == 0 && (*ret)->phase != PHASE_FROZEN ? -EAGAIN : rc;
}

/* A positive word only: where the cluster cannot be asked, its policy still stands. */
static bool is_unmanaged(const struct record *r)
{
    struct err ignored = {0};
    bool managed = true;

    return r->resource && cluster_manages(r->resource, &managed, deadline_in_ms(CLUSTER_MS),
                                          &ignored) == 0 && !managed;
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

/* `need`: what it was found due for, CARE_NOTHING: too many are frozen. */
static int release(const char *name, enum care_need need, const char *because, struct err *why)
{
    _cleanup_record_ struct record *r = NULL;
    _cleanup_close_ int lock = -1;
    int rc = statedir_lock(name, deadline_in_ms(LOCK_MS), &lock, why);

    if (rc == 0) {
        rc = load_due(name, need, &r, why);
    }
    if (rc == 0 && is_unmanaged(r)) {
        return err_set(why, -EPERM, ERR_GENERIC, "guest '%s' stays frozen while its resource is "
                       "unmanaged or in maintenance, though %s", name, because);
    }
    if (rc == 0) {
        rc = release_frozen(r, deadline_in_ms(RELEASE_MS), why);
    }
    if (rc == 0) {
        log_notice("released the frozen guest '%s': %s", name, because);
        tell_cluster(r);
    }
    return rc == -EAGAIN ? 0 : rc;
}

/* One thing that is due. 0: done, look again; 1: nothing is. */
static int do_next(struct record *const *list, size_t count, struct err *why)
{
    const struct record *surplus = care_surplus(list, count);
    const struct record *to_collect = NULL;

    if (surplus) {
        return release(surplus->name, CARE_NOTHING, "more guests are frozen than frozen_max", why);
    }
    for (size_t i = 0; i < count; i++) {
        struct care_due due = care_due_of(list[i], clock_mono_us());

        if (due.need == CARE_RELEASE) {
            return release(list[i]->name, due.need, due.because, why);
        }
        if (due.need == CARE_COLLECT && !to_collect) {
            to_collect = list[i];
        }
    }
    if (to_collect) {
        struct collect_request wanted = {.format = to_collect->care.dump_format};

        return collect_guest(to_collect->name, &wanted, why);
    }
    return 1;
}

int aftercare_run(struct err *why)
{
    _cleanup_close_ int lock = -1;
    int rc = aftercare_lock(deadline_in_ms(0), &lock, why);

    if (rc < 0) {
        return rc == -ETIMEDOUT ? -EBUSY : rc;
    }
    while (rc == 0) {
        struct record **list = NULL;
        size_t count = 0;

        rc = statedir_list(&list, &count, why);
        if (rc == 0) {
            rc = do_next(list, count, why);
        }
        statedir_list_free(list, count);
    }
    return rc < 0 ? rc : 0;
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
    if (rc == 0 && !(*r)->incident.evidence.dump) {
        return err_set(why, -ENODATA, ERR_GENERIC, "no dump of guest '%s': %s", name,
                       (*r)->incident.evidence.note ? (*r)->incident.evidence.note : "none wanted");
    }
    return rc;
}
