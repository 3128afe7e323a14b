/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes overlays: beside their place, under another name, by qemu-img and virt-copy-in, and
 * renamed when they are whole. What may be replaced is decided here; names and formats are
 * model/overlay's.
 */
#include "guard/overlay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/overlay.h"
#include "model/qcow.h"
#include "sys/imagefile.h"
#include "sys/partfile.h"
#include "sys/program.h"
#include "sys/safepath.h"
#include "sys/stage.h"

enum {
    /* Of the stage: what is left is for the file's own way to the disk. */
    PROGRAM_PERCENT = 85, PROGRAM_MOST_MS = 3600 * 1000, OUTPUT_BYTES = 16 * 1024
};

struct overlay_input {
    const struct params *params;
    const struct domxml_disk *disk;
    struct deadline until;
};

static int read_head(const char *path, struct qcow2_head *ret, struct err *why)
{
    _cleanup_free_ unsigned char *bytes = mem_zero(1, QCOW2_HEAD_BYTES);
    size_t count = 0;
    int rc = imagefile_head(path, bytes, QCOW2_HEAD_BYTES, &count, why);

    if (rc == 0) {
        qcow2_read(bytes, count, ret);
    }
    return rc;
}

/* What is there instead. */
static const char *kind_of(const struct image *old, const struct qcow2_head *head)
{
    if (!old->regular) {
        return "no regular file";
    }
    if (!head->is_qcow2) {
        return "no qcow2 image";
    }
    if (head->external_data) {
        return "a qcow2 image with a data file of its own";
    }
    if (head->backing) {
        return "an overlay";
    }
    return head->leads_elsewhere ? "a qcow2 image that leads to another file"
                                 : "a qcow2 image of its own";
}

/* Whatever is not surely an overlay of ours is somebody's disk. */
static int may_replace(const struct overlay_input *in, const struct image *old, int *ret_lock,
                       struct err *why)
{
    struct qcow2_head head = {.is_qcow2 = false};
    const char *path = in->disk->source;
    const char *backing = in->params->backingfile;
    int rc = old->regular ? imagefile_lock(path, ret_lock, why) : 0;

    if (rc == 0 && old->regular) {
        rc = read_head(path, &head, why);
    }
    if (rc == 0 && !(head.is_qcow2 && !head.external_data && str_eq(head.backing, backing))) {
        rc = err_set(why, -EEXIST, ERR_GENERIC, "'%s' is not replaced, as stateless demands: it is "
                     "%s%s%s, not an overlay over backingfile='%s'; remove it if it is of no use",
                     path, kind_of(old, &head), head.backing ? " over " : "",
                     head.backing ? head.backing : "", backing);
    }
    free(head.backing);
    return rc;
}

/* 1: to be made. The locks are kept for as long as *ret_lock is open. */
static int decide(const struct overlay_input *in, struct image *ret_old, int *ret_lock,
                  struct err *why)
{
    int rc = imagefile_look(in->disk->source, ret_old, why);

    if (rc < 0) {
        return rc;
    }
    if (!ret_old->there || (ret_old->regular && ret_old->st.st_size == 0)) {
        return 1; /* an empty file is nothing yet, to VirtualDomain, too */
    }
    if (!in->params->stateless) {
        return 0;
    }
    rc = may_replace(in, ret_old, ret_lock, why);
    return rc < 0 ? rc : 1;
}

/*
 * words[0] is the program's name. It ends with us: one that went on would write to what the next
 * start makes under the same name.
 */
static int run(char **words, const char *needed_for, struct deadline until, struct err *why)
{
    const char *name = words[0];
    _cleanup_free_ char *path = program_find(name);
    _cleanup_free_ char *output = NULL;
    struct program *p = NULL;
    int rc;

    if (!path) {
        return err_set(why, -ENOENT, ERR_INSTALLED, "%s, which %s needs, is not installed", name,
                       needed_for);
    }
    words[0] = path;
    stage_at("%s", path);
    rc = program_start_heard(words, OUTPUT_BYTES,
                             deadline_part(until, PROGRAM_PERCENT, PROGRAM_MOST_MS), &p, why);
    if (rc == 0) {
        rc = program_wait(&p, &output, why);
    }
    rc = rc < 0 ? rc : program_judge(name, rc, why);
    if (rc < 0 && output && *output) {
        err_set(why, rc, ERR_GENERIC, "%s: %.*s", why->text, (int) strcspn(output, "\n"), output);
    }
    return rc;
}

