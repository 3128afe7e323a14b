/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the record as JSON, by the rows of record_fields.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <json-c/json.h>

#include "base/str.h"
#include "model/record.h"
#include "model/record_fields.h"

/* Takes over `value`. */
static void put(struct json_object *to, const char *key, struct json_object *value)
{
    if (json_object_object_add(to, key, value) < 0) {
        abort();
    }
}

static struct json_object *needed(struct json_object *made)
{
    if (!made) {
        abort();
    }
    return made;
}

/* What the reader would refuse must not be written either. */
static bool is_valid(const struct field *f, const void *place)
{
    switch (f->type) {
    case FIELD_TEXT: {
        const char *text = *(char *const *) place;

        return text && *text;
    }
    case FIELD_INT64: return *(const int64_t *) place >= 0;
    case FIELD_PID: return *(const pid_t *) place >= 0;
    case FIELD_PHASE:
    case FIELD_CONDITION:
    case FIELD_STATE:
    case FIELD_CAUSE:
    case FIELD_BY:
    case FIELD_FORMAT:
    case FIELD_AFTER: return field_word(f->type, *(const int *) place) != NULL;
    case FIELD_TEXT_NULL:
    case FIELD_BOOL:
    case FIELD_UINT64:
    case FIELD_ENDING: return true;
    }
    return false;
}

static struct json_object *value_of(const struct field *f, const void *place)
{
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_TEXT_NULL: {
        const char *text = *(char *const *) place;

        return text ? needed(json_object_new_string(text)) : NULL;
    }
    case FIELD_BOOL: return json_object_new_boolean(*(const bool *) place);
    case FIELD_INT64: return json_object_new_int64(*(const int64_t *) place);
    case FIELD_UINT64: return json_object_new_uint64(*(const uint64_t *) place);
    case FIELD_PID: return json_object_new_int64(*(const pid_t *) place);
    case FIELD_ENDING: return needed(json_object_new_string(place));
    case FIELD_PHASE:
    case FIELD_CONDITION:
    case FIELD_STATE:
    case FIELD_CAUSE:
    case FIELD_BY:
    case FIELD_FORMAT:
    case FIELD_AFTER:
        return needed(json_object_new_string(field_word(f->type, *(const int *) place)));
    }
    return NULL;
}

static int write_fields(struct json_object *to, const struct field *f, size_t count,
                        const void *base, struct err *why)
{
    for (size_t i = 0; i < count; i++) {
        const void *place = (const char *) base + f[i].offset;

        if (!is_valid(&f[i], place)) {
            return err_set(why, -EINVAL, ERR_GENERIC,
                           "the record cannot be written: its field %s has no valid value",
                           f[i].key);
        }
        put(to, f[i].key, value_of(&f[i], place));
    }
    return 0;
}

static int write_list(struct json_object *to, const struct list *l, const struct record *r,
                      struct err *why)
{
    struct json_object *array = needed(json_object_new_array());
    const char *elements;
    size_t count;

    memcpy(&elements, (const char *) r + l->array, sizeof(elements));
    memcpy(&count, (const char *) r + l->count, sizeof(count));
    put(to, l->key, array);
    for (size_t i = 0; i < count; i++) {
        struct json_object *element = needed(json_object_new_object());

        if (json_object_array_add(array, element) < 0) {
            abort();
        }
        int rc = write_fields(element, l->fields, l->field_count, elements + i * l->size, why);

        if (rc < 0) {
            return rc;
        }
    }
    return 0;
}

static int write_shape(struct json_object *to, const struct shape *s, const struct record *r,
                       struct err *why)
{
    int rc = write_fields(to, s->fields, s->field_count, r, why);

    for (size_t i = 0; i < s->list_count && rc == 0; i++) {
        rc = write_list(to, &s->lists[i], r, why);
    }
    return rc;
}

int record_to_text(const struct record *r, char **ret_text, struct err *why)
{
    struct json_object *top = needed(json_object_new_object());
    struct json_object *incident = needed(json_object_new_object());

    put(top, "version", needed(json_object_new_int(RECORD_VERSION)));
    int rc = write_shape(top, &record_shape, r, why);

    put(top, "incident", incident);
    rc = rc < 0 ? rc : write_shape(incident, &incident_shape, r, why);
    if (rc == 0) {
        const char *text = json_object_to_json_string_ext(
            top,
            JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE);

        if (!text) {
            abort();
        }
        *ret_text = str_printf("%s\n", text);
    }
    json_object_put(top);
    return rc;
}
