/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The facts of what is kept of an incident.
 */
#include "ctl/facts.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/str.h"
#include "model/care.h"

void facts_add_kept(struct json_object *o, const struct record *r)
{
    const struct evidence *e = &r->incident.evidence;
    _cleanup_free_ char *words = care_words(r, clock_mono_us(), false);

    if (e->panic) {
        facts_add_text(o, "panic", e->panic);
    }
    if (words) {
        facts_add_text(o, "dump", words);
    }
}

void facts_add_evidence(struct json_object *o, const struct record *r)
{
    const struct evidence *e = &r->incident.evidence;

    if (e->folder) {
        facts_add_text(o, "evidence", e->folder);
    }
    if (e->folder && e->dump) {
        _cleanup_free_ char *path = str_printf("%s/%s", e->folder, e->dump);

        facts_add_text(o, "dump-file", path);
    }
}

struct json_object *ctl_dumped(const struct record *r)
{
    struct json_object *o = json_object_new_object();

    facts_add_text(o, "name", r->name);
    facts_add_kept(o, r);
    facts_add_evidence(o, r);
    return o;
}

struct json_object *ctl_log_facts(const struct record *r, const char *path, const char *text)
{
    struct json_object *o = ctl_file_facts(r, path);
    struct json_object *lines = json_object_new_array();
    _cleanup_free_ char *copy = str_dup(text);
    char *rest = copy;
    char *line;

    while ((line = strsep(&rest, "\n"))) {
        if (rest || *line) {
            struct json_object *one = json_object_new_object();

            facts_add_text(one, "text", line);
            json_object_array_add(lines, one);
        }
    }
    json_object_object_add(o, "lines", lines);
    return o;
}

struct json_object *ctl_file_facts(const struct record *r, const char *path)
{
    struct json_object *o = json_object_new_object();

    facts_add_text(o, "name", r->name);
    facts_add_text(o, "file", path);
    return o;
}
