/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tidings as lines. Which keys a line of a kind has is a table; the reader takes exactly
 * those, each of its type, so that half a line or a foreign one never passes for a tiding.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/str.h"
#include "model/jsontext.h"
#include "model/tidings.h"

enum key_type { KEY_EVENT, KEY_UUID, KEY_NUMBER, KEY_TEXT };

struct key {
    const char *name;
    enum key_type type;
    size_t offset; /* in struct tiding */
    size_t size;   /* KEY_TEXT: of its buffer */
};

#define KEY(NAME, TYPE) \
    {.name = #NAME, .type = (TYPE), .offset = offsetof(struct tiding, NAME), \
     .size = sizeof ((struct tiding *) 0)->NAME}

/* In the line's order. */
static const struct key keys[] = {
    KEY(event, KEY_EVENT), KEY(uuid, KEY_UUID), KEY(state, KEY_NUMBER),
    KEY(reason, KEY_NUMBER), KEY(word, KEY_TEXT), KEY(text, KEY_TEXT),
};

enum { KEY_COUNT = sizeof keys / sizeof keys[0] };
enum { EVENT = 1, UUID = 2, STATE = 4, REASON = 8, WORD = 16, TEXT = 32 };

static const struct kind {
    const char *name;
    unsigned keys; /* bit n: keys[n] */
} kinds[TIDING_LAST] = {
    [TIDING_OPENED] = {"opened", 0},
    [TIDING_CONFIRMED] = {"confirmed", 0},
    [TIDING_STATE] = {"state", UUID | STATE | REASON},
    [TIDING_GONE] = {"gone", UUID},
    [TIDING_EVENT] = {"event", EVENT | UUID | WORD | TEXT},
    [TIDING_CLOSED] = {"closed", TEXT},
};

static const char *const events[EVENT_LAST] = {
    [EVENT_PANICKED] = "panicked",
    [EVENT_CRASHLOADED] = "crashloaded",
    [EVENT_REBOOTED] = "rebooted",
    [EVENT_WATCHDOG] = "watchdog",
    [EVENT_IO_ERROR] = "io-error",
    [EVENT_POWERDOWN] = "powerdown",
    [EVENT_SHUTDOWN] = "shutdown",
    [EVENT_STOPPED] = "stopped",
};

static bool has_key(const struct kind *kind, size_t n)
{
    return kind->keys & (1U << n);
}

static struct json_object *key_to_json(const struct key *k, const struct tiding *t)
{
    const void *place = (const char *) t + k->offset;

    switch (k->type) {
    case KEY_EVENT: return json_object_new_string(events[t->event]);
    case KEY_NUMBER: return json_object_new_int(*(const int *) place);
    case KEY_UUID:
    case KEY_TEXT: return json_object_new_string(place);
    }
    return NULL;
}

static void add(struct json_object *line, const char *name, struct json_object *value)
{
    if (!value || json_object_object_add(line, name, value) < 0) {
        abort();
    }
}

char *tiding_to_text(const struct tiding *t)
{
    const struct kind *kind = &kinds[t->kind];
    struct json_object *line = json_object_new_object();

    add(line, "kind", json_object_new_string(kind->name));
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (has_key(kind, i)) {
            add(line, keys[i].name, key_to_json(&keys[i], t));
        }
    }
    char *text = str_dup(json_object_to_json_string_ext(
        line, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));

    if (!text) {
        abort();
    }
    json_object_put(line);
    return text;
}

static bool read_text(struct json_object *value, char *place, size_t size)
{
    const char *text = jsontext_string(value);

    if (!text || strlen(text) >= size) {
        return false;
    }
    memcpy(place, text, strlen(text) + 1);
    return true;
}

/* Canonical, as libvirt writes it: lower case, dashes where they belong. */
static bool read_uuid(struct json_object *value, char *place)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    const char *text = jsontext_string(value);

    if (!text || strlen(text) != sizeof shape - 1) {
        return false;
    }
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        if (shape[i] == '-' ? text[i] != '-' : !strchr("0123456789abcdef", text[i])) {
            return false;
        }
    }
    memcpy(place, text, sizeof shape);
    return true;
}

static bool read_number(struct json_object *value, int *place)
{
    int64_t number = json_object_get_int64(value);

    if (!json_object_is_type(value, json_type_int) || number < 0 || number > INT_MAX) {
        return false;
    }
    *place = (int) number;
    return true;
}

static bool read_event(struct json_object *value, enum tiding_event *place)
{
    const char *text = jsontext_string(value);

    for (int e = EVENT_NONE + 1; text && e < EVENT_LAST; e++) {
        if (str_eq(text, events[e])) {
            *place = (enum tiding_event) e;
            return true;
        }
    }
    return false;
}

static bool read_key(const struct key *k, struct json_object *value, struct tiding *t)
{
    void *place = (char *) t + k->offset;

    switch (k->type) {
    case KEY_EVENT: return read_event(value, place);
    case KEY_UUID: return read_uuid(value, place);
    case KEY_NUMBER: return read_number(value, place);
    case KEY_TEXT: return read_text(value, place, k->size);
    }
    return false;
}

static bool read_kind(struct json_object *line, enum tiding_kind *ret)
{
    struct json_object *value;
    const char *text =
        json_object_object_get_ex(line, "kind", &value) ? jsontext_string(value) : NULL;

    for (int k = TIDING_NONE + 1; text && k < TIDING_LAST; k++) {
        if (str_eq(text, kinds[k].name)) {
            *ret = (enum tiding_kind) k;
            return true;
        }
    }
    return false;
}

/* NULL: a whole tiding. Else what is wrong. */
static const char *read_line(struct json_object *line, struct tiding *t)
{
    int count = 1;

    if (!json_object_is_type(line, json_type_object) || !read_kind(line, &t->kind)) {
        return "kind";
    }
    for (size_t i = 0; i < KEY_COUNT; i++) {
        struct json_object *value;

        if (!has_key(&kinds[t->kind], i)) {
            continue;
        }
        if (!json_object_object_get_ex(line, keys[i].name, &value) ||
            !read_key(&keys[i], value, t)) {
            return keys[i].name;
        }
        count++;
    }
    return json_object_object_length(line) == count ? NULL : "number of keys";
}

int tiding_from_text(const char *line, struct tiding *ret, struct err *why)
{
    struct json_object *top = jsontext_parse(line, strlen(line));
    struct tiding t = {.kind = TIDING_NONE};
    const char *wrong = top ? read_line(top, &t) : "not JSON";

    json_object_put(top);
    if (wrong) {
        return err_set(why, -EBADMSG, ERR_GENERIC, "not a tiding of the listener's (%s): %.100s",
                       wrong, line);
    }
    *ret = t;
    return 0;
}
