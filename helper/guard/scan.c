/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searches among QEMU processes, each in a stage. Owns how a process is matched
 * to a guest; what is done about it is decided by the callers.
 */
#include "guard/scan.h"

#include <stdio.h>
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

/* A UUID is the guest itself; a name may have been given to another guest since. */
static const struct qemu_process *pick(const struct qemu_process *list, size_t count,
                                       const struct wanted *w)
{
    const struct qemu_process *namesake = NULL;

    for (size_t i = 0; i < count; i++) {
        if (w->uuid && list[i].uuid && str_eq(list[i].uuid, w->uuid)) {
            return &list[i];
        }
        if (w->name && list[i].name && str_eq(list[i].name, w->name)) {
            namesake = &list[i];
        }
    }
    return namesake;
}

static int search_stage(void *shared, const void *input, struct err *why)
{
    struct scan_result *ret = shared;
    struct qemu_process *list = NULL;
    size_t count = 0;
    int rc = proc_list_qemu(&list, &count, why);

    if (rc < 0) {
        return rc;
    }
    const struct qemu_process *p = pick(list, count, input);
    if (p) {
        ret->id = p->id;
        snprintf(ret->uuid, sizeof ret->uuid, "%s", p->uuid ? p->uuid : "");
        ret->found = true;
    }
    proc_qemu_free(list, count);
    return 0;
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

        if (r->process.pid == p->id.pid && r->process.start_ticks == p->id.start_ticks) {
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

static int strangers_stage(void *shared, const void *input, struct err *why)
{
    struct scan_strangers *ret = shared;
    const struct wanted *w = input;
    struct qemu_process *list = NULL;
    struct record **records = NULL;
    size_t count = 0;
    size_t known = 0;
    int rc = proc_list_qemu(&list, &count, why);

    if (rc == 0 && count > 0) {
        rc = statedir_list(&records, &known, why);
    }
    for (size_t i = 0; rc == 0 && i < count; i++) {
        if (!accounted(&list[i], records, known)) {
            ret->count++;
            ret->namesake = ret->namesake || (w->name && list[i].name &&
                                              str_eq(list[i].name, w->name));
        }
    }
    statedir_list_free(records, known);
    proc_qemu_free(list, count);
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
