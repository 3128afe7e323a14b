/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads each form back: XML and JSON by a parser, the text line by line. What no form may
 * show (forms.h's tests feed it) is expected as '?'.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "forms.h"

char *form_of(struct json_object *facts, enum ctl_output output)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    ctl_render(out, facts, output);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* The bytes of a character that is never shown. */
static size_t hidden(const char *p)
{
    unsigned char first = (unsigned char) p[0];

    if (first == 0xc2 && (unsigned char) p[1] >= 0x80 && (unsigned char) p[1] <= 0x9f) {
        return 2;
    }
    if (str_starts(p, "\xef\xbf\xbe") || str_starts(p, "\xef\xbf\xbf")) {
        return 3;
    }
    return first < 0x20 || first == 0x7f;
}

static char *shown(struct json_object *leaf)
{
    char *text = str_dup(json_object_get_string(leaf));
    char *to = text;

    for (const char *from = text; *from;) {
        size_t skip = hidden(from);

        *to++ = skip > 0 ? '?' : *from;
        from += skip > 0 ? skip : 1;
    }
    *to = '\0';
    return text;
}

static bool is_leaf(struct json_object *o)
{
    return !json_object_is_type(o, json_type_object) && !json_object_is_type(o, json_type_array);
}

/* Every leaf of the JSON is an element of the XML with that text, at the same place. */
static void xml_says(struct json_object *o, xmlNodePtr node)
{
    xmlNodePtr child = xmlFirstElementChild(node);

    if (json_object_get_type(o) == json_type_object) {
        json_object_object_foreach(o, key, value) {
            assert_non_null(child);
            assert_string_equal((const char *) child->name, key);
            xml_says(value, child);
            child = xmlNextElementSibling(child);
        }
    } else if (json_object_get_type(o) == json_type_array) {
        for (size_t i = 0; i < json_object_array_length(o); i++) {
            assert_non_null(child);
            xml_says(json_object_array_get_idx(o, i), child);
            child = xmlNextElementSibling(child);
        }
    } else {
        xmlChar *content = xmlNodeGetContent(node);
        _cleanup_free_ char *expected = shown(o);

        assert_string_equal((const char *) content, expected);
        xmlFree(content);
    }
    assert_null(child);
}

/* The next line, cut off at *rest. */
static char *next_line(char **rest)
{
    char *line = strsep(rest, "\n");

    assert_non_null(*rest); /* each line ends with its own newline */
    return line;
}

static char *said_for_people(struct json_object *leaf)
{
    if (leaf && json_object_get_type(leaf) == json_type_boolean) {
        return str_dup(json_object_get_boolean(leaf) ? "yes" : "no");
    }
    return leaf ? shown(leaf) : str_dup("-");
}

/* "KEY:   VALUE" */
static void line_says(const char *line, const char *key, struct json_object *leaf)
{
    _cleanup_free_ char *head = str_printf("%s:", key);
    _cleanup_free_ char *value = said_for_people(leaf);
    const char *at = line + strspn(line, " ");

    assert_true(str_starts(at, head));
    at += strlen(head);
    assert_true(strlen(at) > strlen(value));
    assert_string_equal(at + strlen(at) - strlen(value), value);
    assert_true(strspn(at, " ") >= strlen(at) - strlen(value));
}

/* Each cell of the row, one after the other; a dash where the row has no such fact. */
static void row_says(const char *line, char *head, struct json_object *row)
{
    _cleanup_free_ char *keys = str_dup(head);
    size_t found = 0;

    for (char *rest = keys, *key; (key = strsep(&rest, " "));) {
        struct json_object *value = NULL;
        _cleanup_free_ char *cell = NULL;

        if (!*key) {
            continue;
        }
        for (char *c = key; *c; c++) {
            *c = (char) (*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
        }
        found += json_object_object_get_ex(row, key, &value);
        cell = said_for_people(value);
        line = strstr(line, cell);
        assert_non_null(line);
        line += strlen(cell);
    }
    assert_string_equal(line + strspn(line, " "), "");
    assert_int_equal(found, json_object_object_length(row));
}

static void text_says(struct json_object *o, char **rest)
{
    json_object_object_foreach(o, key, value) {
        char *line = next_line(rest);

        if (is_leaf(value)) {
            line_says(line, key, value);
        } else if (json_object_get_type(value) == json_type_object) {
            text_says(value, rest);
        } else if (json_object_array_length(value) == 0) {
            assert_string_equal(strchr(line, ':'), ": none");
        } else {
            char *head = next_line(rest);

            for (size_t i = 0; i < json_object_array_length(value); i++) {
                row_says(next_line(rest), head, json_object_array_get_idx(value, i));
            }
        }
    }
}

void forms_agree(struct json_object *facts)
{
    _cleanup_free_ char *text = form_of(facts, CTL_OUTPUT_TEXT);
    _cleanup_free_ char *xml = form_of(facts, CTL_OUTPUT_XML);
    _cleanup_free_ char *json = form_of(facts, CTL_OUTPUT_JSON);
    xmlDocPtr doc = xmlReadMemory(xml, (int) strlen(xml), "facts", NULL, XML_PARSE_NONET);
    struct json_object *back = json_tokener_parse(json);
    char *rest = text;

    assert_non_null(doc);
    xml_says(facts, xmlDocGetRootElement(doc));
    xmlFreeDoc(doc);
    assert_true(json_object_equal(facts, back));
    json_object_put(back);
    text_says(facts, &rest);
    assert_string_equal(rest, "");
}
