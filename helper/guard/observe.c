/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the guest is now: process, libvirt and verification asked one after the
 * other, each in a stage with a share of the deadline. Owns the gathering; what
 * the answers mean together is model/verdict's table.
 */
#include "guard/observe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/ask.h"
#include "guard/scan.h"
#include "guard/verify.h"
#include "model/qmptext.h"
#include "sys/proc.h"
#include "sys/qmp.h"
#include "sys/stage.h"

/* Shares of the caller's deadline. */
enum {
    SCAN_PERCENT = 30, SCAN_MOST_MS = 5000,
    LIBVIRT_PERCENT = 50, LIBVIRT_MOST_MS = 8000,
    OPEN_PERCENT = 80,
    VERIFY_PERCENT = 60, VERIFY_MOST_MS = 10000,
    /* libvirt notices the end of a QEMU some milliseconds after the kernel does. */
    AGREE_PERCENT = 30, AGREE_MOST_MS = 3000, AGREE_PAUSE_MS = 50
};

struct libvirt_view {
    enum libvirt_answer answer;
    int state;
    int reason;
    enum runstate runstate;
    bool persistent;
    char uuid[64];
};

struct libvirt_input {
    const struct record *record;
    struct deadline until;
};

static void ask_runstate(struct domain *d, struct libvirt_view *view)
{
    struct json_object *reply = NULL;
    struct err ignored = {0};
    bool running = false;

    if (qmp_run(d, "query-status", NULL, &reply, &ignored) == 0) {
        if (qmptext_status(reply, &view->runstate, &running, &ignored) < 0) {
            view->runstate = RUNSTATE_UNKNOWN;
        }
        json_object_put(reply);
    }
}

/* `answer` is written as soon as it is true, so that it survives when a later call hangs. */
static int libvirt_stage(void *shared, const void *input, struct err *why)
{
    struct libvirt_view *view = shared;
    const struct libvirt_input *in = input;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    struct deadline open_until = deadline_part(in->until, OPEN_PERCENT, LIBVIRT_MOST_MS);
    int rc = virt_open(in->record->uri, open_until, &v, why);

    if (rc < 0) {
        return rc;
    }
    rc = guest_find(v, in->record, &d, why);
    if (rc < 0) {
        view->answer = rc == -ENOENT ? LIBVIRT_NOT_FOUND : LIBVIRT_SILENT;
        return rc == -ENOENT ? 0 : rc;
    }
    rc = virt_state(d, &view->state, &view->reason, why);
    if (rc < 0) {
        return rc;
    }
    snprintf(view->uuid, sizeof view->uuid, "%s", virt_domain_uuid(d));
    view->answer = LIBVIRT_KNOWS;
    view->persistent = virt_is_persistent(d);
    if (verdict_needs_runstate(view->state, view->reason)) {
        ask_runstate(d, view);
    }
    return 0;
}

static void look_at_libvirt(struct guest *g, struct deadline until, struct sighting *ret,
                            struct err *silence)
{
    struct libvirt_view *view = stage_memory(sizeof *view);
    struct libvirt_input in = {
        .record = g->record,
        .until = deadline_part(until, LIBVIRT_PERCENT, LIBVIRT_MOST_MS)
    };

    silence->text[0] = '\0';
    stage_run("asking libvirt about the guest", libvirt_stage, view, &in, in.until, silence);
    ret->seen.libvirt = view->answer;
    ret->seen.state = view->state;
    ret->seen.reason = view->reason;
    ret->seen.runstate = view->runstate;
    ret->persistent = view->persistent;
    if (view->answer == LIBVIRT_KNOWS && !str_eq(g->record->uuid, view->uuid)) {
        free(g->record->uuid);
        g->record->uuid = str_dup(view->uuid);
        g->changed = true;
    }
    stage_memory_free(view, sizeof *view);
}

static void adopt(struct guest *g, const struct scan_result *found)
{
    struct record *r = g->record;

    /* A start that was killed between creation and its note left no process in the record;
     * any other record is about a process that is gone, and its incident is not this one's. */
    if (r->phase != PHASE_STARTING || r->process.pid) {
        guest_note_ended(g);
    }
    r->process = found->id;
    g->changed = true;
    if (found->uuid[0]) {
        free(r->uuid);
        r->uuid = str_dup(found->uuid);
    }
}

/* The record's own process answers without a search; else all of them are looked at,
 * since somebody may have started the guest without us. */
static void look_at_process(struct guest *g, struct deadline until, struct sighting *ret,
                            struct err *doubt)
{
    struct scan_result found = {0};
    int rc;

    ret->seen.process = proc_state(&g->record->process);
    if (ret->seen.process == PROCESS_ALIVE) {
        return;
    }
    rc = scan_guest(g->record->name, g->record->uuid,
                    deadline_part(until, SCAN_PERCENT, SCAN_MOST_MS), &found, doubt);
    if (rc < 0) {
        ret->seen.process = PROCESS_UNPROVABLE;
    } else if (!found.found) {
        ret->seen.process = g->record->process.pid && ret->seen.process != PROCESS_DEAD
                                ? PROCESS_UNPROVABLE : PROCESS_DEAD;
    } else {
        adopt(g, &found);
        ret->seen.process = PROCESS_ALIVE;
    }
}

