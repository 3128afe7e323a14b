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
#include "guard/target.h"
#include "model/qmptext.h"
#include "sys/qmp.h"
#include "sys/stage.h"

enum {
    ASK_PERCENT = 40, ASK_MOST_MS = 8000, LOOK_MOST_MS = 10 * 1000,
    /* What libvirt gets to end by itself what it began. */
    PATIENCE_PERCENT = 50, PATIENCE_MOST_MS = 10 * 1000,
    KILL_PERCENT = 70, KILL_MOST_MS = 15 * 1000,
    PAUSE_MS = 200
};

struct copy_input {
    const struct record *record;
    struct deadline until;
};

static int ask_target(struct bothends *b, bool end, struct deadline until, struct err *why)
{
    struct target_seen seen;
    int rc = target_ask(b->guest->record, b->target_uri, end,
                        deadline_part(until, ASK_PERCENT, ASK_MOST_MS), &seen, why);

    b->target = seen.guest;
    if (seen.answer == LIBVIRT_KNOWS) {
        snprintf(b->there, sizeof b->there, "%s (%s)", domain_state_name(seen.state),
                 domain_reason_name(seen.state, seen.reason));
    } else {
        snprintf(b->there, sizeof b->there, "%.200s", seen.answer == LIBVIRT_NOT_FOUND
                 ? "no such guest" : why->text);
    }
    return rc;
}

static int copy_stage(void *shared, const void *input, struct err *why)
{
    const struct copy_input *in = input;
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
    struct copy_input in = {
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
