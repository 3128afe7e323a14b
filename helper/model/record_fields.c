/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The record's JSON, by rows: one list of {key, type, offset} per struct serves
 * writing and reading.
 *
 * A field that is added, taken away or changed makes a new RECORD_VERSION.
 */
#include "model/record.h"
#include "model/record_fields.h"

#define FIELD(STRUCT, MEMBER, TYPE)                                                         \
    {                                                                                       \
        .key = #MEMBER, .type = FIELD_##TYPE, .offset = offsetof(struct STRUCT, MEMBER)     \
    }
#define FIELD_AS(STRUCT, KEY, MEMBER, TYPE)                                                 \
    {                                                                                       \
        .key = (KEY), .type = FIELD_##TYPE, .offset = offsetof(struct STRUCT, MEMBER)       \
    }

static const struct field record_fields[] = {
    FIELD(record, resource, TEXT_NULL),
    FIELD(record, name, TEXT),
    FIELD(record, uuid, TEXT_NULL),
    FIELD(record, uri, TEXT_NULL),
    FIELD(record, config, TEXT_NULL),
    FIELD(record, boot_id, TEXT_NULL),
    FIELD(record, phase, PHASE),
    FIELD_AS(record, "pid", process.pid, PID),
    FIELD_AS(record, "start_ticks", process.start_ticks, UINT64),
    FIELD(record, started_wall_ms, INT64),
    FIELD(record, watchdog_fired, INT64),
    FIELD_AS(record, "ended_by", ending.by, BY),
    FIELD_AS(record, "ended_how", ending.text, ENDING),
    FIELD_AS(record, "config_sum", config_sums.file, UINT64),
    FIELD_AS(record, "config_domain_sum", config_sums.domain, UINT64),
    FIELD_AS(record, "config_saved_sum", config_sums.saved, UINT64),
    FIELD(record, memory_kib, UINT64),
    FIELD_AS(record, "utilization_cpu", utilization.told[UTILIZATION_CPU], INT64),
    FIELD_AS(record, "utilization_host_memory", utilization.told[UTILIZATION_HOST_MEMORY], INT64),
    FIELD_AS(record, "utilization_hv_memory", utilization.told[UTILIZATION_HV_MEMORY], INT64),
    FIELD_AS(record, "utilization_failed_mono_us", utilization.failed_mono_us, INT64),
    FIELD_AS(record, "agent_seen", pulse.agent_seen, BOOL),
    FIELD_AS(record, "agent_silent_us", pulse.silent_us, INT64),
    FIELD_AS(record, "still_us", pulse.still_us, INT64),
    FIELD_AS(record, "still_run_us", pulse.then.run_us, UINT64),
    FIELD_AS(record, "still_wakeups", pulse.then.wakeups, UINT64),
    FIELD_AS(record, "still_disk_ops", pulse.then.disk_ops, UINT64),
    FIELD_AS(record, "dump_format", care.dump_format, FORMAT),
    FIELD_AS(record, "dump_dir", care.dump_dir, TEXT_NULL),
    FIELD_AS(record, "dump_keep", care.dump_keep, INT64),
    FIELD_AS(record, "dump_min_free", care.dump_min_free_mib, INT64),
    FIELD_AS(record, "after_dump", care.after_dump, AFTER),
    FIELD_AS(record, "frozen_keep", care.frozen_keep_s, INT64),
    FIELD_AS(record, "frozen_max", care.frozen_max, INT64),
};
static const struct field disk_fields[] = {
    FIELD(disk_record, path, TEXT),
    FIELD_AS(disk_record, "dev", id.dev, UINT64),
    FIELD_AS(disk_record, "ino", id.ino, UINT64),
    FIELD_AS(disk_record, "rdev", id.rdev, UINT64),
    FIELD(disk_record, writable, BOOL),
};
static const struct field nic_fields[] = {
    FIELD(nic_record, tap, TEXT_NULL),
    FIELD(nic_record, mac, TEXT_NULL),
};
static const struct field incident_fields[] = {
    FIELD_AS(record, "state", incident.state, STATE),
    FIELD_AS(record, "cause", incident.cause, CAUSE),
    FIELD_AS(record, "condition", incident.condition, CONDITION),
    FIELD_AS(record, "reason", incident.reason, TEXT_NULL),
    FIELD_AS(record, "seen_wall_ms", incident.seen_wall_ms, INT64),
    FIELD_AS(record, "seen_mono_us", incident.seen_mono_us, INT64),
    FIELD_AS(record, "halted", incident.halted, BOOL),
    FIELD_AS(record, "resumed_mono_us", incident.resumed_mono_us, INT64),
    FIELD_AS(record, "frozen_wall_ms", incident.frozen_wall_ms, INT64),
    FIELD_AS(record, "evidence", incident.evidence.folder, TEXT_NULL),
    FIELD_AS(record, "panic", incident.evidence.panic, TEXT_NULL),
    FIELD_AS(record, "dump", incident.evidence.dump, TEXT_NULL),
    FIELD_AS(record, "dump_note", incident.evidence.note, TEXT_NULL),
    FIELD_AS(record, "dump_done", incident.evidence.done_bytes, INT64),
    FIELD_AS(record, "dump_total", incident.evidence.total_bytes, INT64),
    FIELD_AS(record, "dump_begun_mono_us", incident.evidence.begun_mono_us, INT64),
};
static const struct field moment_fields[] = {
    FIELD(moment_record, what, TEXT),
    FIELD(moment_record, wall_ms, INT64),
    FIELD(moment_record, mono_us, INT64),
};
static const struct field step_fields[] = {
    FIELD(step_record, name, TEXT),
    FIELD(step_record, us, INT64),
};
static const struct field proof_fields[] = {
    FIELD(proof_record, check, TEXT),
    FIELD(proof_record, seen, TEXT_NULL),
    FIELD(proof_record, holds, BOOL),
};

