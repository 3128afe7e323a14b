/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From "frozen" through "dumping" to "kept", with the record as the only memory: whoever comes
 * after a kill begins again.
 */
#include "guard/collect.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "guard/coredump.h"
#include "guard/evidence.h"
#include "model/care.h"
#include "model/incident.h"
#include "sys/evidencedir.h"
#include "sys/statedir.h"

enum { LOCK_MS = 30 * 1000, TRIES = 3, PAUSE_MS = 5000, LOG_PERCENT = 10 };

struct collecting {
    const char *name;
    const struct collect_request *wanted;
    struct process_id process; /* of the guest that was found frozen */
    bool has_dump;             /* a complete one, from before */
    struct evidence got;
    int logged_percent;
};

static void set(char **place, char *text)
{
    free(*place);
    *place = text;
}

/* The record of that very guest, under its lock. -ESTALE: it is another's, or not frozen. */
static int load(const struct collecting *c, int wait_ms, int *ret_lock, struct record **ret,
                struct err *why)
{
    int rc = statedir_lock(c->name, deadline_in_ms(wait_ms), ret_lock, why);

    if (rc == 0) {
        rc = statedir_load(c->name, ret, why);
    }
    if (rc == 0 && ((*ret)->phase != PHASE_FROZEN ||
                    (c->process.pid != 0 && !process_same(&(*ret)->process, &c->process)))) {
        return err_set(why, -ESTALE, ERR_GENERIC, "guest '%s' is not frozen any more", c->name);
    }
    return rc;
}

static int step(struct record *r, enum incident_step step, struct err *why)
{
    int rc = incident_step(&r->incident, step, clock_wall_ms(), clock_mono_us(), why);

    return rc < 0 ? rc : statedir_save(r, why);
}

static const char *base_of(const struct collecting *c, const struct record *r)
{
    const char *policy = r->care.dump_dir ? r->care.dump_dir : GVM_EVIDENCEDIR;

    return c->wanted->dir ? c->wanted->dir : policy;
}

/* A folder that a person named has to be there; the policy's is no reason to do nothing else. */
static int make_folder(struct collecting *c, const struct record *r, struct err *why)
{
    int rc = evidencedir_make(base_of(c, r), c->name, r->incident.seen_wall_ms, &c->got.folder,
                              why);

    if (rc < 0 && !c->wanted->dir) {
        set(&c->got.note, str_dup(why->text));
        log_warning("guest '%s': no evidence: %s", c->name, why->text);
        return 0;
    }
    return rc;
}

/* Called dumping. What is kept of it already stays, until there is something better. */
static int begin(struct collecting *c, struct record **ret, struct err *why)
{
    _cleanup_close_ int lock = -1;
    int rc = load(c, LOCK_MS, &lock, ret, why);

    if (rc == 0) {
        c->process = (*ret)->process;
        c->has_dump = (*ret)->incident.evidence.dump != NULL;
        rc = make_folder(c, *ret, why);
    }
    if (rc < 0) {
        return rc;
    }
    (*ret)->incident.evidence.done_bytes = 0;
    (*ret)->incident.evidence.total_bytes = 0;
    (*ret)->incident.evidence.begun_mono_us = clock_mono_us();
    return (*ret)->incident.state == INCIDENT_DUMPING ? statedir_save(*ret, why)
                                                      : step(*ret, STEP_DUMP_BEGUN, why);
}

static void log_progress(struct collecting *c, const struct record *r)
{
    struct care_progress p = care_progress_of(&r->incident.evidence, clock_mono_us());
    _cleanup_free_ char *words = care_words(r, clock_mono_us(), false);

    if (p.percent >= 0 && p.percent / LOG_PERCENT != c->logged_percent / LOG_PERCENT) {
        c->logged_percent = p.percent;
        log_info("guest '%s': dump: %s", c->name, words);
    }
}

/* Into the record, for whoever looks; an action that is at work goes first. */
static void note_progress(void *data, const struct virt_job *job)
{
    struct collecting *c = data;
    _cleanup_record_ struct record *r = NULL;
    _cleanup_close_ int lock = -1;
    struct err ignored = {0};

    if (job->total_bytes == 0 || load(c, 0, &lock, &r, &ignored) < 0) {
        return;
    }
    r->incident.evidence.done_bytes = job->done_bytes;
    r->incident.evidence.total_bytes = job->total_bytes;
    statedir_save(r, &ignored);
    log_progress(c, r);
    if (c->wanted->tell) {
        c->wanted->tell(c->wanted->data, r);
    }
}

/* Tried again where libvirt was at work, or went away in its midst; not where nothing will change.
 * -EAGAIN: not now. */
