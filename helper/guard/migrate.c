/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One errand migrates; beside it short stages look how far it is, and end or hurry it. Where this
 * process is killed the errand dies with it, its connections close, and libvirt ends a migration
 * that was driven by them; one with --p2p goes on.
 */
#include "guard/migrate.h"

#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "guard/ask.h"
#include "guard/overhear.h"
#include "guard/target.h"
#include "model/migration.h"
#include "sys/errand.h"
#include "sys/virt_migrate.h"

enum {
    OPEN_PERCENT = 80, OPEN_MOST_MS = 30 * 1000,
    /* Of the action's time: post-copy, where it is allowed; the end of the patience; the end. */
    HURRY_PERCENT = 50, RUN_PERCENT = 75, END_PERCENT = 85, ANY_MS = 24 * 3600 * 1000,
    ABORT_PERCENT = 50, /* of what is left then */
    FIRST_LOOK_MS = 100, LOOK_MS = 250, LOOK_MOST_MS = 4000, MS_PER_S = 1000,
    TOLD_MS = 300 /* what libvirt says of the guest's end comes a moment later */
};

struct input {
    const struct migrate *m;
    struct deadline until;
};

static int check_stage(void *shared, const void *input, struct err *why)
{
    const struct input *in = input;
    const struct record *r = in->m->record;
    _cleanup_virt_ struct virt *target = NULL;
    _cleanup_domain_ struct domain *twin = NULL;
    int state;
    int reason;
    int rc = virt_open(in->m->target_uri, deadline_part(in->until, OPEN_PERCENT, OPEN_MOST_MS),
                       &target, why);

    (void) shared;
    if (rc < 0) {
        return rc;
    }
    rc = guest_find(target, r, &twin, why);
    if (rc == 0) {
        rc = virt_state(twin, &state, &reason, why);
    }
    if (rc == 0 && migration_target(LIBVIRT_KNOWS, state, reason) != GUEST_END_ABSENT) {
        return err_set(why, -EEXIST, ERR_GENERIC, "there is a guest '%s' already at '%s': %s (%s); "
                       "if it is frozen, run there: guardedvm release %s", r->name,
                       in->m->target_uri, domain_state_name(state),
                       domain_reason_name(state, reason), r->name);
    }
    return rc == -ENOENT ? 0 : rc;
}

int migrate_check(struct migrate *m, struct deadline until, struct err *why)
{
    struct input in = {m, until};
    int rc = stage_run("looking at the target", check_stage, NULL, &in, until, why);

    m->checked = rc == 0;
    return rc;
}

static int run_stage(void *shared, const void *input, struct err *why)
{
    const struct input *in = input;
    const struct migrate *m = in->m;
    _cleanup_virt_ struct virt *source = NULL;
    _cleanup_virt_ struct virt *target = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = guest_reach(m->record, in->until, &source, &d, why);

    (void) shared;
    if (rc == 0 && !migrateopts_by_source(m->options)) {
        rc = virt_open(m->target_uri, deadline_part(in->until, OPEN_PERCENT, OPEN_MOST_MS),
                       &target, why);
    }
    return rc < 0 ? rc : virt_migrate(d, target, m->target_uri, m->options, why);
}

/* What the looks have learnt, and what they still have to do. */
struct course {
    struct deadline hurry;  /* post-copy, or a pause, from then on */
    struct deadline run;    /* no patience from then on */
    struct deadline all;    /* what migrate_run itself may take */
    bool downtime_set;
    bool hurried;
    struct virt_job job;
    enum runstate runstate; /* of the guest, while it is moved */
};

struct look_input {
    const struct migrate *m;
    const struct course *course;
};

static int hurry(struct domain *d, const struct migrate *m, struct err *why)
{
    if (migrateopts_postcopy(m->options) && !m->options->timeout_suspend) {
        return virt_migrate_postcopy(d, why);
    }
    return virt_suspend(d, why); /* as virsh migrate --timeout does: it runs again there */
}

static int look_stage(void *shared, const void *input, struct err *why)
{
    const struct look_input *in = input;
    const struct migrate *m = in->m;
    struct course *c = shared;
    struct err ignored = {0};
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    int rc = guest_reach(m->record, deadline_in_ms(LOOK_MOST_MS), &v, &d, why);

    if (rc == 0) {
        rc = guest_runstate_of(d, &c->runstate, why);
    }
    if (rc < 0) {
        return rc;
    }
    if (!c->downtime_set && m->downtime_ms > 0) {
        c->downtime_set = virt_migrate_downtime(d, m->downtime_ms, &ignored) == 0;
    }
    if (!c->hurried && deadline_over(c->hurry)) {
        c->hurried = hurry(d, m, &ignored) == 0;
    }
    return virt_job(d, &c->job, why);
}