#define COUNT(ARRAY) (sizeof(ARRAY) / sizeof((ARRAY)[0]))
#define LIST(KEY, ARRAY, NUMBER, TYPE, FIELDS)                                              \
    {                                                                                       \
        .key = (KEY), .array = offsetof(struct record, ARRAY),                              \
        .count = offsetof(struct record, NUMBER), .size = sizeof(struct TYPE),              \
        .fields = (FIELDS), .field_count = COUNT(FIELDS)                                    \
    }

static const struct list record_lists[] = {
    LIST("disks", disk, disk_count, disk_record, disk_fields),
    LIST("nics", nic, nic_count, nic_record, nic_fields),
};
static const struct list incident_lists[] = {
    LIST("moments", incident.moment, incident.moment_count, moment_record, moment_fields),
    LIST("steps", incident.step, incident.step_count, step_record, step_fields),
    LIST("proofs", incident.proof, incident.proof_count, proof_record, proof_fields),
};

const struct shape record_shape = {
    .fields = record_fields, .field_count = COUNT(record_fields),
    .lists = record_lists, .list_count = COUNT(record_lists),
};
const struct shape incident_shape = {
    .fields = incident_fields, .field_count = COUNT(incident_fields),
    .lists = incident_lists, .list_count = COUNT(incident_lists),
};

const char *field_word(enum field_type type, int value)
{
    if (value < 0) {
        return NULL;
    }
    switch (type) {
    case FIELD_PHASE: return value <= PHASE_FROZEN ? phase_name((enum phase) value) : NULL;
    case FIELD_CONDITION:
        return value < CONDITION_LAST ? condition_name((enum condition) value) : NULL;
    case FIELD_STATE:
        return value < INCIDENT_STATE_LAST ? incident_state_name((enum incident_state) value)
                                           : NULL;
    case FIELD_CAUSE:
        return value < CAUSE_LAST ? incident_cause_name((enum incident_cause) value) : NULL;
    case FIELD_BY: return value < ENDED_BY_LAST ? ending_by_name((enum ending_by) value) : NULL;
    case FIELD_FORMAT: return params_word("dump_format", value);
    case FIELD_AFTER: return params_word("after_dump", value);
    case FIELD_TEXT:
    case FIELD_TEXT_NULL:
    case FIELD_BOOL:
    case FIELD_INT64:
    case FIELD_UINT64:
    case FIELD_PID:
    case FIELD_ENDING: return NULL;
    }
    return NULL;
}
