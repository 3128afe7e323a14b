/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the record's JSON, by the rows of record_fields.c. Strict, since half a
 * record must never look like a whole one: each key there, of its type, none
 * besides, and a newline at the end.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/jsontext.h"
#include "model/record.h"
#include "model/record_fields.h"

static bool read_text(struct json_object *value, bool nullable, char **place)
{
    if (!value) {
        return nullable;
    }
    const char *text = jsontext_string(value);

    if (!text || (!nullable && !*text)) {
        return false;
    }
    *place = str_dup(text);
    return true;
}

static bool read_number(struct json_object *value, int64_t max, int64_t *place)
{
    if (!json_object_is_type(value, json_type_int)) {
        return false;
    }
    *place = json_object_get_int64(value);
    return *place >= 0 && *place <= max;
}

static bool read_word(struct json_object *value, enum field_type type, void *place)
{
    _cleanup_free_ char *text = NULL;
    const char *word;

    if (!read_text(value, false, &text)) {
        return false;
    }
    for (int i = 0; (word = field_word(type, i)); i++) {
        if (str_eq(text, word)) {
            memcpy(place, &i, sizeof i); /* enums are ints */
            return true;
        }
    }
    return false;
}

static bool read_ending(struct json_object *value, char *place)
{
    enum { SIZE = sizeof ((struct ending *) 0)->text };
    char *text = NULL;
    bool good = value && read_text(value, true, &text) && strlen(text) < SIZE;

    if (good) {
        memcpy(place, text, strlen(text) + 1);
    }
    free(text);
    return good;
}

static bool read_field(const struct field *f, struct json_object *value, void *base)
{
    void *place = (char *) base + f->offset;
    int64_t number;

    switch (f->type) {
    case FIELD_TEXT: return read_text(value, false, place);
    case FIELD_TEXT_NULL: return read_text(value, true, place);
    case FIELD_BOOL:
        *(bool *) place = json_object_get_boolean(value);
        return json_object_is_type(value, json_type_boolean);
    case FIELD_INT64: return read_number(value, INT64_MAX, place);
    case FIELD_UINT64:
        *(uint64_t *) place = json_object_get_uint64(value);
        return read_number(value, INT64_MAX, &number);
    case FIELD_PID:
        if (!read_number(value, INT_MAX, &number)) {
            return false;
        }
        *(pid_t *) place = (pid_t) number;
        return true;
    case FIELD_ENDING: return read_ending(value, place);
    case FIELD_PHASE:
    case FIELD_CONDITION:
    case FIELD_STATE:
    case FIELD_CAUSE:
    case FIELD_BY:
    case FIELD_FORMAT:
    case FIELD_AFTER: return read_word(value, f->type, place);
    }
    return false;
}

static int damaged(struct err *why, const char *what)
{
    return err_set(why, -EBADMSG, ERR_GENERIC,
                   "the record is damaged (%s) and tells nothing about the guest", what);
}

static int read_fields(struct json_object *from, const struct field *f, size_t count, void *base,
                       struct err *why)
{
    for (size_t i = 0; i < count; i++) {
        struct json_object *value;

        if (!json_object_object_get_ex(from, f[i].key, &value) ||
            !read_field(&f[i], value, base)) {
            return damaged(why, f[i].key);
        }
    }
    return 0;
}

static int read_list(struct json_object *from, const struct list *l, struct record *r,
                     struct err *why)
{
    struct json_object *array;

    if (!json_object_object_get_ex(from, l->key, &array) ||
        !json_object_is_type(array, json_type_array)) {
        return damaged(why, l->key);
    }
    for (size_t i = 0; i < json_object_array_length(array); i++) {
        struct json_object *element = json_object_array_get_idx(array, i);
        /* counted before it is filled, so that record_free finds what a bad field leaves */
        void *place = array_add((char *) r + l->array, (size_t *) (void *) ((char *) r + l->count),
                                l->size);

        if (!json_object_is_type(element, json_type_object) ||
            (size_t) json_object_object_length(element) != l->field_count) {
            return damaged(why, l->key);
        }
        int rc = read_fields(element, l->fields, l->field_count, place, why);

        if (rc < 0) {
            return rc;
        }
    }
    return 0;
}

static int read_shape(struct json_object *from, const struct shape *s, size_t besides,
                      struct record *r, struct err *why)
{
    if ((size_t) json_object_object_length(from) != s->field_count + s->list_count + besides) {
        return damaged(why, "number of fields");
    }
    int rc = read_fields(from, s->fields, s->field_count, r, why);

    for (size_t i = 0; i < s->list_count && rc == 0; i++) {
        rc = read_list(from, &s->lists[i], r, why);
    }
    return rc;
}

static int check_version(struct json_object *top, struct err *why)
{
    struct json_object *version;

    if (!json_object_is_type(top, json_type_object) ||
        !json_object_object_get_ex(top, "version", &version) ||
        !json_object_is_type(version, json_type_int)) {
        return damaged(why, "version");
    }
    if (json_object_get_int64(version) != RECORD_VERSION) {
        return err_set(why, -EBADMSG, ERR_GENERIC,
                       "the record is of version %lld, this program knows version %d only",
                       (long long) json_object_get_int64(version), (int) RECORD_VERSION);
    }
    return 0;
}

static int read_top(struct json_object *top, struct record *r, struct err *why)
{
    struct json_object *incident;
    int rc = check_version(top, why);

    if (rc < 0) {
        return rc;
    }
    if (!json_object_object_get_ex(top, "incident", &incident) ||
        !json_object_is_type(incident, json_type_object)) {
        return damaged(why, "incident");
    }
    rc = read_shape(top, &record_shape, 2, r, why);
    return rc < 0 ? rc : read_shape(incident, &incident_shape, 0, r, why);
}

/* NULL where `text` is not exactly one JSON value and a newline. */
static struct json_object *parse_whole(const char *text, size_t size)
{
    bool whole = size >= 2 && text[size - 1] == '\n' && !memchr(text, '\0', size);

    return whole ? jsontext_parse(text, size) : NULL;
}

int record_from_text(const char *text, size_t size, struct record **ret, struct err *why)
{
    struct json_object *top = parse_whole(text, size);

    if (!top) {
        return damaged(why, "not whole");
    }
    struct record *r = record_new();
    int rc = read_top(top, r, why);

    json_object_put(top);
    if (rc < 0) {
        record_free(r);
        return rc;
    }
    *ret = r;
    return 0;
}
