/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dump itself is libvirt's call, which takes as long as it takes and cannot be aborted; it runs
 * in an errand, while we look at progress and free space. What stops a dump that fills the disk is
 * the end of libvirt's helper process: QEMU's pipe breaks, and the call fails.
 */
#include "guard/coredump.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "guard/ask.h"
#include "guard/dumpwriter.h"
#include "model/params.h"
#include "sys/errand.h"
#include "sys/evidencedir.h"
#include "sys/partfile.h"
#include "sys/qmp.h"
#include "sys/stage.h"
#include "sys/virt_dump.h"

enum {
    /* The first look is early: from then on the writer gives way at the disk. */
    FIRST_LOOK_MS = 50,
    DUMP_MS = 24 * 60 * 60 * 1000, OPEN_MS = 60 * 1000, LOOK_MS = 1000, LOOK_MOST_MS = 3000,
    KIB_PER_MIB = 1024
};

static const char PARTIAL[] = "core.partial";

struct way {
    enum dump_format format;
    enum dump_format next; /* where this one is not supported; DUMP_NONE: there is none */
    const char *file;
};

static const struct way ways[DUMP_FORMAT_LAST] = {
    [DUMP_ELF] = {DUMP_ELF, DUMP_NONE, "core.elf"},
    [DUMP_KDUMP_ZLIB] = {DUMP_KDUMP_ZLIB, DUMP_ELF, "core.kdump"},
    [DUMP_KDUMP_LZO] = {DUMP_KDUMP_LZO, DUMP_KDUMP_SNAPPY, "core.kdump"},
    [DUMP_KDUMP_SNAPPY] = {DUMP_KDUMP_SNAPPY, DUMP_KDUMP_ZLIB, "core.kdump"},
    [DUMP_WIN_DMP] = {DUMP_WIN_DMP, DUMP_ELF, "core.dmp"},
};

struct dump_input {
    const struct record *record;
    const char *path;
    enum dump_format format;
    bool bypass;
};

struct dump_learnt {
    bool asked; /* libvirt was reached: a failure is of the dump's */
    struct virt_job job;
};

/* QEMU goes on with one that nobody waits for any more, and makes one at a time. */
static int check_idle(struct domain *d, struct err *why)
{
    struct json_object *answer = NULL;
    struct json_object *status = NULL;
    int rc = qmp_run(d, "query-dump", NULL, &answer, why);

    if (rc == 0 && json_object_object_get_ex(answer, "status", &status) &&
        str_eq(json_object_get_string(status), "active")) {
        rc = err_set(why, -EBUSY, ERR_GENERIC, "QEMU is still at an earlier dump");
    }
    json_object_put(answer);
    return rc;
}

static int dump_stage(void *shared, const void *input, struct err *why)
{
    const struct dump_input *in = input;
    struct dump_learnt *ret = shared;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = guest_reach_frozen(in->record, deadline_in_ms(OPEN_MS), &v, &d, why);

    if (rc == 0) {
        rc = check_idle(d, why);
    }
    if (rc == 0) {
        ret->asked = true;
        rc = virt_dump(d, in->path, in->format, in->bypass, why);
    }
    return rc;
}

static int job_stage(void *shared, const void *input, struct err *why)
{
    struct dump_learnt *ret = shared;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = guest_reach(input, deadline_in_ms(LOOK_MOST_MS), &v, &d, why);

    return rc < 0 ? rc : virt_job(d, &ret->job, why);
}

/* -ENOSPC: so much more would leave too little. */
static int check_room(const struct coredump *c, int64_t needed_mib, struct err *why)
{
    int64_t free_mib = 0;
    int rc = evidencedir_free_mib(c->folder, &free_mib, why);

    if (rc == 0 && free_mib < needed_mib + c->min_free_mib) {
        rc = err_set(why, -ENOSPC, ERR_GENERIC, "%lld MiB are free in '%s', the dump needs up to "
                     "%lld MiB more and has to leave %lld MiB (dump_min_free)",
                     (long long) free_mib, c->folder, (long long) needed_mib,
                     (long long) c->min_free_mib);
    }
    return rc;
}

/* Each look is a stage of its own, so that a libvirtd that hangs holds up nothing but the news. */
static void look(struct coredump *c, struct dump_learnt *learnt)
{
    struct err ignored = {0};

    if (stage_run("looking at the dump's progress", job_stage, learnt, c->record,
                  deadline_in_ms(LOOK_MOST_MS), &ignored) == 0 && c->tell) {
        c->tell(c->data, &learnt->job);
    }
}

