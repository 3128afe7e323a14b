/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor: looks at this node and at guests before anything happens: what fights the cluster,
 * what to do, and what of a guest could be frozen. Changes nothing.
 */
#include "ctl/doctor.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "guard/checkup.h"
#include "guard/guestconfig.h"
#include "sys/cluster.h"
#include "sys/statedir.h"

enum { GUEST_MS = 5 * 1000, NODE_MS = 5 * 1000, CLUSTER_MS = 5 * 1000 };

/* What is shown, and what decides the exit code. */
struct ward {
    struct json_object *facts;
    struct json_object *guests;
    size_t conflicts;
    size_t unchecked;
};

/* The parameters that a finding may depend on. */
static const char *const names[] = {
    "config", "hypervisor", "crash_policy", "panic_device", "watchdog"
};
enum { NAMES = sizeof names / sizeof names[0] };

struct values {
    char *value[NAMES];
};

static const char *value_of(const char *env_name, void *data)
{
    const struct values *v = data;

    for (size_t i = 0; i < NAMES; i++) {
        if (str_eq(env_name + strlen("OCF_RESKEY_"), names[i])) {
            return v->value[i];
        }
    }
    return NULL;
}

/* True: the cluster has such a resource, with a config. What it does not set stays NULL. */
static bool ask_cluster(const char *resource, struct values *ret)
{
    struct deadline until = deadline_in_ms(CLUSTER_MS);
    struct err ignored = {0};

    for (size_t i = 0; i < NAMES; i++) {
        if (cluster_parameter(resource, names[i], until, &ret->value[i], &ignored) < 0 && i == 0) {
            return false;
        }
    }
    return true;
}

static void count(struct ward *w, const struct findings *f)
{
    w->conflicts += findings_count(f, WEIGHT_CONFLICT);
    for (size_t i = 0; i < f->count; i++) {
        w->unchecked += f->list[i].what == CONFLICT_UNCHECKED;
    }
}

static void take(struct ward *w, const struct patient *p)
{
    json_object_array_add(w->guests, doctor_guest(p));
    count(w, p->findings);
}

/* A guest that cannot be read has one finding, and nothing further is known of it. */
static void take_unreadable(struct ward *w, struct patient *p, const char *why)
{
    struct findings *f = mem_zero(1, sizeof *f);

    findings_add(f, CONFLICT_CONFIG, p->name, "%s", why);
    p->findings = f;
    take(w, p);
    free(f);
}

static void look_at(struct ward *w, struct patient *p, struct guest *g)
{
    struct checkup_guest subject = {
        .domain = g->config, .text = g->config_text, .size = g->config_size,
        .params = g->params, .thorough = true
    };
    _cleanup_checkup_ struct checkup *c = checkup_run(&subject, deadline_in_ms(GUEST_MS));
    _cleanup_domxml_ struct domxml *live = NULL;
    struct err ignored = {0};

    p->live = c->live_size > 0 && domxml_parse(c->live, c->live_size, &live, &ignored) == 0;
    p->name = g->config->name;
    p->domain = p->live ? live : g->config;
    p->findings = &c->guest;
    take(w, p);
}

static void examine(struct ward *w, struct patient *p, struct values *v)
{
    struct params params = {0};
    struct guest g = {.params = &params};
    struct err why = {0};

    p->config = v->value[0];
    if (params_parse(&params, value_of, v, &why) < 0) {
        take_unreadable(w, p, why.text);
        return;
    }
    p->policy = params.crash_policy;
    guest_read_config(&g, deadline_in_ms(GUEST_MS));
    if (g.config) {
        look_at(w, p, &g);
    } else {
        take_unreadable(w, p, g.config_error.text);
    }
    guest_release(&g);
    params_free(&params);
}

static void examine_known(struct ward *w, const struct record *r)
{
    struct values v = {0};
    struct patient p = {.name = r->name, .resource = r->resource};

    p.cluster = r->resource && ask_cluster(r->resource, &v);
    if (!p.cluster) {
        v.value[0] = str_dup(r->config);
        v.value[1] = str_dup(r->uri);
    }
    if (v.value[0]) {
        examine(w, &p, &v);
    }
    for (size_t i = 0; i < NAMES; i++) {
        free(v.value[i]);
    }
}

static void examine_file(struct ward *w, const char *path)
{
    struct values v = {.value = {str_dup(path)}};
    struct patient p = {.name = path};

    examine(w, &p, &v);
    free(v.value[0]);
}

static int examine_all(struct ward *w)
{
    struct record **list = NULL;
    size_t known = 0;
    struct err why = {0};

    if (statedir_list(&list, &known, &why) < 0) {
        return ctl_fail(CTL_FAILED, &why);
    }
    for (size_t i = 0; i < known; i++) {
        examine_known(w, list[i]);
    }
    statedir_list_free(list, known);
    return CTL_OK;
}

static int examine_guests(struct ward *w, const struct ctl_request *request)
{
    _cleanup_record_ struct record *r = NULL;

    if (request->config) {
        examine_file(w, request->config);
        return CTL_OK;
    }
    if (!request->name) {
        return examine_all(w);
    }
    int code = ctl_find(request->name, &r);

    if (code == CTL_OK) {
        examine_known(w, r);
    }
    return code;
}

static void show(const struct ward *w, const struct ctl_request *request)
{
    if (request->output == CTL_OUTPUT_TEXT) {
        doctor_text(stdout, w->facts);
    } else {
        ctl_tell(request, "doctor", json_object_get(w->facts));
    }
}

/* Doubt is not health. */
static int code_of(const struct ward *w)
{
    if (w->conflicts > 0) {
        return CTL_CONFLICT;
    }
    return w->unchecked > 0 ? CTL_FAILED : CTL_OK;
}

int ctl_doctor(const struct ctl_request *request)
{
    struct err why = {0};

    if (request->name && request->config) {
        err_set(&why, 0, ERR_ARGS, "either a guest or --config, not both");
        return ctl_fail(CTL_USAGE, &why);
    }
    struct ward w = {.facts = json_object_new_object(), .guests = json_object_new_array()};
    _cleanup_checkup_ struct checkup *node = checkup_run(NULL, deadline_in_ms(NODE_MS));

    json_object_object_add(w.facts, "findings", doctor_findings(&node->node));
    json_object_object_add(w.facts, "guests", w.guests);
    count(&w, &node->node);
    int code = examine_guests(&w, request);

    if (code == CTL_OK) {
        show(&w, request);
        code = code_of(&w);
    }
    json_object_put(w.facts);
    return code;
}
