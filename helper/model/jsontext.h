/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON that has to be whole: what our own programs wrote for each other.
 */
#ifndef GVM_MODEL_JSONTEXT_H
#define GVM_MODEL_JSONTEXT_H

#include <stddef.h>

#include <json-c/json.h>

/* NULL where `text` is not exactly one JSON value, blanks around it apart. The caller's. */
struct json_object *jsontext_parse(const char *text, size_t size);

/* `value`'s own text; NULL where it is no string, or a NUL inside would cut it short. */
const char *jsontext_string(struct json_object *value);

#endif