/* Until the errand is done. -ENOSPC: it was ended for want of room. */
static int attend(struct coredump *c, struct errand **e, struct dump_learnt *learnt,
                  const struct file_id *file, struct err *why)
{
    struct err short_of = {0};
    bool ended = false;
    int rc = -EAGAIN;

    for (int wait_ms = FIRST_LOOK_MS; *e; wait_ms = LOOK_MS) {
        if (errand_wait(*e, wait_ms)) {
            rc = errand_finish(e, why);
            continue;
        }
        if (!ended && check_room(c, 0, &short_of) == -ENOSPC) {
            ended = dumpwriter_end(file) > 0;
        }
        dumpwriter_calm(file);
        look(c, learnt);
    }
    if (rc < 0 && ended) {
        *why = short_of;
        return -ENOSPC;
    }
    return rc;
}

/* Of a dump whose maker was killed: its writer goes on, into a file that nobody would find. */
static void clear_leftover(const char *path)
{
    struct file_id id;

    if (partfile_identify(path, &id)) {
        dumpwriter_end(&id);
        partfile_remove(path);
    }
}

/* One try. *ret_untouched: nothing was written, so another way may do better. */
static int attempt(struct coredump *c, const struct way *way, bool bypass, bool *ret_untouched,
                   struct err *why)
{
    _cleanup_free_ char *path = str_printf("%s/%s", c->folder, PARTIAL);
    struct dump_input in = {c->record, path, way->format, bypass};
    struct dump_learnt *learnt = stage_memory(sizeof *learnt);
    struct errand *e = NULL;
    struct file_id file = {0};
    int64_t size = 0;
    int rc;

    clear_leftover(path);
    rc = partfile_begin(path, &file, NULL, why);
    if (rc == 0) {
        rc = errand_start("dumping the guest's memory", dump_stage, learnt, &in,
                          deadline_in_ms(DUMP_MS), &e, why);
    }
    if (rc == 0) {
        rc = attend(c, &e, learnt, &file, why);
    }
    partfile_size(path, &size);
    *ret_untouched = learnt->asked && size == 0;
    if (rc == 0) {
        rc = partfile_mend_core(path, why);
    }
    if (rc == 0) {
        rc = partfile_complete(path, &file, NULL, c->folder, way->file, why);
    }
    if (rc < 0) {
        partfile_remove(path);
        rc = rc == -EBUSY || (!learnt->asked && rc != -ESTALE) ? -EAGAIN : rc;
    }
    stage_memory_free(learnt, sizeof *learnt);
    return rc;
}

/*
 * Around the page cache first, which some file systems cannot. What may grow as large as the memory
 * has to have room for that from the beginning: an ELF core, and what QEMU writes by itself, which
 * nobody could stop.
 */
static int by_way(struct coredump *c, const struct way *way, bool *ret_untouched, struct err *why)
{
    int64_t memory_mib = (int64_t) (c->record->memory_kib / KIB_PER_MIB);
    int rc = check_room(c, way->format == DUMP_ELF ? memory_mib : 0, why);

    *ret_untouched = false;
    if (rc == 0) {
        rc = attempt(c, way, true, ret_untouched, why);
    }
    if (rc < 0 && *ret_untouched && rc != -EAGAIN) {
        rc = check_room(c, memory_mib, why);
        *ret_untouched = rc == 0;
        rc = rc == 0 ? attempt(c, way, false, ret_untouched, why) : rc;
    }
    return rc;
}

int coredump_make(struct coredump *c, char **ret_file, struct err *why)
{
    _cleanup_free_ char *leftover = str_printf("%s/%s", c->folder, PARTIAL);
    const struct way *way = &ways[c->format];

    clear_leftover(leftover); /* before the room is measured */
    for (;;) {
        bool untouched;
        int rc = by_way(c, way, &untouched, why);

        if (rc == 0) {
            c->format = way->format;
            *ret_file = str_dup(way->file);
            return 0;
        }
        if (!untouched || rc == -EAGAIN || way->next == DUMP_NONE) {
            return rc;
        }
        log_info("guest '%s': no dump as %s: %s", c->record->name,
                 params_word("dump_format", (int) way->format), why->text);
        way = &ways[way->next];
    }
}
