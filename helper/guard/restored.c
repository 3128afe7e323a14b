/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From saved memory to a guest that is there again, paused: whose it is, whether its disks are as
 * it left them, and what becomes of the file.
 */
#include "guard/saved.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "model/domxml.h"
#include "sys/savefile.h"
#include "sys/stage.h"
#include "sys/virt_save.h"

enum { OPEN_PERCENT = 60, OPEN_MOST_MS = 30 * 1000 };

/* What a saved file says of its guest. */
static int read_saved(struct virt *v, const char *path, char **ret_xml, struct domxml **ret,
                      struct err *why)
{
    int rc = virt_saved_xml(v, path, ret_xml, why);

    return rc < 0 ? rc : domxml_parse(*ret_xml, strlen(*ret_xml), ret, why);
}

/* A save that was interrupted, by a time-out, by kill -9 or by the node's end. */
static int settle(struct virt *v, const struct saved *s, enum saved_by by, enum saved_found *ret,
                  struct err *why)
{
    const char *guest = s->record->name;
    _cleanup_free_ char *path = savefile_path(s->folder, guest, SAVEFILE_PARTIAL);
    _cleanup_domxml_ struct domxml *saved = NULL;
    _cleanup_free_ char *xml = NULL;
    int64_t disks_ns;
    int64_t saved_ns;
    int rc = savefile_look(s->folder, guest, SAVEFILE_PARTIAL, &saved_ns, why);

    if (rc < 0 && rc != -EPERM) { /* ours, and QEMU's user's while libvirt wrote it */
        return rc == -ENOENT ? 0 : rc;
    }
    rc = savefile_is_complete(s->folder, guest, why);
    if (rc == 0 && by == SAVED_BY_ANYBODY) {
        return 0;
    }
    if (rc == 0) {
        *ret = SAVED_LOST;
        return savefile_remove(s->folder, guest, SAVEFILE_PARTIAL, why);
    }
    rc = rc < 0 ? rc : read_saved(v, path, &xml, &saved, why);
    if (rc < 0) {
        return rc;
    }
    disks_ns = savefile_newest_disk(saved);
    if (by == SAVED_BY_ANYBODY && saved_ns < disks_ns) {
        return 0;
    }
    if (by != SAVED_BY_US && saved_ns < disks_ns) {
        *ret = SAVED_STALE;
        return savefile_move(s->folder, guest, SAVEFILE_PARTIAL, SAVEFILE_STALE, why);
    }
    rc = savefile_publish(s->folder, guest, disks_ns, why);
    *ret = rc == 0 ? SAVED_KEPT : *ret;
    return rc;
}

struct settle_input {
    const struct saved *saved;
    enum saved_by by;
    struct deadline until;
};

static int settle_stage(void *shared, const void *input, struct err *why)
{
    const struct settle_input *in = input;
    const struct saved *s = in->saved;
    _cleanup_virt_ struct virt *v = NULL;
    int rc = savefile_folder(s->folder, why);

    if (rc == 0) {
        rc = savefile_look(s->folder, s->record->name, SAVEFILE_PARTIAL, NULL, why);
        rc = rc == -EPERM ? 0 : rc; /* as in settle */
    }
    if (rc < 0) {
        return rc == -ENOENT ? 0 : rc;
    }
    rc = virt_open(s->record->uri, deadline_part(in->until, OPEN_PERCENT, OPEN_MOST_MS), &v, why);
    return rc < 0 ? rc : settle(v, s, in->by, shared, why);
}

int saved_settle(const struct saved *s, enum saved_by by, struct deadline until,
                 enum saved_found *ret, struct err *why)
{
    struct settle_input in = {s, by, until};
    enum saved_found *found = stage_memory(sizeof *found);
    int rc = stage_run("completing what is saved of the guest", settle_stage, found, &in, until,
                       why);

    *ret = *found;
    stage_memory_free(found, sizeof *found);
    return rc;
}

/* Another guest's memory on this guest's disks would be the end of them. */
static int check_whose(const struct domxml *saved, const char *name, const char *uuid,
                       struct err *why)
{
    if (str_eq(saved->name, name) && (!uuid || str_eq(saved->uuid, uuid))) {
        return 0;
    }
    return err_set(why, -EINVAL, ERR_GENERIC, "it is of guest '%s' (UUID %s), not of '%s' (%s)",
                   saved->name, saved->uuid ? saved->uuid : "none", name, uuid ? uuid : "none");
}

