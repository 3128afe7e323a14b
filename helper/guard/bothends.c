/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looks at both ends, and the table's deeds. The source's death is proven by its process; of the
 * target only its libvirt can tell.
 */
#include "guard/bothends.h"

#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "guard/ask.h"
#include "guard/kill.h"
#include "model/qmptext.h"
#include "sys/qmp.h"
#include "sys/stage.h"

enum {
    OPEN_PERCENT = 80, ASK_PERCENT = 40, ASK_MOST_MS = 8000, LOOK_MOST_MS = 10 * 1000,
    /* What libvirt gets to end by itself what it began. */
    PATIENCE_PERCENT = 50, PATIENCE_MOST_MS = 10 * 1000,
    KILL_PERCENT = 70, KILL_MOST_MS = 15 * 1000,
    PAUSE_MS = 200
};

struct target_input {
    const struct record *record;
    const char *uri;
    bool end;              /* destroy it, if it is known never to have run */
    struct deadline until;
};

struct target_seen {
    enum libvirt_answer answer;
    int state;
    int reason;
};

/* A migration keeps the UUID: another guest of that name is none of ours. */
static int find(struct virt *v, const struct record *r, struct domain **ret, struct err *why)
{
    return r->uuid ? virt_find(v, r->uuid, NULL, ret, why) : virt_find(v, NULL, r->name, ret, why);
}

static int target_stage(void *shared, const void *input, struct err *why)
{
    const struct target_input *in = input;
    struct target_seen *seen = shared;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = virt_open(in->uri, deadline_part(in->until, OPEN_PERCENT, ASK_MOST_MS), &v, why);

    if (rc == 0) {
        rc = find(v, in->record, &d, why);
        seen->answer = rc == -ENOENT ? LIBVIRT_NOT_FOUND : LIBVIRT_SILENT;
    }
    if (rc == 0) {
        rc = virt_state(d, &seen->state, &seen->reason, why);
    }
    if (rc < 0) {
        return rc;
    }
    seen->answer = LIBVIRT_KNOWS;
    if (in->end && migration_target(seen->answer, seen->state, seen->reason) == GUEST_END_STANDS) {
        rc = virt_destroy(d, why);
    }
    return rc;
}

/* An answer that comes too late to be whole is none. */
static int ask_target(struct bothends *b, bool end, struct deadline until, struct err *why)
{
    struct target_seen *seen = stage_memory(sizeof *seen);
    struct target_input in = {
        .record = b->guest->record, .uri = b->target_uri, .end = end,
        .until = deadline_part(until, ASK_PERCENT, ASK_MOST_MS)
    };
    int rc = stage_run("asking the target", target_stage, seen, &in, in.until, why);

    if (rc < 0 && rc != -ENOENT) {
        seen->answer = LIBVIRT_SILENT;
    }
    b->target = migration_target(seen->answer, seen->state, seen->reason);
    if (seen->answer == LIBVIRT_KNOWS) {
        snprintf(b->there, sizeof b->there, "%s (%s)", domain_state_name(seen->state),
                 domain_reason_name(seen->state, seen->reason));
    } else {
        snprintf(b->there, sizeof b->there, "%.200s", seen->answer == LIBVIRT_NOT_FOUND
                 ? "no such guest" : why->text);
    }
    stage_memory_free(seen, sizeof *seen);
    return rc;
}

static int copy_stage(void *shared, const void *input, struct err *why)
{
    const struct target_input *in = input;
    bool *failed = shared;
    struct json_object *reply = NULL;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = guest_reach(in->record, in->until, &v, &d, why);

    if (rc == 0) {
        rc = qmp_run(d, "query-migrate", NULL, &reply, why);
    }
    if (rc == 0) {
        *failed = qmptext_migration_failed(reply);
        json_object_put(reply);
    }
    return rc;
}

/* QEMU's own word on why the source runs again; false where it does not tell. */
static bool copy_failed(const struct bothends *b, struct deadline until)
{
    bool *shared = stage_memory(sizeof *shared);
    struct target_input in = {
        .record = b->guest->record, .until = deadline_part(until, ASK_PERCENT, ASK_MOST_MS)
    };
    struct err ignored = {0};
    bool failed = stage_run("asking QEMU about the migration", copy_stage, shared, &in, in.until,
                            &ignored) == 0 && *shared;

    stage_memory_free(shared, sizeof *shared);
    return failed;
}

static void look(struct bothends *b, struct deadline until)
{
    struct observation *seen = &b->here.seen;
    struct err ignored = {0};
    bool failed;

    ask_target(b, false, until, &ignored);
    observe(b->guest, deadline_part(until, ASK_PERCENT, LOOK_MOST_MS), &b->here);
    failed = migration_asks_copy(seen, b->reason_before) && copy_failed(b, until);
    b->source = migration_source(b->here.condition, seen, b->reason_before, failed);
    /* What had no such guest before has got it from here; a twin that is cut off is no sign. */
    if (b->target == GUEST_END_RUNS ||
        (b->target == GUEST_END_BROKEN && b->past != TARGET_UNSEEN)) {
        b->past = TARGET_RAN;
    }
}

static int end_source(struct bothends *b, struct deadline until, struct err *why)
{
    /* Its memory and disks are the target's by now: what it would flush is old. */
    return kill_proven(&b->guest->record->process, KILL_AT_ONCE,
                       deadline_part(until, KILL_PERCENT, KILL_MOST_MS), why);
}

static int act(struct bothends *b, enum migration_deed deed, struct deadline until,
               struct err *why)
{
    log_notice("guest '%s': here %s (%s), at the target %s (%s): %s", b->guest->record->name,
               guest_end_name(b->source), b->here.detail, guest_end_name(b->target), b->there,
               migration_deed_name(deed));
    switch (deed) {
    case MIGRATION_END_SOURCE:
        return end_source(b, until, why);
    case MIGRATION_END_TARGET:
        return ask_target(b, true, until, why);
    case MIGRATION_RESUME_SOURCE:
        return guest_ask(b->guest->record, ASK_RESUME,
                         deadline_part(until, ASK_PERCENT, ASK_MOST_MS), why);
    case MIGRATION_DOUBT:
    case MIGRATION_WAIT:
    case MIGRATION_MOVED:
    case MIGRATION_STAYED:
    case MIGRATION_LOST:
    case MIGRATION_DEED_LAST:
        break;
    }
    return 0;
}

static bool is_settled(enum migration_deed d)
{
    return d == MIGRATION_MOVED || d == MIGRATION_STAYED || d == MIGRATION_LOST;
}

enum migration_deed bothends_settle(struct bothends *b, struct deadline until, struct err *why)
{
    struct deadline patience = deadline_part(until, PATIENCE_PERCENT, PATIENCE_MOST_MS);

    for (;;) {
        enum migration_deed deed;

        look(b, until);
        deed = migration_deed_of(b->source, b->target, b->past, !deadline_over(patience));
        if (is_settled(deed)) {
            return deed;
        }
        if (deed == MIGRATION_DOUBT || deadline_over(until)) {
            break;
        }
        act(b, deed, until, why);
        clock_pause_ms(PAUSE_MS, until);
    }
    err_set(why, -EPROTO, ERR_GENERIC, "here it is %s (%s), at the target %s (%s)",
            guest_end_name(b->source), b->here.detail, guest_end_name(b->target), b->there);
    return MIGRATION_DOUBT;
}
