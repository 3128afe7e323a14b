/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Creating the guest: noted before anything exists, created paused, noted with its
 * process, let run, waited for. A helper that is killed at any point leaves a
 * record that tells the next action what it finds. What a failed attempt created
 * is ended, or the reason says that it may still be there. A guest whose memory was saved
 * is restored instead, on the same way.
 */
#include "ocf/start.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "guard/ask.h"
#include "guard/defined.h"
#include "guard/holdings.h"
#include "guard/kill.h"
#include "guard/release.h"
#include "guard/room.h"
#include "guard/scan.h"
#include "ocf/prepare.h"
#include "ocf/saving.h"
#include "sys/stage.h"
#include "sys/statedir.h"
#include "sys/virt.h"

enum {
    ROOM_PERCENT = 60, /* libvirt takes its time with a frozen guest that goes: guard/owners.h */
    CREATE_PERCENT = 55, CREATE_MOST_MS = 120 * 1000,
    RESTORE_PERCENT = 70, /* of whatever the start has: memory is large */
    OPEN_PERCENT = 50, OPEN_MOST_MS = 30 * 1000,
    FIND_PERCENT = 30, FIND_MOST_MS = 5000,
    RESUME_PERCENT = 30, RESUME_MOST_MS = 15 * 1000,
    ASK_PERCENT = 50, UNDO_PERCENT = 80, UNDO_MOST_MS = 30 * 1000,
    DEVICES_PERCENT = 50, DEVICES_MOST_MS = 5000
};

struct create_input {
    const struct record *record;
    const char *xml;
    struct saved saved;
    const char *uuid; /* the config's; NULL: it has none */
    struct deadline until;
};

struct created {
    bool managed_save;
    enum saved_found found;
    bool asked; /* from here on libvirt may create it, whatever becomes of us */
    bool done;
    char uuid[64];
};

static int create_stage(void *shared, const void *input, struct err *why)
{
    struct created *ret = shared;
    const struct create_input *in = input;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *old = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    _cleanup_free_ char *xml = NULL;
    struct deadline open_until = deadline_part(in->until, OPEN_PERCENT, OPEN_MOST_MS);
    int rc = virt_open(in->record->uri, open_until, &v, why);

    if (rc == 0 && guest_find(v, in->record, &old, NULL) == 0) {
        ret->managed_save = virt_has_managed_save(old);
        rc = defined_match(old, in->xml, &xml, why);
    }
    if (rc == 0) {
        ret->asked = true;
        rc = saved_bring_up(v, &in->saved, in->uuid, xml ? xml : in->xml, &ret->found, &d, why);
    }
    if (rc == 0) {
        snprintf(ret->uuid, sizeof ret->uuid, "%s", virt_domain_uuid(d));
        ret->done = true;
    }
    return rc;
}

/* Noted first: whoever finds a guest without a process in this record knows that it never ran. */
static int note_attempt(struct ocf_context *c, struct err *why)
{
    bool was_frozen = c->guest.record->phase == PHASE_FROZEN;

    guest_note_ended(&c->guest);
    if (was_frozen) {
        log_notice("the frozen guest '%s' is gone without a release", c->guest.record->name);
        release_announce(c->guest.record, c->until, why);
    }
    c->guest.record->phase = PHASE_STARTING;
    return ocf_remember(c, why);
}

static int note_process(struct ocf_context *c, const char *uuid, struct err *why)
{
    struct record *r = c->guest.record;
    struct scan_result found = {0};
    int rc;

    if (uuid && uuid[0]) {
        free(r->uuid);
        r->uuid = str_dup(uuid);
    }
    rc = scan_guest(r->name, r->uuid, deadline_part(c->until, FIND_PERCENT, FIND_MOST_MS), &found,
                    why);
    if (rc < 0) {
        return rc;
    }
    if (!found.found) {
        return err_set(why, -ESRCH, ERR_GENERIC, "no QEMU process of guest '%s' exists", r->name);
    }
    r->process = found.id;
    r->started_wall_ms = clock_wall_ms();
    c->guest.changed = true;
    return ocf_remember(c, why);
}

/* -EINPROGRESS: libvirt was asked and did not answer. -ESRCH: it says that it did, and no QEMU
 * is there. */
static int create_paused(struct ocf_context *c, const char *xml, enum saved_found *ret_found,
                         struct err *why)
{
    struct created *made = stage_memory(sizeof *made);
    struct create_input in = {
        .record = c->guest.record, .xml = xml, .saved = saving_of(c), .uuid = c->guest.config->uuid,
        .until = c->params.snapshot ? deadline_part(c->until, RESTORE_PERCENT, c->call.timeout_ms)
                                    : deadline_part(c->until, CREATE_PERCENT, CREATE_MOST_MS)
    };
    int rc = stage_run("creating the guest", create_stage, made, &in, in.until, why);

    if (made->managed_save) {
        log_warning("libvirt holds a managed save image of guest '%s', which this start did not "
                    "use: 'virsh start' outside the cluster would restore old memory",
                    c->guest.record->name);
    }
    saving_tell_restore(c, made->found);
    *ret_found = made->found;
    if (rc == 0) {
        rc = note_process(c, made->uuid, why);
    } else if (made->asked && (rc == -ETIMEDOUT || rc == -ECHILD)) {
        rc = -EINPROGRESS;
    }
    stage_memory_free(made, sizeof *made);
    return rc;
}

