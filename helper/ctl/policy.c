/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * policy: the tables, as the program uses them. As text they are what the manual has; for
 * programs each is a list of its rows.
 */
#include "ctl/ctl.h"

#include <stdlib.h>

#include "model/incident.h"
#include "model/migration.h"
#include "model/outcome.h"
#include "model/verdict.h"

struct facts_sink {
    struct table_sink sink; /* first: the one is cast to the other */
    struct json_object *facts;
    struct json_object *list; /* of the table that is told */
};

static void begin(struct table_sink *sink, const struct table *t)
{
    struct facts_sink *s = (struct facts_sink *) sink;

    s->list = json_object_new_array();
    json_object_object_add(s->facts, t->key, s->list);
}

static void row(struct table_sink *sink, const struct table *t, const char *const *cells)
{
    struct json_object *o = json_object_new_object();

    for (size_t i = 0; i < t->count; i++) {
        json_object_object_add(o, t->columns[i].key,
                               t->columns[i].number
                                   ? json_object_new_int64(strtoll(cells[i], NULL, 10))
                                   : json_object_new_string(cells[i]));
    }
    json_object_array_add(((struct facts_sink *) sink)->list, o);
}

static void show(const struct ctl_request *request)
{
    struct facts_sink s = {
        .sink = {.begin = begin, .row = row}, .facts = json_object_new_object()
    };

    verdict_tell(&s.sink);
    outcome_tell(&s.sink);
    incident_tell(&s.sink);
    migration_tell(&s.sink);
    ctl_tell(request, "policy", s.facts);
}

int ctl_policy(const struct ctl_request *request)
{
    if (request->output != CTL_OUTPUT_TEXT) {
        show(request);
        return CTL_OK;
    }
    table_print(stdout, verdict_tell);
    fputc('\n', stdout);
    table_print(stdout, outcome_tell);
    fputc('\n', stdout);
    incident_print(stdout);
    fputc('\n', stdout);
    table_print(stdout, migration_tell);
    return CTL_OK;
}