static int make_image(const struct overlay_input *in, const char *part, struct err *why)
{
    struct qcow2_head head = {.is_qcow2 = false};
    const char *backing = in->params->backingfile;
    const char *format = NULL;
    int rc = read_head(backing, &head, why);

    if (rc == 0) {
        rc = overlay_backing_format(backing, in->disk->backing_format, &head, &format, why);
    }
    free(head.backing);
    if (rc < 0) {
        return rc;
    }
    char *words[] = {
        (char *) "qemu-img", (char *) "create", (char *) "-q", (char *) "-f", (char *) "qcow2",
        (char *) "-F", (char *) format, (char *) "-b", (char *) backing, (char *) part, NULL
    };

    rc = run(words, "backingfile", in->until, why);
    return rc < 0 ? err_prefix(why, rc, "the overlay '%s' over '%s' (%s) cannot be made",
                               in->disk->source, backing, format)
                  : 0;
}

static void add_word(char ***words, size_t *count, const char *word)
{
    *(char **) array_add(words, count, sizeof **words) = (char *) word;
}

/* The format is said: what the guest sees as its disk is not looked into. */
static int copy_in(const struct overlay_input *in, const char *part, struct err *why)
{
    _cleanup_free_ char *list = str_dup(in->params->copyindirs);
    _cleanup_free_ char **words = NULL;
    size_t count = 0;
    char *rest = NULL;
    int rc;

    add_word(&words, &count, "virt-copy-in");
    add_word(&words, &count, "--format=qcow2");
    add_word(&words, &count, "-a");
    add_word(&words, &count, part);
    for (char *dir = strtok_r(list, " ", &rest); dir; dir = strtok_r(NULL, " ", &rest)) {
        add_word(&words, &count, dir);
    }
    add_word(&words, &count, "/");
    add_word(&words, &count, NULL);
    rc = run(words, "copyindirs", in->until, why);
    return rc < 0 ? err_prefix(why, rc, "copyindirs='%s' cannot be copied into the overlay",
                               in->params->copyindirs)
                  : 0;
}

/* With the owner and mode of what it replaces: where libvirt does not set them (relabel='no',
 * dynamic_ownership=0) somebody else has. */
static int make(const struct overlay_input *in, const struct image *old, const char *folder,
                const char *name, struct err *why)
{
    _cleanup_free_ char *part = str_printf("%s.guardedvm-part", in->disk->source);
    _cleanup_close_ int fd = -1;
    struct file_id begun;
    int rc = safepath_open(folder, &fd, why);

    if (rc < 0) {
        return err_prefix(why, rc, "the overlay's folder");
    }
    rc = partfile_begin(part, &begun, NULL, why);
    if (rc == 0) {
        rc = make_image(in, part, why);
        if (rc == 0 && in->params->copyindirs) {
            rc = copy_in(in, part, why);
        }
        if (rc == 0) {
            rc = partfile_complete(part, &begun, old->there ? &old->st : NULL, folder, name, why);
        }
        if (rc < 0) {
            partfile_remove(part);
        }
    }
    return rc;
}

static int overlay_stage(void *shared, const void *input, struct err *why)
{
    const struct overlay_input *in = input;
    _cleanup_close_ int lock = -1;
    _cleanup_free_ char *folder = str_dup(in->disk->source);
    char *slash = strrchr(folder, '/');
    bool *ret_made = shared;
    struct image old;
    int rc = decide(in, &old, &lock, why);

    if (rc <= 0) {
        return rc;
    }
    *slash = '\0';
    rc = make(in, &old, *folder ? folder : "/", slash + 1, why);
    *ret_made = rc == 0;
    return rc;
}

int overlay_prepare(const struct params *p, const struct domxml *d, struct deadline until,
                    struct err *why)
{
    struct overlay_input in = {.params = p, .until = until};
    bool *made;
    int rc;

    if (!p->backingfile) {
        return 0;
    }
    rc = overlay_disk(p->config, d, &in.disk, why);
    if (rc < 0) {
        return rc;
    }
    made = stage_memory(sizeof *made);
    rc = stage_run("making the overlay", overlay_stage, made, &in, until, why);
    rc = rc < 0 ? rc : *made;
    stage_memory_free(made, sizeof *made);
    return rc;
}