static bool claims_frozen(const struct record *r)
{
    return r->phase == PHASE_FROZEN || r->phase == PHASE_FREEZING;
}

/* A freeze that was begun and not proven is treated like one whose proof broke. */
static void look_at_record(struct guest *g, struct deadline until, struct sighting *ret,
                           struct err *broken)
{
    ret->seen.record = g->recorded || g->record->process.pid ? RECORD_KNOWN : RECORD_NONE;
    if (!claims_frozen(g->record) || ret->seen.process == PROCESS_DEAD) {
        return;
    }
    ret->seen.record = RECORD_FROZEN_BROKEN;
    if (g->record->phase == PHASE_FREEZING) {
        err_set(broken, -EAGAIN, ERR_GENERIC, "a freeze was begun and not completed");
    } else if (verify_guest(g->record, deadline_part(until, VERIFY_PERCENT, VERIFY_MOST_MS),
                            broken) == 0) {
        ret->seen.record = RECORD_FROZEN_HOLDS;
    }
}

/* libvirt and the kernel contradict each other about whether there is a process. */
static bool disagree(const struct observation *seen)
{
    bool gone = seen->libvirt == LIBVIRT_NOT_FOUND || verdict_libvirt_off(seen);

    return (verdict_libvirt_active(seen) && seen->process == PROCESS_DEAD) ||
           (gone && seen->process == PROCESS_ALIVE);
}

static const char *const process_words[] = {
    [PROCESS_UNPROVABLE] = "not provable", [PROCESS_ALIVE] = "alive", [PROCESS_DEAD] = "ended"
};

static void describe_libvirt(const struct observation *seen, const struct err *silence,
                             char *text, size_t size)
{
    switch (seen->libvirt) {
    case LIBVIRT_SILENT:
        snprintf(text, size, "libvirt: no answer (%.200s)",
                 silence->text[0] ? silence->text : "not asked");
        return;
    case LIBVIRT_NOT_FOUND:
        snprintf(text, size, "libvirt: no such guest");
        return;
    case LIBVIRT_KNOWS:
        snprintf(text, size, "libvirt: %s (%s)%s%s", domain_state_name(seen->state),
                 domain_reason_name(seen->state, seen->reason),
                 seen->runstate ? ", QEMU: " : "",
                 seen->runstate ? runstate_name(seen->runstate) : "");
        return;
    }
}

static void describe(const struct guest *g, const struct err *silence, const struct err *doubt,
                     struct sighting *ret)
{
    char libvirt[300];
    char process[32] = "";

    describe_libvirt(&ret->seen, silence, libvirt, sizeof libvirt);
    if (g->record->process.pid) {
        snprintf(process, sizeof process, " %d", (int) g->record->process.pid);
    }
    snprintf(ret->detail, sizeof ret->detail, "%s, process%s %s%s%.160s", libvirt, process,
             process_words[ret->seen.process], doubt->text[0] ? ": " : "", doubt->text);
}

/* The name a guest probably has whose config is missing: users name the file after it. */
static char *probable_name(const char *config)
{
    const char *base = config ? strrchr(config, '/') : NULL;
    char *name = base ? str_dup(base + 1) : NULL;
    size_t length = name ? strlen(name) : 0;

    if (length > 4 && str_eq(name + length - 4, ".xml")) {
        name[length - 4] = '\0';
    }
    return name;
}

static void observe_strangers(struct guest *g, struct deadline until, struct sighting *ret)
{
    _cleanup_free_ char *name = probable_name(g->params->config);
    struct scan_strangers strangers = {0};
    struct err why = {0};
    int rc = scan_for_strangers(name, deadline_part(until, SCAN_PERCENT, SCAN_MOST_MS),
                                &strangers, &why);

    ret->counted = rc == 0;
    ret->strangers = strangers.count;
    ret->namesake = strangers.namesake;
    ret->condition = rc == 0 && strangers.count == 0 ? CONDITION_ABSENT : CONDITION_UNKNOWN;
    if (rc < 0) {
        snprintf(ret->detail, sizeof ret->detail, "QEMU processes: %.400s", why.text);
    } else {
        snprintf(ret->detail, sizeof ret->detail,
                 "%zu QEMU processes here that no record accounts for%s", strangers.count,
                 strangers.namesake ? ", one of them with the config's name" : "");
    }
}

static void observe_guest(struct guest *g, struct deadline until, struct sighting *ret)
{
    struct deadline agree = deadline_part(until, AGREE_PERCENT, AGREE_MOST_MS);
    struct err silence = {0};
    struct err doubt = {0};

    for (;;) {
        doubt.text[0] = '\0';
        look_at_process(g, until, ret, &doubt);
        look_at_record(g, until, ret, &doubt);
        look_at_libvirt(g, until, ret, &silence);
        if (!disagree(&ret->seen) || deadline_over(agree)) {
            break;
        }
        clock_pause_ms(AGREE_PAUSE_MS, agree);
    }
    ret->condition = verdict_of(&ret->seen);
    describe(g, &silence, &doubt, ret);
}

void observe(struct guest *g, struct deadline until, struct sighting *ret)
{
    memset(ret, 0, sizeof *ret);
    if (g->source == IDENTITY_NONE) {
        observe_strangers(g, until, ret);
    } else {
        observe_guest(g, until, ret);
    }
}
