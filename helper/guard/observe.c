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
#include "guard/inquire.h"
#include "guard/scan.h"
#include "guard/verify.h"
#include "sys/proc.h"

/* Shares of the caller's deadline. */
enum {
    SCAN_PERCENT = 30, SCAN_MOST_MS = 5000,
    VERIFY_PERCENT = 60, VERIFY_MOST_MS = 10000,
    /* libvirt notices the end of a QEMU some milliseconds after the kernel does. */
    AGREE_PERCENT = 30, AGREE_MOST_MS = 3000, AGREE_PAUSE_MS = 50
};

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

/*
 * The guest's name with a UUID that neither the config nor the record knows: another
 * libvirt's guest (somebody's session), or ours, started by hand from another XML.
 */
static bool only_namesake(const struct guest *g, const struct scan_result *found)
{
    return g->config && g->config->uuid && found->uuid[0] &&
           !str_eq(found->uuid, g->config->uuid) && !str_eq(found->uuid, g->record->uuid);
}

/* After libvirt's answer: it is ours if libvirt has it or does not tell. */
static void judge_namesake(struct guest *g, const struct scan_result *namesake,
                           struct observation *seen)
{
    enum process_state recorded = proc_state(&g->record->process);

    if (!namesake->found) {
        return;
    }
    if (seen->libvirt == LIBVIRT_SILENT || str_eq(g->record->uuid, namesake->uuid)) {
        adopt(g, namesake);
        seen->process = PROCESS_ALIVE;
    } else if (g->record->process.pid == 0 || recorded == PROCESS_DEAD) {
        seen->process = PROCESS_DEAD;
    }
}

/* The record's own process answers without a search; else all of them are looked at,
 * since somebody may have started the guest without us. */
static void look_at_process(struct guest *g, struct deadline until, struct sighting *ret,
                            struct scan_result *namesake, struct err *doubt)
{
    struct scan_result found = {0};
    int rc;

    namesake->found = false;
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
    } else if (only_namesake(g, &found)) {
        *namesake = found;
        ret->seen.process = PROCESS_UNPROVABLE;
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

/*
 * A guest's creation was asked for and nobody was told its end: libvirtd may still work on it
 * after the one who asked was killed, and QEMU comes up later.
 */
static bool creation_open(const struct record *r)
{
    return r->phase == PHASE_STARTING && r->process.pid == 0;
}

static void look_at_libvirt(struct guest *g, struct deadline until, struct sighting *ret,
                            struct err *silence, struct err *doubt)
{
    struct inquiry answer;

    inquire(g->record, until, &answer, silence);
    ret->seen.libvirt = answer.answer;
    ret->seen.state = answer.state;
    ret->seen.reason = answer.reason;
    ret->seen.runstate = answer.runstate;
    ret->size = answer.size;
    if (answer.answer == LIBVIRT_KNOWS && !str_eq(g->record->uuid, answer.uuid)) {
        free(g->record->uuid);
        g->record->uuid = str_dup(answer.uuid);
        g->changed = true;
    }
    if (answer.cut) {
        /* Frozen before its record was lost: it must be proven again. */
        g->record->phase = PHASE_FREEZING;
        g->changed = true;
        ret->seen.record = RECORD_FROZEN_BROKEN;
        err_set(doubt, -EAGAIN, ERR_GENERIC, "its disks were cut off by a freeze");
    }
    /* A daemon that is not there creates nothing; one that hangs may go on at any time. */
    if (answer.hangs && creation_open(g->record) && ret->seen.process == PROCESS_DEAD) {
        ret->seen.process = PROCESS_UNPROVABLE;
        err_set(doubt, -EAGAIN, ERR_GENERIC, "libvirt was asked to create it and may yet do so");
    }
}

/* libvirt and the kernel contradict each other about whether there is a process. */
static bool disagree(const struct observation *seen)
{
    bool gone = seen->libvirt == LIBVIRT_NOT_FOUND || verdict_libvirt_off(seen);

    return (verdict_libvirt_active(seen) && seen->process == PROCESS_DEAD) ||
           (gone && seen->process == PROCESS_ALIVE);
}

/* An open creation that nobody sees yet may show within a moment. */
static bool unsettled(const struct guest *g, const struct observation *seen)
{
    return disagree(seen) || (creation_open(g->record) && seen->process == PROCESS_DEAD &&
                              seen->libvirt != LIBVIRT_SILENT);
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
    struct scan_result namesake = {0};
    struct err silence = {0};
    struct err doubt = {0};

    for (;;) {
        doubt.text[0] = '\0';
        look_at_process(g, until, ret, &namesake, &doubt);
        look_at_record(g, until, ret, &doubt);
        look_at_libvirt(g, until, ret, &silence, &doubt);
        judge_namesake(g, &namesake, &ret->seen);
        if (!unsettled(g, &ret->seen) || deadline_over(agree)) {
            break;
        }
        clock_pause_ms(AGREE_PAUSE_MS, agree);
    }
    ret->seen.incident = incident_view_of(&g->record->incident, g->params, clock_mono_us());
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
