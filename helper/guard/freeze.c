/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order of a freeze: one table of steps, run in one child on one libvirt
 * connection, each timed into the record. Owns what is refused before the first cut
 * and when the record is saved; the cuts are fence.h's, the proof is verify.h's.
 */
#include "guard/freeze.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/fence.h"
#include "guard/holdings.h"
#include "guard/leases.h"
#include "guard/verify.h"
#include "model/domxml.h"
#include "sys/proc.h"
#include "sys/qmp.h"
#include "sys/stage.h"
#include "sys/statedir.h"

/* Everything of one attempt; lives in the child. */
struct attempt {
    struct record *r;
    struct virt *virt;
    struct domxml *live;
    struct fence fence;
};

static int connect_libvirt(struct attempt *a, struct err *why)
{
    int rc = virt_open(a->r->uri, a->fence.until, &a->virt, why);

    return rc < 0 ? rc : virt_find(a->virt, a->r->uuid, NULL, &a->fence.domain, why);
}

/* The recorded process is a QEMU of that UUID. Others are not looked at: one that cannot be
 * read must not cost this guest its memory. */
static int check_process(const struct record *r, struct err *why)
{
    struct qemu_process q = {0};
    int rc = proc_read_qemu(r->process.pid, &q, why);

    if (rc == 0 && (q.id.start_ticks != r->process.start_ticks || !str_eq(q.uuid, r->uuid))) {
        rc = err_set(why, -ESTALE, ERR_GENERIC, "process %d is not the QEMU of UUID %s",
                     (int) r->process.pid, r->uuid);
    }
    proc_qemu_clear(&q);
    return rc;
}

/* libvirt's monitor leads to a QEMU of that UUID, too; with the above: to that process. */
static int check_peer(struct attempt *a, struct err *why)
{
    struct json_object *reply = NULL;
    int rc = qmp_run(a->fence.domain, "query-uuid", NULL, &reply, why);

    if (rc < 0) {
        return rc;
    }
    const char *uuid = fence_text(reply, "UUID");
    if (!uuid || strcasecmp(uuid, a->r->uuid) != 0) {
        rc = err_set(why, -ESTALE, ERR_GENERIC, "libvirt's QEMU has UUID %s, the record %s",
                     uuid ? uuid : "none", a->r->uuid);
    }
    json_object_put(reply);
    return rc;
}

static int check_identity(struct attempt *a, struct err *why)
{
    if (!a->r->uuid || a->r->process.pid <= 0) {
        return err_set(why, -EINVAL, ERR_GENERIC, "the record names no UUID or no process");
    }
    int rc = check_process(a->r, why);
    return rc < 0 ? rc : check_peer(a, why);
}

static int refuse_hazards(struct attempt *a, struct err *why)
{
    _cleanup_free_ char *xml = NULL;
    int rc = virt_xml(a->fence.domain, &xml, why);

    if (rc == 0) {
        rc = domxml_parse(xml, strlen(xml), &a->live, why);
    }
    if (rc < 0) {
        return err_prefix(why, rc, "live XML");
    }
    if (a->live->hazard_count > 0) {
        const struct domxml_hazard *h = &a->live->hazard[0];

        return err_set(why, -ENOTSUP, ERR_GENERIC, "it has %s: %s", h->device, h->why);
    }
    return 0;
}

/* The last thing before the first cut: whoever comes after a kill knows what was begun. */
static int save_begin(struct attempt *a, struct err *why)
{
    int rc = holdings_note(a->r, a->live, why);

    if (rc < 0) {
        return rc;
    }
    a->r->phase = PHASE_FREEZING;
    return statedir_save(a->r, why);
}

#define CUT(function)                                                        \
    static int cut_##function(struct attempt *a, struct err *why)            \
    {                                                                        \
        return fence_##function(&a->fence, why);                             \
    }
CUT(vcpus)
CUT(network)
CUT(migration)
CUT(exports)
CUT(jobs)
CUT(drives)
CUT(nodes)

static int give_leases_back(struct attempt *a, struct err *why)
{
    return leases_give_back(a->r, a->live, a->fence.domain, why);
}

static int prove(struct attempt *a, struct err *why)
{
    return verify_look(a->r, a->fence.domain, why);
}

struct step {
    const char *name;
    int (*run)(struct attempt *a, struct err *why);
};

static const struct step steps[] = {
    {"libvirt asked", connect_libvirt},
    {"identity checked", check_identity},
    {"hazards looked for", refuse_hazards},
    {"record saved", save_begin},
    {"vCPUs stopped and drained", cut_vcpus},
    {"network cut", cut_network},
    {"migration ended", cut_migration},
    {"exports ended", cut_exports},
    {"block jobs ended", cut_jobs},
    {"drives swapped", cut_drives},
    {"block nodes deleted", cut_nodes},
    /* A libvirt job that ended meanwhile may have let them run: into nothing, by now. */
    {"vCPUs stopped for good", cut_vcpus},
    {"leases given back", give_leases_back},
    {"proven", prove},
};

static int run_steps(struct attempt *a, struct err *why)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        int64_t begun_us = clock_mono_us();

        if (deadline_over(a->fence.until)) {
            return err_set(why, -ETIMEDOUT, ERR_GENERIC, "out of time before: %s", steps[i].name);
        }
        int rc = steps[i].run(a, why);
        record_add_step(a->r, steps[i].name, clock_mono_us() - begun_us);
        if (rc < 0) {
            return err_prefix(why, rc, "not reached: %s", steps[i].name);
        }
    }
    return 0;
}

static int freeze_stage(void *shared, const void *input, struct err *why)
{
    struct attempt *a = *(struct attempt *const *) input;
    struct record *r = a->r;
    struct err ignored = {0};

    (void) shared;
    record_clear_steps(r);
    record_clear_proofs(r);
    r->incident.frozen_wall_ms = 0;
    int rc = run_steps(a, why);
    if (rc == 0) {
        r->phase = PHASE_FROZEN;
        r->incident.frozen_wall_ms = clock_wall_ms();
        incident_step(&r->incident, STEP_FROZEN, r->incident.frozen_wall_ms, clock_mono_us(),
                      &ignored); /* of a released one there is no such step: the phase counts */
        rc = statedir_save(r, why);
    } else if (r->phase == PHASE_FREEZING) {
        statedir_save(r, &ignored); /* how far it came; the reason is `why` */
    }
    domxml_free(a->live);
    virt_domain_free(a->fence.domain);
    virt_close(a->virt);
    return rc;
}

/* Puts what the child saved into the caller's record. */
static int reload(struct record *r, struct err *why)
{
    struct record *saved = NULL;
    int rc = statedir_load(r->name, &saved, why);

    if (rc == 0) {
        struct record mine = *r;

        *r = *saved;
        *saved = mine;
        record_free(saved);
    }
    return rc;
}

int freeze_guest(struct record *r, struct deadline until, struct err *why)
{
    struct attempt a = {.r = r, .fence = {.pid = r->process.pid, .until = until}};
    struct attempt *input = &a;
    int rc = stage_run("freezing the guest", freeze_stage, NULL, &input, until, why);

    if (rc == 0) {
        return reload(r, why);
    }
    struct err ignored = {0};
    reload(r, &ignored);
    return rc;
}
