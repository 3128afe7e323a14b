/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a record to the facts that are shown. Owns their names: scripts read them.
 */
#include "ctl/ctl.h"

#include <time.h>

#include "base/cleanup.h"
#include "base/str.h"

enum { MS_PER_S = 1000, KIB_PER_MIB = 1024 };

static void add_text(struct json_object *o, const char *key, const char *text)
{
    if (text) {
        json_object_object_add(o, key, json_object_new_string(text));
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

/* RFC 3339 with milliseconds, in UTC: two nodes' times can be compared. */
static void add_time(struct json_object *o, const char *key, int64_t wall_ms)
{
    char day[40];
    struct tm tm;
    time_t seconds = (time_t) (wall_ms / MS_PER_S);

    if (wall_ms == 0 || !gmtime_r(&seconds, &tm)) {
        return;
    }
    strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
    _cleanup_free_ char *text = str_printf("%s.%03dZ", day, (int) (wall_ms % MS_PER_S));
    add_text(o, key, text);
}

static const char *state_of(const struct record *r, const struct ctl_check *check)
{
    if (r->phase != PHASE_KNOWN && !check->alive) {
        return "ended";
    }
    return check->made && !check->holds ? "thawed" : phase_name(r->phase);
}

static struct json_object *disks_of(const struct record *r)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < r->disk_count; i++) {
        struct json_object *o = json_object_new_object();

        add_text(o, "path", r->disk[i].path);
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

        add_text(o, "interface", r->nic[i].tap);
        add_text(o, "mac", r->nic[i].mac);
        json_object_array_add(list, o);
    }
    return list;
}

static struct json_object *steps_of(const struct record *r)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < r->incident.step_count; i++) {
        struct json_object *o = json_object_new_object();

        add_text(o, "name", r->incident.step[i].name);
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

        add_text(o, "check", r->incident.proof[i].check);
        add_truth(o, "holds", r->incident.proof[i].holds);
        add_text(o, "seen", r->incident.proof[i].seen);
        json_object_array_add(list, o);
    }
    return list;
}

static void add_details(struct json_object *o, const struct record *r)
{
    if (r->incident.condition != CONDITION_UNKNOWN) {
        add_text(o, "condition", condition_name(r->incident.condition));
        add_time(o, "seen", r->incident.seen_wall_ms);
    }
    add_text(o, "uuid", r->uuid);
    add_text(o, "config", r->config);
    add_text(o, "uri", r->uri);
    add_time(o, "started", r->started_wall_ms);
    json_object_object_add(o, "disks", disks_of(r));
    json_object_object_add(o, "nics", nics_of(r));
    json_object_object_add(o, "steps", steps_of(r));
    json_object_object_add(o, "proofs", proofs_of(r));
}

struct json_object *ctl_facts(const struct record *r, const struct ctl_check *check, bool all)
{
    struct json_object *o = json_object_new_object();

    add_text(o, "name", r->name);
    add_text(o, "resource", r->resource);
    add_text(o, "state", state_of(r, check));
    if (check->made) {
        add_truth(o, "proven-now", check->holds);
    }
    add_number(o, "memory-mib", (int64_t) (r->memory_kib / KIB_PER_MIB));
    if (r->process.pid) {
        add_number(o, "pid", r->process.pid);
    }
    if (r->incident.condition != CONDITION_UNKNOWN) {
        add_time(o, "frozen", r->incident.frozen_wall_ms);
        add_text(o, "reason", r->incident.reason);
    }
    if (check->made && !check->holds) {
        add_text(o, "unproven-because", check->why.text);
    }
    if (all) {
        add_details(o, r);
    }
    return o;
}
