/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * migrate_to, on the source: moves the guest while it runs. "Moved" is said only where it is proven
 * dead here and the target's libvirt says that it is there; where it goes on here, or nobody can
 * tell, that is an error, and the guest is on one node all the same.
 */
#include "ocf/saveconfig.h"
#include "ocf/stop.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "guard/announce.h"
#include "guard/bothends.h"
#include "guard/migrate.h"
#include "guard/resources.h"
#include "model/migrateuri.h"

enum {
    CHECK_PERCENT = 25, CHECK_MOST_MS = 20 * 1000,
    RUN_PERCENT = 90, ANY_MS = 24 * 3600 * 1000,
    TELL_MS = 5000, TELL_MOST_MS = 2000, US_PER_MS = 1000
};

struct progress {
    const struct ocf_context *c;
    int64_t told_us;
};

/* In the log, and where crm_mon -A shows it. */
static void tell(void *data, const struct virt_job *job)
{
    struct progress *p = data;
    const struct ocf_context *c = p->c;
    int64_t done = job->total_bytes - job->remaining_bytes;
    int64_t now_us = clock_mono_us();
    struct err ignored = {0};

    if (job->total_bytes <= 0 || now_us - p->told_us < (int64_t) TELL_MS * US_PER_MS) {
        return;
    }
    p->told_us = now_us;
    _cleanup_free_ char *how_far =
        str_printf("to %s, %d %%", c->call.migrate_target,
                   (int) (done / (job->total_bytes / 100 + 1)));
    _cleanup_free_ char *words = announce_words("migrating", how_far, clock_wall_ms());

    log_notice("guest '%s' is migrating %s", c->guest.record->name, how_far);
    announce(c->call.resource, words, deadline_in_ms(TELL_MOST_MS), &ignored);
}

static int migrate(struct ocf_context *c, struct migrate *m, struct err *why)
{
    struct deadline check_until = deadline_part(c->until, CHECK_PERCENT, CHECK_MOST_MS);
    struct progress p = {.c = c, .told_us = clock_mono_us()};
    int rc = migrate_check(m, check_until, why);

    if (rc < 0) {
        return err_prefix(why, rc, "node %s cannot take the guest", c->call.migrate_target);
    }
    if (c->params.start_resources && c->guest.config) {
        rc = resources_start(m->target_uri, c->guest.config, check_until, why);
    }
    if (rc < 0) {
        return rc;
    }
    config_save(c, guest_remember);
    m->tell = tell;
    m->data = &p;
    log_notice("guest '%s' is to be moved to %s (%s)", c->guest.record->name,
               c->call.migrate_target, m->target_uri);
    return migrate_run(m, deadline_part(c->until, RUN_PERCENT, ANY_MS), why);
}

/* libvirt lets it run there, and nothing there tells what it is: the cluster hears it from here. */
static int moved_dead(const struct ocf_context *c)
{
    return ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "guest '%s' panicked on its way to %s, and is there "
                      "now: it has to be stopped there, and started", c->guest.record->name,
                      c->call.migrate_target);
}

static int moved(struct ocf_context *c, bool panicked)
{
    struct err why = {0};

    log_notice("guest '%s' was moved to %s", c->guest.record->name, c->call.migrate_target);
    guest_note_ended(&c->guest);
    ocf_remember(c, &why);
    /* How far it was, and that it could not be moved before, are over with it. */
    announce(c->call.resource, NULL, deadline_in_ms(TELL_MOST_MS), &why);
    return panicked ? moved_dead(c) : PCMK_OCF_OK;
}

/* The attribute says it, too: Pacemaker 2.1.5 loses the exit reason of a migration on its way to
 * crm_mon. It stands there until the guest comes here again. */
static int not_moved(struct ocf_context *c, const char *how, const struct err *because)
{
    const char *target = c->call.migrate_target;
    _cleanup_free_ char *text =
        str_printf("not moved to %s: %s: %.500s", target, how,
                   because->text[0] ? because->text : "libvirt called it moved");
    _cleanup_free_ char *words = announce_words("migrating", text, clock_wall_ms());
    struct err ignored = {0};

    announce(c->call.resource, words, deadline_in_ms(TELL_MOST_MS), &ignored);
    return ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "guest '%s' was %s", c->guest.record->name, text);
}

