/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the OCF environment to the action's function: its row, its deadline, its
 * parameters, who is meant, the lock. Owns that order.
 */
#include "ocf/ocf.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "sys/detach.h"
#include "sys/statedir.h"
#include "sys/virt.h"
#include "sys/watchsock.h"

/*
 * What is kept back of Pacemaker's time-out: for the end of the last stage, the
 * exit reason and the executor's own delay. A quarter, at most three seconds.
 */
enum { RESERVE_PERCENT = 25, RESERVE_MOST_MS = 3000 };
enum { LOCK_PERCENT = 40, LOCK_MOST_MS = 60 * 1000 };

static const struct action *find(const char *name)
{
    for (const struct action *a = ocf_actions; a->name; a++) {
        if (str_eq(a->name, name)) {
            return a;
        }
    }
    return NULL;
}

static struct deadline answer_by(int64_t timeout_ms)
{
    int64_t reserve = timeout_ms * RESERVE_PERCENT / 100;

    return deadline_in_ms(timeout_ms - (reserve < RESERVE_MOST_MS ? reserve : RESERVE_MOST_MS));
}

static const char *from_environment(const char *name, void *data)
{
    (void) data;
    return getenv(name);
}

/* Only what says who is meant: enough to stop a guest whose policy cannot be read. */
static const char *identity_only(const char *name, void *data)
{
    bool wanted = str_eq(name, "OCF_RESKEY_config") || str_eq(name, "OCF_RESKEY_hypervisor");

    (void) data;
    return wanted ? getenv(name) : NULL;
}

/*
 * A stop that fails costs the node, so it does without a parameter that became
 * unusable after the start: the defaults apply, and without a usable config the
 * record says who is meant.
 */
static void read_params_for_stop(struct ocf_context *c, const struct err *wrong)
{
    struct err also = {0};

    log_warning("%s; stopping with the defaults", wrong->text);
    if (params_parse(&c->params, identity_only, NULL, &also) < 0) {
        params_defaults(&c->params);
    }
}

static int read_params(struct ocf_context *c)
{
    struct err why = {0};

    if (params_parse(&c->params, from_environment, NULL, &why) == 0) {
        return PCMK_OCF_OK;
    }
    if (!(c->action->flags & ACTION_TOLERANT)) {
        return ocf_fail(&why);
    }
    read_params_for_stop(c, &why);
    return PCMK_OCF_OK;
}

static int identify(struct ocf_context *c, struct err *why)
{
    int rc = guest_identify(&c->guest, &c->params, c->call.resource, c->until, why);

    if (rc == 0 && c->guest.record_error.text[0]) {
        log_warning("the record is set aside: %s", c->guest.record_error.text);
    }
    return rc;
}

/* Identified again under the lock: who held it may have changed the record. */
static int identify_locked(struct ocf_context *c, int *ret_lock, struct err *why)
{
    int rc = identify(c, why);

    if (rc < 0 || c->guest.source == IDENTITY_NONE) {
        return rc;
    }
    rc = statedir_lock(c->guest.record->name,
                       deadline_part(c->until, LOCK_PERCENT, LOCK_MOST_MS), ret_lock, why);
    guest_release(&c->guest);
    return rc < 0 ? rc : identify(c, why);
}

/* A guest that is there has a watch; one that is only looked at, or stopped, needs none. */
static bool wants_watch(const struct ocf_context *c, int code)
{
    if (c->action->run == ocf_monitor && c->call.interval_ms > 0) {
        return code == PCMK_OCF_OK || code == PCMK_OCF_DEGRADED || code == PCMK_OCF_UNKNOWN_ERROR;
    }
    return (c->action->run == ocf_start || c->action->run == ocf_migrate_from) &&
           code == PCMK_OCF_OK;
}

/* A late look at the door is cheap; that two watches are started at once, their lock settles. */
static void rouse_watch(void)
{
    struct err why = {0};
    int fd = -1;
    int rc = watchsock_connect(&fd, &why);

    cleanup_close(&fd);
    if (rc == -ENOENT || rc == -ECONNREFUSED) {
        log_info("no watch runs on this node: starting one");
        rc = detach_start_watch(GVM_HELPER, &why);
    }
    if (rc < 0) {
        log_warning("%s", why.text);
    }
}

static int run_for_guest(struct ocf_context *c)
{
    _cleanup_close_ int lock = -1;
    struct err why = {0};
    int rc;

    if ((c->action->flags & ACTION_ROOT) && geteuid() != 0) {
        return ocf_answer(PCMK_OCF_INSUFFICIENT_PRIV, "%s has to run as root", c->action->name);
    }
    if (!(c->action->flags & ACTION_ROOT)) {
        return c->action->run(c); /* looks at parameters and files only */
    }
    if (c->action->flags & ACTION_LOCK) {
        virt_preload(); /* they ask libvirt again and again */
    }
    rc = (c->action->flags & ACTION_LOCK) ? identify_locked(c, &lock, &why) : identify(c, &why);
    if (rc < 0) {
        return ocf_fail(&why);
    }
    rc = c->action->run(c);
    guest_release(&c->guest);
    if (wants_watch(c, rc)) {
        rouse_watch();
    }
    return rc;
}

int ocf_run(const char *name)
{
    struct ocf_context c = {.action = find(name)};
    int code;

    if (!c.action) {
        ocf_print_usage(stderr);
        return PCMK_OCF_UNIMPLEMENT_FEATURE;
    }
    cluster_read_call(&c.call, (int64_t) c.action->timeout_s * 1000);
    c.until = answer_by(c.call.timeout_ms);
    log_open(c.call.resource, (c.action->flags & ACTION_ALOUD) || isatty(STDERR_FILENO));
    if (c.action->flags & ACTION_PLAIN) {
        code = c.action->run(&c);
    } else {
        code = read_params(&c);
        if (code == PCMK_OCF_OK) {
            code = run_for_guest(&c);
            params_free(&c.params);
        }
    }
    log_close();
    return code;
}
