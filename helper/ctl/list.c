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
    struct json_object *incidents;
    struct announced *list = NULL;
    size_t count = 0;
    struct err why = {0};

    if (announced_list(&list, &count, deadline_in_ms(CLUSTER_MS), &why) < 0) {
        return ctl_fail(CTL_FAILED, &why);
    }
    incidents = json_object_new_array();
    for (size_t i = 0; i < count; i++) {
        json_object_array_add(incidents, ctl_announced(&list[i]));
    }
    ctl_tell(request, "incidents", incidents);
    announced_free(list, count);
    return CTL_OK;
}

static int list_node(const struct ctl_request *request)
{
    struct json_object *guests;
    struct record **list = NULL;
    size_t count = 0;
    struct err why = {0};

    if (statedir_list(&list, &count, &why) < 0) {
        return ctl_fail(CTL_FAILED, &why);
    }
    guests = json_object_new_array();
    for (size_t i = 0; i < count; i++) {
        struct ctl_check check;

        if (list[i]->phase != PHASE_KNOWN || list[i]->incident.state == INCIDENT_RELEASED) {
            ctl_check(list[i], &check);
            json_object_array_add(guests, ctl_facts(list[i], &check, false));
        }
    }
    ctl_tell(request, "guests", guests);
    statedir_list_free(list, count);
    return CTL_OK;
}

int ctl_list(const struct ctl_request *request)
{
    return request->cluster ? list_cluster(request) : list_node(request);
}
