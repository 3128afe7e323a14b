/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Saving: the guest is paused, QEMU asked whether that is all that it stands for, its memory
 * written by an errand of libvirt's call while the log is told how far it is.
 */
#include "guard/saved.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "guard/ask.h"
#include "sys/errand.h"
#include "sys/proc.h"
#include "sys/savefile.h"
#include "sys/stage.h"
#include "sys/virt_save.h"

enum {
    PREPARE_PERCENT = 30, PREPARE_MOST_MS = 15 * 1000,
    LOOK_MS = 5000, LOOK_MOST_MS = 3000,
    END_PERCENT = 60, END_MOST_MS = 30 * 1000, END_PAUSE_MS = 50,
    BYTES_PER_MIB = 1024 * 1024
};

struct input {
    const struct saved *saved;
    struct deadline until;
};

/*
 * Whatever stopped the guest a moment before we did shows in QEMU's run state now, which does not
 * change any more: a guest that has crashed must not be saved and brought back.
 */
static int pause_soundly(const struct saved *s, struct domain *d, struct deadline until,
                         struct err *why)
{
    enum runstate seen = RUNSTATE_UNKNOWN;
    int rc = virt_suspend(d, why);

    if (rc == 0) {
        rc = guest_runstate_here(s->record, until, &seen, why);
    }
    if (rc == 0 && seen != RUNSTATE_PAUSED) {
        rc = err_set(why, -ECANCELED, ERR_GENERIC, "guest '%s' is not saved: QEMU says that it is "
                     "%s", s->record->name, runstate_name(seen));
    }
    return rc;
}

static int prepare_stage(void *shared, const void *input, struct err *why)
{
    const struct input *in = input;
    const struct saved *s = in->saved;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = savefile_folder(s->folder, why);

    (void) shared;
    if (rc == 0) {
        rc = guest_reach(s->record, in->until, &v, &d, why);
    }
    if (rc == 0) {
        rc = savefile_begin(s->folder, s->record->name, why);
    }
    return rc < 0 ? rc : pause_soundly(s, d, in->until, why);
}

static int save_stage(void *shared, const void *input, struct err *why)
{
    const struct input *in = input;
    const struct saved *s = in->saved;
    _cleanup_free_ char *path = savefile_path(s->folder, s->record->name, SAVEFILE_PARTIAL);
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = guest_reach(s->record, in->until, &v, &d, why);

    (void) shared;
    return rc < 0 ? rc : virt_save(d, path, s->bypass_cache, why);
}

/* A libvirtd that hangs holds up nothing but the news. */
static void tell_progress(const struct saved *s, struct deadline until)
{
    struct virt_job job;
    struct err ignored = {0};

    if (guest_job(s->record, deadline_min(until, deadline_in_ms(LOOK_MOST_MS)), &job,
                  &ignored) == 0) {
        log_info("guest '%s': %lld of %lld MiB of its memory are saved", s->record->name,
                 (long long) (job.done_bytes / BYTES_PER_MIB),
                 (long long) (job.total_bytes / BYTES_PER_MIB));
    }
}

int saved_save(const struct saved *s, struct deadline until, struct err *why)
{
    struct input in = {s, deadline_part(until, PREPARE_PERCENT, PREPARE_MOST_MS)};
    struct errand *e = NULL;
    int rc = stage_run("preparing to save the guest", prepare_stage, NULL, &in, in.until, why);

    in.until = until;
    if (rc == 0) {
        rc = errand_start("saving the guest's memory", save_stage, NULL, &in, until, &e, why);
    }
    while (e) {
        int left_ms = deadline_left_ms(until);

        if (errand_wait(e, left_ms < LOOK_MS ? left_ms : LOOK_MS) || deadline_over(until)) {
            rc = errand_finish(&e, why);
        } else {
            tell_progress(s, until);
        }
    }
    return rc;
}

/* A job that is cancelled ends soon; the file's way to the disk, at a save's end, cannot be. */
static bool is_at_work(const struct saved *s, struct deadline until)
{
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    struct virt_job job = {0};
    struct err ignored = {0};

    return guest_reach(s->record, until, &v, &d, &ignored) == 0 &&
           virt_job(d, &job, &ignored) == 0 && job.runs;
}

/* libvirt ends QEMU as soon as the file is complete; a large one takes its time to end. */
static bool has_ended(const struct saved *s, struct deadline until)
{
    const struct process_id *process = &s->record->process;
    struct err ignored = {0};

    while (proc_state(process) == PROCESS_ALIVE && !deadline_over(until) &&
           (savefile_is_complete(s->folder, s->record->name, &ignored) > 0 ||
            is_at_work(s, until))) {
        clock_pause_ms(END_PAUSE_MS, until);
    }
    return proc_state(process) == PROCESS_DEAD;
}

/* Somebody may have let it run beside its complete file, which is worth nothing then. Where QEMU
 * does not answer it is about to end. */
static bool runs(const struct saved *s, struct deadline until)
{
    enum runstate seen = RUNSTATE_UNKNOWN;
    struct err ignored = {0};

    return guest_runstate_here(s->record, until, &seen, &ignored) == 0 &&
           seen == RUNSTATE_RUNNING;
}

/* That there is no job any more is an error of libvirt's, and what is wanted. */
static int cancel(const struct saved *s, struct deadline until, enum saved_found *ret,
                  struct err *why)
{
    int rc = savefile_look(s->folder, s->record->name, SAVEFILE_PARTIAL, NULL, why);

    if (rc == -ENOENT) {
        return 0;
    }
    rc = guest_ask_here(s->record, ASK_ABORT_JOB, until, why);
    if (rc < 0 && rc != -EINVAL) {
        return rc;
    }
    if (has_ended(s, deadline_part(until, END_PERCENT, END_MOST_MS))) {
        return err_set(why, -ESRCH, ERR_GENERIC, "guest '%s' has ended", s->record->name);
    }
    rc = savefile_is_complete(s->folder, s->record->name, why);
    if (rc < 0) {
        return rc;
    }
    if (rc > 0 && !runs(s, until)) {
        return err_set(why, -EBUSY, ERR_GENERIC, "guest '%s' is saved, and its QEMU does not end",
                       s->record->name);
    }
    *ret = SAVED_LOST;
    return savefile_remove(s->folder, s->record->name, SAVEFILE_PARTIAL, why);
}

static int void_stage(void *shared, const void *input, struct err *why)
{
    const struct input *in = input;
    const struct saved *s = in->saved;
    enum saved_found *ret = shared;
    bool spent = s->record->phase == PHASE_STARTING;
    int rc = savefile_folder(s->folder, why);

    if (rc == 0) {
        rc = cancel(s, in->until, ret, why);
    }
    if (rc == 0) {
        rc = savefile_move(s->folder, s->record->name, SAVEFILE_STATE,
                           spent ? SAVEFILE_RESTORED : SAVEFILE_STALE, why);
        *ret = rc == 0 ? (spent ? SAVED_SPENT : SAVED_STALE) : *ret;
        rc = rc == -ENOENT ? 0 : rc;
    }
    return rc;
}

int saved_void(const struct saved *s, struct deadline until, enum saved_found *ret,
               struct err *why)
{
    struct input in = {s, until};
    enum saved_found *found = stage_memory(sizeof *found);
    int rc = stage_run("taking away what is saved of the guest", void_stage, found, &in, until,
                       why);

    *ret = *found;
    stage_memory_free(found, sizeof *found);
    return rc;
}
