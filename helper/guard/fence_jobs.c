/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ends what goes on after the vCPUs are stopped: migration, exports of
 * disks to others, block jobs. A mirror or commit is cancelled by force, so that it
 * neither pivots nor completes; the guest's own image stays as it was.
 */
#include "guard/fence.h"

#include <errno.h>
#include <stdbool.h>

#include "base/str.h"
#include "sys/qmp.h"

enum {
    POLL_PAUSE_MS = 2,
    /* libvirt dismisses its jobs itself; after so many looks we do it for others' jobs. */
    DISMISS_AFTER = 10
};

static bool one_of(const char *word, const char *const *list)
{
    for (; *list; list++) {
        if (str_eq(word, *list)) {
            return true;
        }
    }
    return false;
}

/* MigrationStatus of qapi/migration.json. */
static int ask_migration(struct fence *f, bool *ret_going, bool *ret_cancellable, struct err *why)
{
    static const char *const quiet[] = {"none", "completed", "failed", "cancelled", NULL};
    static const char *const split[] = {"postcopy-active", "postcopy-paused", "postcopy-recover",
                                        "postcopy-recover-setup", NULL};
    struct json_object *reply = NULL;
    int rc = qmp_run(f->domain, "query-migrate", NULL, &reply, why);

    if (rc == 0) {
        const char *status = fence_text(reply, "status");

        *ret_going = status && !one_of(status, quiet);
        *ret_cancellable = !one_of(status, split);
        json_object_put(reply);
    }
    return rc;
}

int fence_migration(struct fence *f, struct err *why)
{
    bool cancelled = false;

    for (;;) {
        bool going = false;
        bool cancellable = false;
        int rc = ask_migration(f, &going, &cancellable, why);

        if (rc < 0 || !going) {
            return rc;
        }
        if (!cancellable) {
            return err_set(why, -EBUSY, ERR_GENERIC,
                           "a post-copy migration has the memory split over two hosts");
        }
        if (!cancelled) {
            rc = qmp_run(f->domain, "migrate_cancel", NULL, NULL, why);
            cancelled = true;
        }
        if (rc < 0) {
            return rc;
        }
        if (deadline_over(f->until)) {
            return err_set(why, -ETIMEDOUT, ERR_GENERIC, "the migration did not end in time");
        }
        clock_pause_ms(POLL_PAUSE_MS, f->until);
    }
}

/* What is listed may be gone when it is named: QEMU's refusal is no error, the next look tells. */
static int tell(struct fence *f, const char *command, struct json_object *args, struct err *why)
{
    int rc = qmp_run(f->domain, command, args, NULL, why);

    return rc == -EREMOTEIO ? 0 : rc;
}

static int end_export(struct fence *f, struct json_object *item, int look, struct err *why)
{
    struct json_object *args;

    if (look > 0) {
        return 0;
    }
    args = fence_arg("id", fence_text(item, "id"));
    json_object_object_add(args, "mode", json_object_new_string("hard"));
    return tell(f, "block-export-del", args, why);
}

static int end_job(struct fence *f, struct json_object *item, int look, struct err *why)
{
    const char *id = fence_text(item, "id");

    if (str_eq(fence_text(item, "status"), "concluded")) {
        return look < DISMISS_AFTER ? 0 : tell(f, "job-dismiss", fence_arg("id", id), why);
    }
    return look > 0 ? 0 : tell(f, "job-cancel", fence_arg("id", id), why);
}

typedef int (*end_fn)(struct fence *f, struct json_object *item, int look, struct err *why);

static int end_listed(struct fence *f, struct json_object *list, end_fn end, int look,
                      struct err *why)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < json_object_array_length(list); i++) {
        struct json_object *item = json_object_array_get_idx(list, i);

        if (!fence_text(item, "id")) {
            return err_set(why, -EBADMSG, ERR_GENERIC, "QEMU lists one without an id");
        }
        rc = end(f, item, look, why);
    }
    return rc;
}

/* Looks at `query`'s list, ends what is in it, until nothing is. */
static int end_all(struct fence *f, const char *query, end_fn end, struct err *why)
{
    for (int look = 0;; look++) {
        struct json_object *list = NULL;
        int rc = qmp_run(f->domain, query, NULL, &list, why);
        size_t left = 0;

        if (rc < 0) {
            return rc;
        }
        if (json_object_is_type(list, json_type_array)) {
            left = json_object_array_length(list);
            rc = end_listed(f, list, end, look, why);
        } else {
            rc = err_set(why, -EBADMSG, ERR_GENERIC, "%s: the answer is no list", query);
        }
        json_object_put(list);
        if (rc < 0 || left == 0) {
            return rc;
        }
        if (deadline_over(f->until)) {
            return err_set(why, -ETIMEDOUT, ERR_GENERIC, "%s: %zu did not end in time", query,
                           left);
        }
        clock_pause_ms(POLL_PAUSE_MS, f->until);
    }
}

int fence_exports(struct fence *f, struct err *why)
{
    return end_all(f, "query-block-exports", end_export, why);
}

int fence_jobs(struct fence *f, struct err *why)
{
    return end_all(f, "query-jobs", end_job, why);
}
