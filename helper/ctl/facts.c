/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a record to the facts that are shown. Owns their names: scripts read them.
 */
#include "ctl/facts.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/str.h"
#include "guard/announce.h"
#include "model/incident.h"

enum { US_PER_MS = 1000, KIB_PER_MIB = 1024 };

/* A file's name may be any bytes; JSON and XML are UTF-8, and one damaged text would spoil all. */
static void mend(char *text)
{
    uint32_t code;

    while (*text) {
        size_t length = str_utf8(text, &code);

        if (length == 0) {
            *text = '?';
            length = 1;
        }
        text += length;
    }
}

void facts_add_text(struct json_object *o, const char *key, const char *text)
{
    _cleanup_free_ char *mended = str_dup(text);

    if (mended) {
        mend(mended);
        json_object_object_add(o, key, json_object_new_string(mended));
    }
}

static void add_number(struct json_object *o, const char *key, int64_t number)
{
    json_object_object_add(o, key, json_object_new_int64(number));
}

static void add_truth(struct json_object *o, const char *key, bool truth)
{
    json_object_object_add(o, key, json_object_new_boolean(truth));
}

static void add_time(struct json_object *o, const char *key, int64_t wall_ms)
{
    char text[CLOCK_TEXT_SIZE];

    if (wall_ms != 0) {
        clock_wall_text(wall_ms, text);
        facts_add_text(o, key, text);
    }
}

static bool has_incident(const struct record *r)
{
    return r->incident.state != INCIDENT_NONE;
}

/* A guest that runs by its record, but not well, is what its incident says. */
static const char *state_of(const struct record *r, const struct ctl_check *check)
{
    if (r->phase == PHASE_KNOWN && r->incident.state == INCIDENT_RELEASED) {
        return incident_state_name(INCIDENT_RELEASED);
    }
    if (r->phase != PHASE_KNOWN && !check->alive) {
        return "ended";
    }
    if (check->made && !check->holds) {
        return "thawed";
    }
    return r->phase == PHASE_RUNNING && incident_is_open(&r->incident)
               ? condition_name(r->incident.condition) : phase_name(r->phase);
}

static struct json_object *moments_of(const struct record *r)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < r->incident.moment_count; i++) {
        const struct moment_record *m = &r->incident.moment[i];
        struct json_object *o = json_object_new_object();

        facts_add_text(o, "what", m->what);
        add_time(o, "when", m->wall_ms);
        add_number(o, "milliseconds", (m->mono_us - r->incident.seen_mono_us) / US_PER_MS);
        json_object_array_add(list, o);
    }
    return list;
}

static struct json_object *disks_of(const struct record *r)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < r->disk_count; i++) {
        struct json_object *o = json_object_new_object();

        facts_add_text(o, "path", r->disk[i].path);
        add_truth(o, "writable", r->disk[i].writable);
        json_object_array_add(list, o);
    }
    return list;
}

static struct json_object *nics_of(const struct record *r)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < r->nic_count; i++) {
        struct json_object *o = json_object_new_object();

        facts_add_text(o, "interface", r->nic[i].tap);
        facts_add_text(o, "mac", r->nic[i].mac);
        json_object_array_add(list, o);
    }
    return list;
}

static struct json_object *steps_of(const struct record *r)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < r->incident.step_count; i++) {
        struct json_object *o = json_object_new_object();

        facts_add_text(o, "name", r->incident.step[i].name);
        add_number(o, "microseconds", r->incident.step[i].us);
        json_object_array_add(list, o);
    }
    return list;
}

static struct json_object *proofs_of(const struct record *r)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < r->incident.proof_count; i++) {
        struct json_object *o = json_object_new_object();

        facts_add_text(o, "check", r->incident.proof[i].check);
        add_truth(o, "holds", r->incident.proof[i].holds);
        facts_add_text(o, "seen", r->incident.proof[i].seen);
        json_object_array_add(list, o);
    }
    return list;
}

static void add_details(struct json_object *o, const struct record *r)
{
    if (has_incident(r)) {
        facts_add_text(o, "condition", condition_name(r->incident.condition));
        facts_add_text(o, "cause", incident_cause_name(r->incident.cause));
        add_time(o, "seen", r->incident.seen_wall_ms);
    }
    add_number(o, "watchdog-fired", r->watchdog_fired);
    if (r->ending.by != ENDED_BY_UNKNOWN) {
        facts_add_text(o, "ended-by", ending_by_name(r->ending.by));
        facts_add_text(o, "ended-how", r->ending.text);
    }
    facts_add_evidence(o, r);
    facts_add_text(o, "uuid", r->uuid);
    facts_add_text(o, "config", r->config);
    facts_add_text(o, "uri", r->uri);
    add_time(o, "started", r->started_wall_ms);
    json_object_object_add(o, "disks", disks_of(r));
    json_object_object_add(o, "nics", nics_of(r));
    json_object_object_add(o, "moments", moments_of(r));
    json_object_object_add(o, "steps", steps_of(r));
    json_object_object_add(o, "proofs", proofs_of(r));
}

struct json_object *ctl_facts(const struct record *r, const struct ctl_check *check, bool all)
{
    struct json_object *o = json_object_new_object();

    facts_add_text(o, "name", r->name);
    facts_add_text(o, "resource", r->resource);
    facts_add_text(o, "state", state_of(r, check));
    if (check->made) {
        add_truth(o, "proven-now", check->holds);
    }
    add_number(o, "memory-mib", (int64_t) (r->memory_kib / KIB_PER_MIB));
    if (r->process.pid) {
        add_number(o, "pid", r->process.pid);
    }
    if (has_incident(r)) {
        facts_add_text(o, "incident", incident_state_name(r->incident.state));
        add_time(o, "frozen", r->incident.frozen_wall_ms);
        facts_add_text(o, "reason", r->incident.reason);
        facts_add_kept(o, r);
    }
    if (check->made && !check->holds) {
        facts_add_text(o, "unproven-because", check->why.text);
    }
    if (all) {
        add_details(o, r);
    }
    return o;
}

struct json_object *ctl_released(const struct record *r, pid_t pid)
{
    struct json_object *o = json_object_new_object();

    facts_add_text(o, "name", r->name);
    add_number(o, "pid", pid);
    add_truth(o, "proven-dead", true);
    if (r->resource) {
        _cleanup_free_ char *next = str_printf("crm_resource --cleanup --resource %s --node "
                                               "\"$(crm_node -n)\"", r->resource);

        facts_add_text(o, "to-let-it-start-here-again", next);
    }
    return o;
}

struct json_object *ctl_debug_facts(const struct record *r, const char *socket)
{
    struct json_object *o = json_object_new_object();

    facts_add_text(o, "name", r->name);
    add_number(o, "pid", r->process.pid);
    add_truth(o, "open", socket);
    if (socket) {
        _cleanup_free_ char *line = str_printf("gdb -ex 'target remote %s'", socket);

        facts_add_text(o, "socket", socket);
        facts_add_text(o, "gdb", line);
    }
    return o;
}

struct json_object *ctl_announced(const struct announced *a)
{
    struct json_object *o = json_object_new_object();

    facts_add_text(o, "node", a->node);
    facts_add_text(o, "resource", a->resource);
    facts_add_text(o, "state", a->state);
    facts_add_text(o, "time", a->time);
    facts_add_text(o, "reason", a->reason);
    return o;
}
