/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts as text for people: one "key: value" line each, and a list of objects as a
 * table whose columns are their keys. What a terminal could obey is never printed.
 */
#include "ctl/render.h"

#include <string.h>

#include "base/str.h"

enum { INDENT = 2, COLUMNS_MAX = 16 };

bool render_is_leaf(struct json_object *o)
{
    enum json_type type = json_object_get_type(o);

    return type != json_type_object && type != json_type_array;
}

const char *render_leaf_text(struct json_object *leaf)
{
    if (!leaf) {
        return "-";
    }
    if (json_object_is_type(leaf, json_type_boolean)) {
        return json_object_get_boolean(leaf) ? "yes" : "no";
    }
    return json_object_get_string(leaf);
}

/* Columns on a terminal: bytes that continue an UTF-8 character take none. */
static int width_of(const char *text)
{
    int width = 0;

    for (const unsigned char *p = (const unsigned char *) text; *p; p++) {
        width += (*p & 0xc0) != 0x80;
    }
    return width;
}

static void put_upper(FILE *out, const char *key)
{
    for (; *key; key++) {
        fputc(*key >= 'a' && *key <= 'z' ? *key - 'a' + 'A' : *key, out);
    }
}

struct column {
    const char *key;
    int width;
};

static struct column *column_of(struct column *columns, size_t *count, const char *key)
{
    for (size_t i = 0; i < *count; i++) {
        if (str_eq(columns[i].key, key)) {
            return &columns[i];
        }
    }
    if (*count == COLUMNS_MAX) {
        return NULL;
    }
    columns[*count] = (struct column) {.key = key, .width = width_of(key)};
    return &columns[(*count)++];
}

/* All keys of all rows, in the order in which they first come up. */
static size_t measure(struct json_object *list, struct column *columns)
{
    size_t count = 0;

    for (size_t i = 0; i < json_object_array_length(list); i++) {
        json_object_object_foreach(json_object_array_get_idx(list, i), key, value) {
            struct column *c = column_of(columns, &count, key);

            if (c && width_of(render_leaf_text(value)) > c->width) {
                c->width = width_of(render_leaf_text(value));
            }
        }
    }
    return count;
}

static void put_pad(FILE *out, bool last, int used, int width)
{
    if (last) {
        fputc('\n', out);
    } else {
        fprintf(out, "%*s", width - used + INDENT, "");
    }
}

static void put_table(FILE *out, struct json_object *list, int indent)
{
    struct column columns[COLUMNS_MAX];
    size_t count = measure(list, columns);

    fprintf(out, "%*s", indent, "");
    for (size_t k = 0; k < count; k++) {
        put_upper(out, columns[k].key);
        put_pad(out, k + 1 == count, width_of(columns[k].key), columns[k].width);
    }
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        fprintf(out, "%*s", indent, "");
        for (size_t k = 0; k < count; k++) {
            struct json_object *value = NULL;

            json_object_object_get_ex(json_object_array_get_idx(list, i), columns[k].key, &value);
            render_plain(out, render_leaf_text(value));
            put_pad(out, k + 1 == count, width_of(render_leaf_text(value)), columns[k].width);
        }
    }
}

static int widest_key(struct json_object *o)
{
    int width = 0;

    json_object_object_foreach(o, key, value) {
        if (render_is_leaf(value) && width_of(key) > width) {
            width = width_of(key);
        }
    }
    return width;
}

static void put_object(FILE *out, struct json_object *o, int indent)
{
    int width = widest_key(o);

    json_object_object_foreach(o, key, value) {
        fprintf(out, "%*s%s:", indent, "", key);
        if (render_is_leaf(value)) {
            fprintf(out, "%*s", width - width_of(key) + 1, "");
            render_plain(out, render_leaf_text(value));
            fputc('\n', out);
        } else if (json_object_get_type(value) == json_type_object) {
            fputc('\n', out);
            put_object(out, value, indent + INDENT);
        } else if (json_object_array_length(value) == 0) {
            fputs(" none\n", out);
        } else {
            fputc('\n', out);
            put_table(out, value, indent + INDENT);
        }
    }
}

void render_text(FILE *out, struct json_object *facts)
{
    put_object(out, facts, 0);
}
