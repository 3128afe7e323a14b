/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Both looks together. The outside one comes first and decides: the kernel's word on
 * what the process holds is enough without QEMU's, since without a descriptor or a
 * mapping nothing can be written or sent, and new ones come only through a monitor
 * command, which the next look sees. So a silent libvirt leaves the proof standing; an
 * answer that contradicts breaks it.
 */
#include "guard/verify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/look.h"
#include "sys/stage.h"

enum {
    /* For libvirt and QEMU's monitor together; after that the outside look stands alone. */
    INSIDE_PERCENT = 40,
    INSIDE_MOST_MS = 3000,
    /* A whole record as text. Pages that are not touched cost nothing. */
    TEXT_SIZE = 1024 * 1024
};

static void note_silence(struct record *r, const struct err *why)
{
    _cleanup_free_ char *seen = str_printf("not asked, what the kernel shows decides: %s",
                                           why->text);

    record_add_proof(r, true, "QEMU's own answers", seen);
}

int verify_look(struct record *r, struct domain *d, struct err *why)
{
    record_clear_proofs(r);
    int rc = look_outside(r, why);

    if (!d) {
        return rc;
    }
    if (rc < 0 && rc != -EBUSY) {
        return rc;
    }
    struct err inside_why = {0};
    int inside = look_inside(r, d, &inside_why);
    if (inside < 0 && (rc == 0 || inside != -EBUSY)) {
        *why = inside_why;
        return inside;
    }
    return rc;
}

/* What travels back from a child. */
struct travel {
    char text[TEXT_SIZE]; /* the record with the proofs of this half; empty: it got nowhere */
};

struct input {
    const struct record *record;
    struct deadline until;
};

static int hand_over(struct travel *t, const struct record *r, int result, struct err *why)
{
    struct err text_why = {0};
    _cleanup_free_ char *text = NULL;
    int rc = record_to_text(r, &text, &text_why);

    if (rc == 0 && strlen(text) >= sizeof t->text) {
        rc = err_set(&text_why, -EFBIG, ERR_GENERIC, "the proof is longer than %d bytes",
                     TEXT_SIZE);
    }
    if (rc < 0) {
        *why = text_why;
        return rc;
    }
    memcpy(t->text, text, strlen(text) + 1);
    return result;
}

/* Forked: the caller's record is ours to change here, and does not change there. */
static struct record *own_record(const struct input *in)
{
    return (struct record *) in->record;
}

static int outside_stage(void *shared, const void *input, struct err *why)
{
    struct record *r = own_record(input);

    record_clear_proofs(r);
    int rc = look_outside(r, why);
    return rc == 0 || rc == -EBUSY ? hand_over(shared, r, rc, why) : rc;
}

/* Goes on with the proofs of the outside look, which the parent has taken over. */
static int inside_stage(void *shared, const void *input, struct err *why)
{
    const struct input *in = input;
    struct record *r = own_record(in);
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = virt_open(r->uri, in->until, &v, why);

    if (rc == 0) {
        rc = virt_find(v, r->uuid, NULL, &d, why);
    }
    if (rc == 0) {
        rc = look_inside(r, d, why);
    }
    return rc == 0 || rc == -EBUSY ? hand_over(shared, r, rc, why) : rc;
}

static int take_proofs(struct record *r, const struct travel *t, struct err *why)
{
    _cleanup_record_ struct record *seen = NULL;
    int rc = record_from_text(t->text, strlen(t->text), &seen, why);

    if (rc < 0) {
        return rc;
    }
    record_clear_proofs(r);
    for (size_t i = 0; i < seen->incident.proof_count; i++) {
        const struct proof_record *p = &seen->incident.proof[i];

        record_add_proof(r, p->holds, p->check, p->seen);
    }
    return 0;
}

static int run_half(struct record *r, const char *what, stage_fn half, struct deadline until,
                    struct err *why)
{
    struct travel *t = stage_memory(sizeof *t);
    struct input in = {.record = r, .until = until};
    int rc = stage_run(what, half, t, &in, until, why);

    if (rc == 0 || rc == -EBUSY) {
        struct err text_why = {0};
        int taken = take_proofs(r, t, &text_why);

        if (taken < 0) {
            *why = text_why;
            rc = taken;
        }
    }
    stage_memory_free(t, sizeof *t);
    return rc;
}

int verify_guest(struct record *r, struct deadline until, struct err *why)
{
    struct err silence = {0};
    int rc = run_half(r, "looking at the frozen QEMU's descriptors", outside_stage, until, why);

    if (rc < 0) {
        return rc;
    }
    rc = run_half(r, "asking the frozen QEMU itself", inside_stage,
                  deadline_part(until, INSIDE_PERCENT, INSIDE_MOST_MS), &silence);
    if (rc == -EBUSY) {
        *why = silence;
        return rc;
    }
    if (rc < 0) {
        note_silence(r, &silence);
    }
    return 0;
}
