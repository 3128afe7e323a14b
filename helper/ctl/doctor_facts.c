/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings, and what of a guest can be frozen, as facts. Owns their names: scripts read them.
 */
#include "ctl/doctor.h"

#include "base/cleanup.h"
#include "base/str.h"
#include "ctl/facts.h"

static void add_truth(struct json_object *o, const char *key, bool truth)
{
    json_object_object_add(o, key, json_object_new_boolean(truth));
}

struct json_object *doctor_findings(const struct findings *f)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < f->count; i++) {
        const struct finding *one = &f->list[i];
        const struct conflict_row *row = conflict_row(one->what);
        _cleanup_free_ char *remedy = finding_remedy(one);
        struct json_object *o = json_object_new_object();

        facts_add_text(o, "weight", weight_word(row->weight));
        facts_add_text(o, "word", row->word);
        facts_add_text(o, "object", one->object);
        facts_add_text(o, "found", one->seen);
        facts_add_text(o, "why", row->why);
        facts_add_text(o, "to-do", remedy);
        json_object_array_add(list, o);
    }
    return list;
}

static void add_device(struct json_object *list, const char *device, bool can, const char *why)
{
    struct json_object *o = json_object_new_object();

    facts_add_text(o, "device", device);
    add_truth(o, "can-be-frozen", can);
    facts_add_text(o, "why", why);
    json_object_array_add(list, o);
}

/* What a libvirt network makes of an interface stands in the XML of the running guest only. */
static const char *doubt_of(const struct patient *p, const char *device)
{
    return !p->live && str_starts(device, "interface network")
               ? "what libvirt's network makes of it shows when the guest runs" : NULL;
}

/* Not in the XML, and in the way of a freeze all the same. */
static const struct finding *lock_manager_of(const struct patient *p)
{
    for (size_t i = 0; i < p->findings->count; i++) {
        if (p->findings->list[i].what == CONFLICT_LOCK_SOCKET) {
            return &p->findings->list[i];
        }
    }
    return NULL;
}

static struct json_object *devices_of(const struct patient *p)
{
    struct json_object *list = json_object_new_array();
    const struct finding *lock = lock_manager_of(p);

    for (size_t i = 0; i < p->domain->fenceable_count; i++) {
        const char *device = p->domain->fenceable[i];

        add_device(list, device, true, doubt_of(p, device));
    }
    for (size_t i = 0; i < p->domain->hazard_count; i++) {
        add_device(list, p->domain->hazard[i].device, false, p->domain->hazard[i].why);
    }
    if (lock) {
        add_device(list, lock->seen, false, conflict_row(lock->what)->why);
    }
    return list;
}

struct json_object *doctor_guest(const struct patient *p)
{
    struct json_object *o = json_object_new_object();

    facts_add_text(o, "name", p->name);
    facts_add_text(o, "resource", p->resource);
    facts_add_text(o, "config", p->config);
    facts_add_text(o, "parameters", p->cluster ? "cluster" : "defaults");
    facts_add_text(o, "crash-policy", params_word("crash_policy", (int) p->policy));
    json_object_object_add(o, "findings", doctor_findings(p->findings));
    if (p->domain) {
        add_truth(o, "runs", p->live);
        add_truth(o, "can-be-frozen", p->domain->hazard_count == 0 && !lock_manager_of(p));
        json_object_object_add(o, "devices", devices_of(p));
    }
    return o;
}