/* Whatever libvirt says of the migration, the guest itself decides. */
static int settle(struct ocf_context *c, const struct migrate *m, int reason_before,
                  const struct err *failed)
{
    struct bothends b = {
        .guest = &c->guest, .target_uri = m->target_uri, .reason_before = reason_before,
        .past = m->ran_there ? TARGET_RAN : m->checked ? TARGET_NEVER_RAN : TARGET_UNSEEN
    };
    _cleanup_free_ char *how = NULL;
    struct err why = {0};

    switch (bothends_settle(&b, c->until, &why)) {
    case MIGRATION_MOVED:
        return moved(c, m->health == CONDITION_CRASHED);
    case MIGRATION_STAYED:
        how = str_printf("it stayed here (%s)", condition_name(b.here.condition));
        break;
    case MIGRATION_LOST:
        how = str_dup("it ended on the way, and runs on neither node");
        break;
    case MIGRATION_DOUBT:
    case MIGRATION_WAIT:
    case MIGRATION_END_SOURCE:
    case MIGRATION_END_TARGET:
    case MIGRATION_RESUME_SOURCE:
    case MIGRATION_DEED_LAST:
        how = str_printf("it cannot be told on which node it is: %.400s", why.text);
        break;
    }
    return not_moved(c, how, failed);
}

/*
 * It crashed on the way. libvirt would let it run on; a stop would then find a guest that runs, and
 * its memory would be lost.
 */
static int keep_crashed(struct ocf_context *c, struct err *why)
{
    struct record *r = c->guest.record;
    struct err ignored = {0};

    record_note_incident(r, CAUSE_PANIC, CONDITION_CRASHED, "guest panicked while it was moved",
                         clock_wall_ms(), clock_mono_us());
    incident_step(&r->incident, STEP_BROKE, clock_wall_ms(), clock_mono_us(), &ignored);
    return stop_freeze(c, why);
}

static int refuse(const struct ocf_context *c)
{
    struct outcome o = outcome_of(c->sight.condition, QUESTION_PROBE, &c->params, 1);

    return ocf_answer(PCMK_OCF_UNKNOWN_ERROR, "guest '%s' is not moved: %s (%s)",
                      c->guest.record->name, o.text, c->sight.detail);
}

static void add_params(const struct ocf_context *c, struct migrate_options *o)
{
    _cleanup_free_ char *memory = migrateuri_memory(&c->params, o, c->call.migrate_target);

    if (memory) {
        migrateopts_set_uri(o, memory);
    }
    if (c->params.migration_speed_mibps > 0) {
        migrateopts_set_bandwidth(o, c->params.migration_speed_mibps);
    }
}

static int migrate_to(struct ocf_context *c, struct migrate_options *o)
{
    _cleanup_free_ char *uri = migrateuri_remote(&c->params, c->call.migrate_target);
    struct migrate m = {
        .record = c->guest.record, .target_uri = uri, .options = o,
        .downtime_ms = c->params.migration_downtime_ms,
        .panic_ends = c->params.panic_grace_s == 0
    };
    struct err why = {0};
    int before;
    int rc;

    ocf_look(c, c->until);
    before = c->sight.seen.reason;
    switch (c->sight.condition) {
    case CONDITION_RUNNING:
        add_params(c, o);
        rc = migrate(c, &m, &why);
        if (rc == -EEXIST ||
            (rc == -ECANCELED && m.health == CONDITION_CRASHED &&
             c->params.crash_policy == CRASH_FREEZE && keep_crashed(c, &why) == 0)) {
            return ocf_fail(&why);
        }
        break;
    case CONDITION_BUSY:   /* one that was begun before, by an action that was killed */
    case CONDITION_ABSENT:
        err_set(&why, -EALREADY, ERR_GENERIC, "%s", c->sight.detail);
        break;
    case CONDITION_PAUSED:
    case CONDITION_IO_ERROR:
    case CONDITION_HUNG:
    case CONDITION_CRASHED:
    case CONDITION_SELF_RECOVERING:
    case CONDITION_SLEEPING:
    case CONDITION_STOPPING:
    case CONDITION_FROZEN:
    case CONDITION_THAWED:
    case CONDITION_UNKNOWN:
    case CONDITION_SILENT:
    case CONDITION_LAST:
        return refuse(c);
    }
    return settle(c, &m, before, &why);
}

int ocf_migrate_to(struct ocf_context *c)
{
    _cleanup_migrateopts_ struct migrate_options o = {0};
    struct err why = {0};

    if (!c->call.migrate_target) {
        return ocf_answer(PCMK_OCF_INVALID_PARAM, "migrate_to: it is not said where to "
                          "(OCF_RESKEY_CRM_meta_migrate_target)");
    }
    if (c->guest.source == IDENTITY_NONE) {
        return ocf_fail(&c->guest.config_error);
    }
    if (migrateopts_parse(c->params.migrate_options, &o, &why) < 0) {
        return ocf_fail(&why);
    }
    return migrate_to(c, &o);
}