/* The guest was saved as an agent started it; one that another agent had started is brought in
 * line, but for what the guest would see. */
static int restore(struct virt *v, const struct saved *s, const char *path, const char *xml,
                   struct err *why)
{
    const struct params as_saved = {.watchdog = WATCHDOG_KEEP, .panic_device = PANIC_KEEP};
    _cleanup_free_ char *effective = NULL;
    int rc = domxml_effective(xml, strlen(xml), &as_saved, &effective, why);

    return rc < 0 ? rc : virt_restore_paused(v, path, effective, s->bypass_cache, why);
}

static int restore_or_set_aside(struct virt *v, const struct saved *s, const char *uuid,
                                int64_t saved_ns, enum saved_found *ret,
                                struct domain **ret_domain, struct err *why)
{
    const char *name = s->record->name;
    _cleanup_free_ char *path = savefile_path(s->folder, name, SAVEFILE_STATE);
    _cleanup_domxml_ struct domxml *saved = NULL;
    _cleanup_free_ char *xml = NULL;
    int rc = read_saved(v, path, &xml, &saved, why);

    if (rc == 0) {
        rc = check_whose(saved, name, uuid, why);
    }
    if (rc == 0 && saved_ns < savefile_newest_disk(saved)) {
        rc = savefile_move(s->folder, name, SAVEFILE_STATE, SAVEFILE_STALE, why);
        *ret = rc == 0 ? SAVED_STALE : *ret;
        return rc;
    }
    if (rc == 0) {
        rc = restore(v, s, path, xml, why);
    }
    if (rc < 0) {
        return err_prefix(why, rc, "guest '%s' is not started, because its saved memory '%s' "
                          "cannot be restored (to start it without, move that file away)", name,
                          path);
    }
    *ret = SAVED_KEPT;
    return virt_find(v, saved->uuid, saved->name, ret_domain, why);
}

static int bring_back(struct virt *v, const struct saved *s, const char *uuid,
                      enum saved_found *ret, struct domain **ret_domain, struct err *why)
{
    int64_t saved_ns = 0;
    int rc = savefile_folder(s->folder, why);

    if (rc == 0) {
        rc = settle(v, s, SAVED_BY_NOBODY_ELSE, ret, why);
    }
    if (rc < 0) {
        return rc;
    }
    rc = savefile_look(s->folder, s->record->name, SAVEFILE_STATE, &saved_ns, why);
    *ret = *ret == SAVED_KEPT ? SAVED_NOTHING : *ret;
    if (rc < 0) {
        return rc == -ENOENT ? 0 : rc;
    }
    return restore_or_set_aside(v, s, uuid, saved_ns, ret, ret_domain, why);
}

int saved_bring_up(struct virt *v, const struct saved *s, const char *uuid, const char *xml,
                   enum saved_found *ret, struct domain **ret_domain, struct err *why)
{
    int rc = 0;

    *ret = SAVED_NOTHING;
    if (s->folder) {
        rc = bring_back(v, s, uuid, ret, ret_domain, why);
    }
    if (rc == 0 && *ret != SAVED_KEPT) {
        rc = virt_create_paused(v, xml, ret_domain, why);
    }
    return rc;
}

struct forget_found {
    bool restored;
};

static int forget_stage(void *shared, const void *input, struct err *why)
{
    const struct saved *s = input;
    struct forget_found *ret = shared;
    int rc = savefile_look(s->folder, s->record->name, SAVEFILE_RESTORED, NULL, why);

    if (rc == -ENOENT) {
        return 0;
    }
    ret->restored = true;
    return savefile_remove(s->folder, s->record->name, SAVEFILE_RESTORED, why);
}

int saved_forget(const struct saved *s, struct deadline until, bool *ret_restored,
                 struct err *why)
{
    struct forget_found *found = stage_memory(sizeof *found);
    int rc = stage_run("removing what the guest was restored from", forget_stage, found, s, until,
                       why);

    *ret_restored = found->restored;
    stage_memory_free(found, sizeof *found);
    return rc;
}
