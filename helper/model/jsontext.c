/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json-c at its strictest.
 */
#include "model/jsontext.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct json_object *jsontext_parse(const char *text, size_t size)
{
    struct json_tokener *tok;
    struct json_object *top;

    if (size > INT_MAX) {
        return NULL;
    }
    tok = json_tokener_new();
    if (!tok) {
        abort();
    }
    json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
    top = json_tokener_parse_ex(tok, text, (int) size);
    if (json_tokener_get_error(tok) != json_tokener_success) {
        json_object_put(top);
        top = NULL;
    }
    json_tokener_free(tok);
    return top;
}

const char *jsontext_string(struct json_object *value)
{
    const char *text;

    if (!json_object_is_type(value, json_type_string)) {
        return NULL;
    }
    text = json_object_get_string(value);
    return strlen(text) == (size_t) json_object_get_string_len(value) ? text : NULL;
}