/* While it stands: a panic right after its start is let run on, too. */
static int let_run(struct ocf_context *c, struct err *why)
{
    struct deadline until = deadline_part(c->until, RESUME_PERCENT, RESUME_MOST_MS);
    int rc = 0;

    if (c->params.panic_grace_s > 0) {
        rc = guest_ask(c->guest.record, ASK_PANIC_RUNS, until, why);
    }
    /* The last step before it runs: until here its saved memory is as good as it. */
    if (rc == 0) {
        rc = saving_spend(c, why);
    }
    if (rc == 0) {
        rc = guest_ask(c->guest.record, ASK_RESUME, until, why);
    }
    return rc < 0 ? rc : start_wait_running(c, why);
}

/*
 * No process of it exists. A creation that libvirt was asked for and did not answer may yet be
 * done: the record goes on saying so, and no look calls the guest absent on a hanging
 * daemon's silence.
 */
static int undo_nothing(struct ocf_context *c, int failed, struct err *why)
{
    struct err also = {0};

    if (failed == -EINPROGRESS) {
        return ocf_answer(err_ocf_code(why->kind), "%.600s; libvirt may yet do it", why->text);
    }
    if (failed == -ESRCH) {
        /* libvirt has created it, in a process that is not known as a QEMU. */
        guest_ask(c->guest.record, ASK_DESTROY,
                  deadline_part(c->until, UNDO_PERCENT, UNDO_MOST_MS), &also);
    }
    guest_note_ended(&c->guest);
    ocf_remember(c, &also);
    return ocf_fail(why);
}

/* A creation that was given up may have been done all the same. */
static int undo(struct ocf_context *c, int failed, struct err *why)
{
    struct err also = {0};
    struct record *r = c->guest.record;
    int rc = 0;

    if (r->process.pid == 0) {
        rc = note_process(c, NULL, &also);
    }
    if (rc < 0 && rc != -ESRCH) {
        /* Which process it is cannot be told, as with a wrapper that stays beside its QEMU:
         * what libvirt itself can end of it leaves less to be told. */
        guest_ask(r, ASK_DESTROY, deadline_part(c->until, ASK_PERCENT, UNDO_MOST_MS), &also);
        rc = note_process(c, NULL, &also);
    }
    if (rc == -ESRCH) {
        return undo_nothing(c, failed, why);
    }
    if (kill_proven(&r->process, KILL_AT_ONCE,
                    deadline_part(c->until, UNDO_PERCENT, UNDO_MOST_MS), &also) < 0) {
        return ocf_answer(err_ocf_code(why->kind), "%.350s; what was created of guest '%s' may "
                          "still be there: %.300s", why->text, r->name, also.text);
    }
    guest_note_ended(&c->guest);
    ocf_remember(c, &also);
    return ocf_answer(err_ocf_code(why->kind), "%.600s; what was created of it is ended",
                      why->text);
}

int start_create(struct ocf_context *c)
{
    _cleanup_free_ char *xml = NULL;
    enum saved_found found = SAVED_NOTHING;
    struct err why = {0};

    if (domxml_effective(c->guest.config_text, c->guest.config_size, &c->params, &xml, &why) < 0 ||
        prepare_resources(c, &why) < 0 || prepare_overlay(c, &why) < 0 ||
        note_attempt(c, &why) < 0) {
        return ocf_fail(&why);
    }
    room_make(c->guest.config->memory_kib, deadline_part(c->until, ROOM_PERCENT, RELEASE_MS));
    int rc = create_paused(c, xml, &found, &why);
    if (rc == 0) {
        rc = let_run(c, &why);
    }
    if (rc < 0) {
        saving_tell_failed(c, found);
        return undo(c, rc, &why);
    }
    rc = start_complete(c);
    if (rc == PCMK_OCF_OK) {
        saving_tell_start(c, found);
    }
    return rc;
}

static int devices_stage(void *shared, const void *input, struct err *why)
{
    const struct ocf_context *c = input;
    struct record *r = c->guest.record;
    _cleanup_virt_ struct virt *v = NULL;
    _cleanup_domain_ struct domain *d = NULL;
    _cleanup_domxml_ struct domxml *live = NULL;
    _cleanup_free_ char *xml = NULL;

    (void) shared;
    /* The XML only adds MAC addresses and memory: without it the record is still good. */
    if (virt_open(r->uri, deadline_part(c->until, OPEN_PERCENT, DEVICES_MOST_MS), &v, why) == 0 &&
        guest_find(v, r, &d, why) == 0 && virt_xml(d, &xml, why) == 0 &&
        domxml_parse(xml, strlen(xml), &live, why) == 0) {
        r->memory_kib = live->memory_kib;
    }
    int rc = holdings_note(r, live, why);
    return rc < 0 ? rc : statedir_save(r, why);
}

/* Saved by the child, since a record cannot travel through shared memory; read back after. */
void start_note_devices(struct ocf_context *c)
{
    struct record *now = NULL;
    struct err why = {0};
    struct deadline until = deadline_part(c->until, DEVICES_PERCENT, DEVICES_MOST_MS);

    if (stage_run("noting what the guest holds", devices_stage, NULL, c, until, &why) < 0 ||
        statedir_load(c->guest.record->name, &now, &why) < 0) {
        log_warning("the guest's disks are not in its record yet: %s", why.text);
        return;
    }
    record_free(c->guest.record);
    c->guest.record = now;
}