static int dump(struct collecting *c, const struct record *r, struct err *ret_why)
{
    enum dump_format format = c->wanted->format;
    struct coredump d = {
        .record = r, .folder = c->got.folder, .format = format,
        .min_free_mib = r->care.dump_min_free_mib, .tell = note_progress, .data = c
    };
    struct err why = {0};
    char *file = NULL;
    int rc = coredump_make(&d, &file, &why);

    for (int i = 1; rc < 0 && rc != -ENOSPC && rc != -EAGAIN && rc != -ESTALE && i < TRIES; i++) {
        log_info("guest '%s': its dump is tried again: %s", c->name, why.text);
        clock_pause_ms(PAUSE_MS, deadline_in_ms(PAUSE_MS));
        d.format = format;
        rc = coredump_make(&d, &file, &why);
    }
    set(&c->got.dump, file);
    if (rc == -EAGAIN || rc == -ESTALE) {
        *ret_why = why;
    } else if (rc < 0) {
        log_warning("guest '%s': no dump: %s", c->name, why.text);
        set(&c->got.note, str_dup(why.text));
    } else if (d.format != format) {
        set(&c->got.note, str_printf("as %s: %s is not supported here",
                                     params_word("dump_format", (int) d.format),
                                     params_word("dump_format", (int) format)));
    }
    return rc;
}

/* A dump that failed takes nothing away from one that is there. */
static void take_over(struct collecting *c, struct evidence *e)
{
    if (c->has_dump && !c->got.dump) {
        return;
    }
    set(&e->folder, c->got.folder);
    set(&e->dump, c->got.dump);
    set(&e->note, c->got.note);
    set(&e->panic, c->got.panic);
    c->got = (struct evidence) {0};
}

/* -EAGAIN: it was frozen anew meanwhile. */
static int end(struct collecting *c, struct record **r, struct err *why)
{
    _cleanup_close_ int lock = -1;
    struct record *now = NULL;
    int rc = load(c, LOCK_MS, &lock, &now, why);

    if (rc == 0) {
        take_over(c, &now->incident.evidence);
        rc = step(now, STEP_DUMP_ENDED, why);
        record_free(*r);
        *r = now;
    } else {
        record_free(now);
    }
    return rc == -EPROTO ? -EAGAIN : rc;
}

/* -EAGAIN: the dump is still to be made. -ESTALE: the guest is gone. */
static int gather(struct collecting *c, struct record *r, struct json_object *index,
                  struct err *why)
{
    int64_t begun_us = 0;
    int rc = -ENODATA;

    evidence_collect(r, c->got.folder, index);
    if (c->wanted->format != DUMP_NONE) {
        begun_us = clock_mono_us();
        rc = dump(c, r, why);
    }
    if (rc == 0) {
        evidence_note_dump(index, c->got.dump, clock_mono_us() - begun_us);
        evidence_kernel_log(r, c->got.folder, c->got.dump, index);
    }
    c->got.panic = evidence_panic(r, c->got.folder);
    return rc == -EAGAIN || rc == -ESTALE ? rc : 0;
}

static void finish(const struct collecting *c, const struct record *r, struct json_object *index)
{
    _cleanup_free_ char *words = care_words(r, clock_mono_us(), false);
    const struct evidence *e = &r->incident.evidence;
    struct err why = {0};
    int rc = evidence_write_index(r, e->folder, index, &why);

    log_notice("guest '%s': evidence in %s%s%s%s%s", r->name, e->folder, words ? ", dump: " : "",
               words ? words : "", e->panic ? ": " : "", e->panic ? e->panic : "");
    if (rc == 0 && !c->wanted->dir) {
        rc = evidencedir_prune(e->folder, r->care.dump_keep, &why);
    }
    if (rc < 0) {
        log_warning("guest '%s': %s", r->name, why.text);
    }
}

static int collect(struct collecting *c, struct record **r, struct json_object *index,
                   struct err *why)
{
    int rc = begin(c, r, why);
    bool made;

    /* A guest that was thawed and frozen again: the dump is of the crash, and stays. */
    if (rc == 0 && c->got.folder && (!c->has_dump || c->wanted->again)) {
        rc = gather(c, *r, index, why);
    }
    made = c->got.dump != NULL;
    if (rc == 0) {
        rc = end(c, r, why);
    }
    if (rc == 0 && (*r)->incident.evidence.folder && !c->got.folder) {
        finish(c, *r, index);
    }
    if (rc == 0 && c->wanted->again && !made) {
        const char *note = c->got.note ? c->got.note : (*r)->incident.evidence.note;

        rc = err_set(why, -ENODATA, ERR_GENERIC, "no dump of guest '%s': %s", c->name,
                     note ? note : "nobody says why");
    }
    return rc;
}

int collect_guest(const char *name, const struct collect_request *wanted, struct err *why)
{
    struct collecting c = {.name = name, .wanted = wanted};
    _cleanup_record_ struct record *r = NULL;
    struct json_object *index = evidence_index();
    int rc = collect(&c, &r, index, why);

    json_object_put(index);
    free(c.got.folder);
    free(c.got.dump);
    free(c.got.note);
    free(c.got.panic);
    return rc;
}