static bool runs_there(const struct migrate *m, struct deadline until)
{
    struct target_seen seen;
    struct err ignored = {0};

    target_ask(m->record, m->target_uri, false, deadline_min(until, deadline_in_ms(LOOK_MOST_MS)),
               &seen, &ignored);
    return seen.guest == GUEST_END_RUNS;
}

/* By `until`, when the errand is over: a libvirt that hangs must not make this late. */
static void look(struct migrate *m, struct course *c, struct deadline until)
{
    struct look_input in = {m, c};
    struct err ignored = {0};
    bool looked = stage_run("looking at the migration", look_stage, c, &in,
                            deadline_min(until, deadline_in_ms(LOOK_MOST_MS)), &ignored) == 0;

    if (looked && m->tell) {
        m->tell(m->data, &c->job);
    }
    /* While it stands here it may run there, and end there again before this is over. */
    if (!m->ran_there && (!looked || c->runstate != RUNSTATE_RUNNING)) {
        m->ran_there = runs_there(m, until);
    }
}

/* What the options wish is hurried when they say so; without a wish post-copy comes in time. */
static struct deadline hurry_at(const struct migrate *m, struct deadline until)
{
    const struct migrate_options *o = m->options;

    if (o->postcopy_at_once) {
        return deadline_in_ms(0);
    }
    if (o->timeout_s > 0) {
        return deadline_part(until, RUN_PERCENT, o->timeout_s * MS_PER_S);
    }
    return migrateopts_postcopy(o) ? deadline_part(until, HURRY_PERCENT, ANY_MS)
                                           : deadline_in_ms(ANY_MS);
}

/* Ends it by libvirt. In post-copy it cannot be, and goes on until its errand's time is over. */
static int end(struct migrate *m, const struct course *c, struct err *why)
{
    struct err also = {0};
    bool broke = m->health != CONDITION_BUSY;

    if (m->health != CONDITION_CRASHED) {
        guest_ask(m->record, ASK_ABORT_JOB, deadline_part(c->all, ABORT_PERCENT, LOOK_MOST_MS),
                  &also);
    }
    return err_set(why, broke ? -ECANCELED : -ETIMEDOUT, ERR_GENERIC, broke
                   ? "the migration was ended, because the guest broke (QEMU: %s)"
                   : "the migration did not come to an end in its time, and was ended (QEMU: %s)",
                   runstate_name(c->runstate));
}

/* libvirt's word on a panic comes before a look, which would find the guest gone. */
static enum condition health_of(const struct migrate *m, struct course *c, struct overhear *o)
{
    if (m->panic_ends && overhear_panic(o)) {
        c->runstate = RUNSTATE_GUEST_PANICKED;
    }
    return migration_health(c->runstate);
}

static int attend(struct migrate *m, struct errand *e, struct course *c, struct overhear *o,
                  struct err *why)
{
    struct err ended = {0};
    int end_rc = 0;
    int rc = -EAGAIN;

    for (int wait_ms = FIRST_LOOK_MS; e; wait_ms = LOOK_MS) {
        if (errand_wait_or(e, overhear_fd(o), wait_ms)) {
            rc = errand_finish(&e, why);
            continue;
        }
        if (health_of(m, c, o) == CONDITION_BUSY) {
            look(m, c, errand_until(e));
        }
        m->health = health_of(m, c, o);
        if (end_rc == 0 && (m->health != CONDITION_BUSY || deadline_over(c->run))) {
            end_rc = end(m, c, &ended);
        }
        if (m->health == CONDITION_CRASHED) {
            errand_drop(&e);
        }
    }
    if (rc < 0 && end_rc < 0) {
        *why = ended;
        return end_rc;
    }
    return rc;
}

int migrate_run(struct migrate *m, struct deadline until, struct err *why)
{
    struct input in = {m, deadline_part(until, END_PERCENT, ANY_MS)};
    struct course *c = stage_memory(sizeof *c);
    struct overhear *o = overhear_start(m->record);
    struct errand *e = NULL;
    int rc = errand_start("migrating the guest", run_stage, NULL, &in, in.until, &e, why);

    m->health = CONDITION_BUSY;
    c->hurry = hurry_at(m, until);
    c->run = deadline_part(until, RUN_PERCENT, ANY_MS);
    c->all = until;
    if (rc == 0) {
        rc = attend(m, e, c, o, why);
    }
    if (rc == 0 && m->panic_ends && overhear_panic_by(o, deadline_part(until, 100, TOLD_MS))) {
        m->health = CONDITION_CRASHED;
    }
    overhear_end(&o);
    stage_memory_free(c, sizeof *c);
    return rc;
}
