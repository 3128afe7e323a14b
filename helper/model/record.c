/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The record in memory: making, growing and freeing it, its phases' names and
 * its file name. Its text form is made in record_write.c and record_read.c.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/record.h"

bool process_same(const struct process_id *a, const struct process_id *b)
{
    return a->pid == b->pid && a->start_ticks == b->start_ticks;
}

struct record *record_new(void)
{
    return mem_zero(1, sizeof(struct record));
}

void record_clear_steps(struct record *r)
{
    for (size_t i = 0; i < r->incident.step_count; i++) {
        free(r->incident.step[i].name);
    }
    free(r->incident.step);
    r->incident.step = NULL;
    r->incident.step_count = 0;
}

void record_clear_proofs(struct record *r)
{
    for (size_t i = 0; i < r->incident.proof_count; i++) {
        free(r->incident.proof[i].check);
        free(r->incident.proof[i].seen);
    }
    free(r->incident.proof);
    r->incident.proof = NULL;
    r->incident.proof_count = 0;
}

static void clear_moments(struct record *r)
{
    for (size_t i = 0; i < r->incident.moment_count; i++) {
        free(r->incident.moment[i].what);
    }
    free(r->incident.moment);
}

void record_clear_incident(struct record *r)
{
    record_clear_steps(r);
    record_clear_proofs(r);
    clear_moments(r);
    free(r->incident.reason);
    free(r->incident.evidence.folder);
    free(r->incident.evidence.panic);
    free(r->incident.evidence.dump);
    free(r->incident.evidence.note);
    r->incident = (struct incident) { .condition = CONDITION_UNKNOWN };
}

void record_note_incident(struct record *r, enum incident_cause cause, enum condition c,
                          const char *reason, int64_t wall_ms, int64_t mono_us)
{
    struct incident *i = &r->incident;

    if (!incident_is_open(i)) {
        record_clear_incident(r);
        i->seen_wall_ms = wall_ms;
        i->seen_mono_us = mono_us;
    }
    i->cause = cause;
    i->condition = c;
    i->halted = false;
    i->resumed_mono_us = 0;
    if (!str_eq(i->reason, reason)) {
        free(i->reason);
        i->reason = str_dup(reason);
    }
}

void record_set_care(struct record *r, const struct params *policy)
{
    free(r->care.dump_dir);
    r->care = (struct care) {
        .dump_format = policy->dump_format, .dump_dir = str_dup(policy->dump_dir),
        .dump_keep = policy->dump_keep, .dump_min_free_mib = policy->dump_min_free_mib,
        .after_dump = policy->after_dump, .frozen_keep_s = policy->frozen_keep_s,
        .frozen_max = policy->frozen_max,
    };
}

void record_clear_devices(struct record *r)
{
    for (size_t i = 0; i < r->disk_count; i++) {
        free(r->disk[i].path);
    }
    for (size_t i = 0; i < r->nic_count; i++) {
        free(r->nic[i].tap);
        free(r->nic[i].mac);
    }
    free(r->disk);
    free(r->nic);
    r->disk = NULL;
    r->nic = NULL;
    r->disk_count = 0;
    r->nic_count = 0;
}

void record_free(struct record *r)
{
    if (!r) {
        return;
    }
    record_clear_incident(r);
    record_clear_devices(r);
    free(r->resource);
    free(r->name);
    free(r->uuid);
    free(r->uri);
    free(r->config);
    free(r->boot_id);
    free(r->care.dump_dir);
    free(r);
}

void record_cleanup(struct record **r)
{
    record_free(*r);
}

struct disk_record *record_add_disk(struct record *r)
{
    return array_add(&r->disk, &r->disk_count, sizeof(*r->disk));
}

struct nic_record *record_add_nic(struct record *r)
{
    return array_add(&r->nic, &r->nic_count, sizeof(*r->nic));
}

struct step_record *record_add_step(struct record *r, const char *name, int64_t us)
{
    struct step_record *step =
        array_add(&r->incident.step, &r->incident.step_count, sizeof(*step));

    step->name = str_dup(name);
    step->us = us;
    return step;
}

void record_add_proof(struct record *r, bool holds, const char *check, const char *seen)
{
    struct proof_record *proof =
        array_add(&r->incident.proof, &r->incident.proof_count, sizeof(*proof));

    proof->check = str_dup(check);
    proof->seen = str_dup(seen);
    proof->holds = holds;
}

const char *phase_name(enum phase p)
{
    switch (p) {
    case PHASE_KNOWN: return "known";
    case PHASE_STARTING: return "starting";
    case PHASE_RUNNING: return "running";
    case PHASE_FREEZING: return "freezing";
    case PHASE_FROZEN: return "frozen";
    }
    return "unknown";
}

char *record_name_with(const char *domain_name, const char *ending)
{
    const unsigned char *from = (const unsigned char *) domain_name;
    char *name = mem_zero(strlen(domain_name) * 3 + strlen(ending) + 1, 1);
    char *to = name;

    for (; *from; from++) {
        /* not isalnum: it asks the locale */
        if ((*from >= 'a' && *from <= 'z') || (*from >= 'A' && *from <= 'Z') ||
            (*from >= '0' && *from <= '9') || *from == '-' || *from == '_' || *from >= 0x80) {
            *to++ = (char) *from;
        } else {
            static const char hex[] = "0123456789ABCDEF";

            *to++ = '%';
            *to++ = hex[*from >> 4];
            *to++ = hex[*from & 0xf];
        }
    }
    memcpy(to, ending, strlen(ending));
    return name;
}

char *record_file_name(const char *domain_name)
{
    return record_name_with(domain_name, ".json");
}
