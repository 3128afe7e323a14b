/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * list: the guests that this node runs or holds frozen, frozen ones verified now, and released ones
 * whose evidence is kept; or what all nodes told the cluster of theirs, which nobody verifies from
 * here.
 */
#include "ctl/ctl.h"

#include "guard/announce.h"
#include "sys/statedir.h"

enum { CLUSTER_MS = 20 * 1000 };

static int list_cluster(const struct ctl_request *request)
{
    struct json_object *facts = json_object_new_object();
    struct json_object *incidents = json_object_new_array();
    struct announced *list = NULL;
    size_t count = 0;
    struct err why = {0};
    int code = CTL_OK;

    json_object_object_add(facts, "incidents", incidents);
    if (announced_list(&list, &count, deadline_in_ms(CLUSTER_MS), &why) < 0) {
        code = ctl_fail(CTL_FAILED, &why);
    }
    for (size_t i = 0; i < count; i++) {
        json_object_array_add(incidents, ctl_announced(&list[i]));
    }
    if (code == CTL_OK) {
        ctl_render(stdout, facts, request->output);
    }
    announced_free(list, count);
    json_object_put(facts);
    return code;
}

static int list_node(const struct ctl_request *request)
{
    struct json_object *facts = json_object_new_object();
    struct json_object *guests = json_object_new_array();
    struct record **list = NULL;
    size_t count = 0;
    struct err why = {0};
    int code = CTL_OK;

    json_object_object_add(facts, "guests", guests);
    if (statedir_list(&list, &count, &why) < 0) {
        code = ctl_fail(CTL_FAILED, &why);
    }
    for (size_t i = 0; code == CTL_OK && i < count; i++) {
        struct ctl_check check;

        if (list[i]->phase != PHASE_KNOWN || list[i]->incident.state == INCIDENT_RELEASED) {
            ctl_check(list[i], &check);
            json_object_array_add(guests, ctl_facts(list[i], &check, false));
        }
    }
    if (code == CTL_OK) {
        ctl_render(stdout, facts, request->output);
    }
    statedir_list_free(list, count);
    json_object_put(facts);
    return code;
}

int ctl_list(const struct ctl_request *request)
{
    return request->cluster ? list_cluster(request) : list_node(request);
}
