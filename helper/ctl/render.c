/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One JSON object shown as text, XML or JSON. Owns the choice, the XML, where an array's
 * members are named by its name without the plural s, and what no form may show. The text
 * for people is render_text.c's, and which facts there are facts.c's and guardedvm.rng's.
 */
#include "ctl/ctl.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "ctl/render.h"

enum { INDENT = 2 };

bool ctl_output_from_word(const char *word, enum ctl_output *ret)
{
    static const char *const words[] = {
        [CTL_OUTPUT_TEXT] = "text", [CTL_OUTPUT_XML] = "xml", [CTL_OUTPUT_JSON] = "json"
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_eq(words[i], word)) {
            *ret = (enum ctl_output) i;
            return true;
        }
    }
    return false;
}

static const char *entity_of(uint32_t code)
{
    switch (code) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

static void put_text(FILE *out, const char *text, bool escape)
{
    while (*text) {
        uint32_t code;
        size_t length = str_utf8(text, &code);
        const char *entity = length > 0 && escape ? entity_of(code) : NULL;

        if (entity) {
            fputs(entity, out);
        } else if (length > 0 && str_may_be_shown(code)) {
            fwrite(text, length, 1, out);
        } else {
            fputc('?', out);
        }
        text += length > 0 ? length : 1;
    }
}

void render_plain(FILE *out, const char *text)
{
    put_text(out, text, false);
}

void render_escaped(FILE *out, const char *text)
{
    put_text(out, text, true);
}

static void xml_value(FILE *out, const char *name, size_t length, struct json_object *o,
                      int indent);

static void xml_members(FILE *out, const char *name, size_t length, struct json_object *o,
                        int indent)
{
    if (json_object_get_type(o) == json_type_object) {
        json_object_object_foreach(o, key, value) {
            xml_value(out, key, strlen(key), value, indent);
        }
        return;
    }
    for (size_t i = 0; i < json_object_array_length(o); i++) {
        xml_value(out, name, length - 1, json_object_array_get_idx(o, i), indent);
    }
}

static void xml_value(FILE *out, const char *name, size_t length, struct json_object *o,
                      int indent)
{
    fprintf(out, "%*s<%.*s>", indent, "", (int) length, name);
    if (render_is_leaf(o)) {
        render_escaped(out, json_object_get_string(o));
    } else {
        fputc('\n', out);
        xml_members(out, name, length, o, indent + INDENT);
        fprintf(out, "%*s", indent, "");
    }
    fprintf(out, "</%.*s>\n", (int) length, name);
}

static void render_xml(FILE *out, struct json_object *facts)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
    xml_value(out, "guardedvm", strlen("guardedvm"), facts, 0);
}

void ctl_render(FILE *out, struct json_object *facts, enum ctl_output output)
{
    switch (output) {
    case CTL_OUTPUT_TEXT:
        render_text(out, facts);
        return;
    case CTL_OUTPUT_XML:
        render_xml(out, facts);
        return;
    case CTL_OUTPUT_JSON:
        fprintf(out, "%s\n", json_object_to_json_string_ext(facts, JSON_C_TO_STRING_PRETTY |
                                                            JSON_C_TO_STRING_NOSLASHESCAPE));
        return;
    }
}

void ctl_tell(const struct ctl_request *request, const char *key, struct json_object *facts)
{
    struct json_object *all = json_object_new_object();

    json_object_object_add(all, key, facts);
    ctl_render(stdout, all, request->output);
    json_object_put(all);
}
