/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The doctor's facts for people: a paragraph each, since the sentences are too long for the
 * columns of render_text.c.
 */
#include "ctl/doctor.h"

#include "base/str.h"
#include "ctl/render.h"

static const char *text_of(struct json_object *o, const char *key)
{
    struct json_object *value = NULL;

    return json_object_object_get_ex(o, key, &value) ? json_object_get_string(value) : NULL;
}

static bool true_of(struct json_object *o, const char *key)
{
    struct json_object *value = NULL;

    return json_object_object_get_ex(o, key, &value) && json_object_get_boolean(value);
}

/* "before: text\n" */
static void put_line(FILE *out, const char *before, const char *text)
{
    fputs(before, out);
    render_plain(out, text ? text : "");
    fputc('\n', out);
}

static void put_counts(FILE *out, struct json_object *findings)
{
    const char *before = ": ";
    size_t count[WEIGHT_LAST] = {0};

    for (size_t i = 0; i < json_object_array_length(findings); i++) {
        const char *word = text_of(json_object_array_get_idx(findings, i), "weight");

        for (int w = 0; w < WEIGHT_LAST; w++) {
            count[w] += str_eq(word, weight_word((enum weight) w));
        }
    }
    for (int w = WEIGHT_LAST; w-- > 0;) {
        if (count[w] > 0) {
            fprintf(out, "%s%zu %s%s", before, count[w], weight_word((enum weight) w),
                    count[w] == 1 ? "" : "s");
            before = ", ";
        }
    }
    fputs(str_eq(before, ": ") ? ": nothing found\n" : "\n", out);
}

static void put_finding(FILE *out, struct json_object *o)
{
    fprintf(out, "  %s %s\n", text_of(o, "weight"), text_of(o, "word"));
    fputs("    found: ", out);
    render_plain(out, text_of(o, "object"));
    put_line(out, ": ", text_of(o, "found"));
    put_line(out, "    why:   ", text_of(o, "why"));
    put_line(out, "    to do: ", text_of(o, "to-do"));
}

/* The heaviest first. */
static void put_findings(FILE *out, struct json_object *findings)
{
    for (int w = WEIGHT_LAST; w-- > 0;) {
        for (size_t i = 0; i < json_object_array_length(findings); i++) {
            struct json_object *o = json_object_array_get_idx(findings, i);

            if (str_eq(text_of(o, "weight"), weight_word((enum weight) w))) {
                put_finding(out, o);
            }
        }
    }
}

static void put_device(FILE *out, struct json_object *o)
{
    const char *why = text_of(o, "why");

    fputs("    ", out);
    render_plain(out, text_of(o, "device"));
    fputs(true_of(o, "can-be-frozen") ? ": can be frozen" : ": cannot be frozen", out);
    if (why) {
        fputs(": ", out);
        render_plain(out, why);
    }
    fputc('\n', out);
}

static const char *what_a_crash_does(struct json_object *guest)
{
    if (!str_eq(text_of(guest, "crash-policy"), params_word("crash_policy", CRASH_FREEZE))) {
        return "  a crash ends it, as crash_policy says; its memory is lost\n";
    }
    return true_of(guest, "can-be-frozen")
               ? "  a crash freezes it: each of its devices can be cut with its memory kept\n"
               : "  a crash ends it instead of freezing it, and its memory is lost\n";
}

static void put_devices(FILE *out, struct json_object *guest)
{
    struct json_object *devices = NULL;

    if (!json_object_object_get_ex(guest, "devices", &devices)) {
        return;
    }
    fputs(what_a_crash_does(guest), out);
    fputs(true_of(guest, "runs") ? "  its devices, as it runs:\n"
                                 : "  its devices, by its config:\n", out);
    for (size_t i = 0; i < json_object_array_length(devices); i++) {
        put_device(out, json_object_array_get_idx(devices, i));
    }
}

static void put_guest(FILE *out, struct json_object *guest)
{
    struct json_object *findings = json_object_object_get(guest, "findings");

    fputs("\nguest ", out);
    render_plain(out, text_of(guest, "name"));
    put_counts(out, findings);
    fputs("  config ", out);
    render_plain(out, text_of(guest, "config"));
    fputs(str_eq(text_of(guest, "parameters"), "cluster")
              ? ", with the cluster's parameters\n" : ", with the parameters' defaults\n", out);
    put_findings(out, findings);
    put_devices(out, guest);
}

void doctor_text(FILE *out, struct json_object *facts)
{
    struct json_object *findings = json_object_object_get(facts, "findings");
    struct json_object *guests = json_object_object_get(facts, "guests");

    fputs("this node", out);
    put_counts(out, findings);
    put_findings(out, findings);
    for (size_t i = 0; i < json_object_array_length(guests); i++) {
        put_guest(out, json_object_array_get_idx(guests, i));
    }
}
