/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/record_read: nothing but a whole record is read: not one cut at any byte,
 * nor one with a field missing, of another type, or too many.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include <cmocka.h>

#include "base/str.h"
#include "model/record_fields.h"
#include "record_sample.h"

static void cut_at_any_byte_it_is_damaged(void **state)
{
    struct record *a = full_record();
    char *text = text_of(a);
    size_t size = strlen(text);

    (void) state;
    for (size_t len = 0; len < size; len++) {
        struct record *b = NULL;
        /* a copy of exactly that size, so that reading beyond it is seen */
        char *cut = malloc(len ? len : 1);

        memcpy(cut, text, len);
        if (read_back(cut, len, &b) == 0) {
            fail_msg("cut at byte %zu of %zu it was read", len, size);
        }
        cut[len ? len - 1 : 0] = '\n';
        if (len && read_back(cut, len, &b) == 0) {
            fail_msg("cut at byte %zu of %zu, with a newline, it was read", len, size);
        }
        free(cut);
    }
    free(text);
    record_free(a);
}

/* Any one byte overwritten gives another record or an error, never a crash or a leak. */
static void any_byte_may_be_garbage(void **state)
{
    static const char garbage[] = { '\0', '\xff', '"', '{', '9', '-', ' ' };
    struct record *a = full_record();
    char *text = text_of(a);
    size_t size = strlen(text);

    (void) state;
    for (size_t i = 0; i < size; i++) {
        for (size_t g = 0; g < sizeof(garbage); g++) {
            struct record *b = NULL;
            char kept = text[i];

            text[i] = garbage[g];
            if (read_back(text, size, &b) == 0) {
                assert_non_null(b->name);
                record_free(b);
            }
            text[i] = kept;
        }
    }
    free(text);
    record_free(a);
}

static void followed_by_anything_it_is_damaged(void **state)
{
    static const char *const tails[] = { "x\n", "{}\n", "\n\nx\n", ",\n", "}\n" };
    struct record *a = full_record();
    char *text = text_of(a);

    (void) state;
    for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
        struct record *b = NULL;
        char *longer = str_printf("%s%s", text, tails[i]);

        assert_int_equal(read_back(longer, strlen(longer), &b), -EBADMSG);
        free(longer);
    }
    /* for json-c, a NUL byte is an end like any other */
    struct record *b = NULL;
    size_t size = strlen(text);
    char *hidden = str_printf("%s%s", text, "???\n");

    hidden[size] = '\0';
    assert_int_equal(read_back(hidden, size + 4, &b), -EBADMSG);
    free(hidden);
    free(text);
    record_free(a);
}

typedef void (*edit_fn)(struct json_object *object, const char *key);

static void take_away(struct json_object *object, const char *key)
{
    json_object_object_del(object, key);
}

static void make_array_of_nothing(struct json_object *object, const char *key)
{
    /* of another type than any field has; a list gets an element of another type */
    struct json_object *value = json_object_new_array();

    json_object_array_add(value, json_object_new_double(1.5));
    json_object_object_add(object, key, value);
}

static void make_negative(struct json_object *object, const char *key)
{
    json_object_object_add(object, key, json_object_new_int64(-1));
}

static void make_double(struct json_object *object, const char *key)
{
    json_object_object_add(object, key, json_object_new_double(1.0));
}

static void make_object(struct json_object *object, const char *key)
{
    json_object_object_add(object, key, json_object_new_object());
}

/* Keys whose text is one of a list of words. */
static bool is_word(const char *key)
{
    static const char *const words[] = { "phase", "condition", "state", "cause", "ended_by" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(key, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void make_strange_word(struct json_object *object, const char *key)
{
    struct json_object *value = json_object_object_get(object, key);

    if (json_object_is_type(value, json_type_string) && !is_word(key)) {
        json_object_object_add(object, key, json_object_new_string_len("a\0b", 3));
    } else {
        json_object_object_add(object, key, json_object_new_string("strange"));
    }
}

/* Right up to a NUL, which would hide what comes behind it. */
static void add_behind_a_nul(struct json_object *object, const char *key)
{
    struct json_object *value = json_object_object_get(object, key);
    const char *text =
        json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
    char *longer = str_printf("%s.x", text);
    size_t size = strlen(longer);

    longer[size - 2] = '\0';
    json_object_object_add(object, key, json_object_new_string_len(longer, (int) size));
    free(longer);
}

static struct json_object *holder(struct json_object *top, const char *path)
{
    struct json_object *o = top;

    if (strcmp(path, "incident") == 0 || strcmp(path, "moments") == 0 ||
        strcmp(path, "steps") == 0 || strcmp(path, "proofs") == 0) {
        o = json_object_object_get(top, "incident");
    }
    if (strcmp(path, "") != 0 && strcmp(path, "incident") != 0) {
        o = json_object_array_get_idx(json_object_object_get(o, path), 0);
    }
    return o;
}

static void spoil(const char *text, const char *path, const char *key, edit_fn edit)
{
    struct json_object *top = json_tokener_parse(text);
    struct record *r = NULL;

    edit(holder(top, path), key);
    char *spoilt = str_printf("%s\n", json_object_to_json_string(top));

    if (read_back(spoilt, strlen(spoilt), &r) == 0) {
        fail_msg("read in spite of: %s", spoilt);
    }
    free(spoilt);
    json_object_put(top);
}

static void each_field_must_be_there_and_right(void **state)
{
    static const char *const paths[] = {
        "", "incident", "disks", "nics", "moments", "steps", "proofs",
    };
    static const edit_fn edits[] = {
        take_away, make_array_of_nothing, make_negative, make_double, make_object,
        make_strange_word, add_behind_a_nul,
    };
    struct record *a = full_record();
    char *text = text_of(a);
    struct json_object *top = json_tokener_parse(text);
    size_t fields = 0;

    (void) state;
    for (size_t p = 0; p < sizeof(paths) / sizeof(paths[0]); p++) {
        struct json_object *object = holder(top, paths[p]);
        struct json_object_iterator at = json_object_iter_begin(object);
        struct json_object_iterator end = json_object_iter_end(object);

        for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
            for (size_t e = 0; e < sizeof(edits) / sizeof(edits[0]); e++) {
                spoil(text, paths[p], json_object_iter_peek_name(&at), edits[e]);
            }
            fields++;
        }
    }
    assert_int_equal(fields, 38 + 19 + 5 + 2 + 3 + 2 + 3);
    json_object_put(top);
    free(text);
    record_free(a);
}

static void add_one_more(struct json_object *object, const char *key)
{
    (void) key;
    json_object_object_add(object, "one_more", json_object_new_int(1));
}

static void empty_text(struct json_object *object, const char *key)
{
    json_object_object_add(object, key, json_object_new_string(""));
}

static void make_null(struct json_object *object, const char *key)
{
    json_object_object_add(object, key, NULL);
}

static void next_version(struct json_object *object, const char *key)
{
    json_object_object_add(object, key, json_object_new_int(RECORD_VERSION + 1));
}

static void last_version(struct json_object *object, const char *key)
{
    json_object_object_add(object, key, json_object_new_int(RECORD_VERSION - 1));
}

/* One byte more than an ending holds. */
static void long_text(struct json_object *object, const char *key)
{
    char text[sizeof((struct ending *) NULL)->text + 1];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    json_object_object_add(object, key, json_object_new_string(text));
}

static void huge_pid(struct json_object *object, const char *key)
{
    json_object_object_add(object, key, json_object_new_int64(INT64_C(1) << 32));
}

static void strangers_are_refused(void **state)
{
    struct record *a = full_record();
    char *text = text_of(a);

    (void) state;
    spoil(text, "", "", add_one_more);
    spoil(text, "incident", "", add_one_more);
    spoil(text, "disks", "", add_one_more);
    spoil(text, "steps", "", add_one_more);
    spoil(text, "", "name", empty_text);
    spoil(text, "", "name", make_null);
    spoil(text, "disks", "path", make_null);
    spoil(text, "", "version", next_version);
    spoil(text, "", "version", last_version);
    spoil(text, "", "ended_how", long_text);
    spoil(text, "", "ended_how", make_null);
    spoil(text, "incident", "state", make_null);
    spoil(text, "moments", "what", empty_text);
    spoil(text, "moments", "what", make_null);
    spoil(text, "moments", "", add_one_more);
    spoil(text, "", "pid", huge_pid);
    free(text);
    record_free(a);
}

static void other_json_is_no_record(void **state)
{
    static const char *const texts[] = {
        "\n", "{}\n", "[]\n", "null\n", "1\n", "\"x\"\n", "{\"version\": 3}\n", "nan\n",
        "{\"version\": \"3\"}\n", "{'version': 3}\n", "{\"version\": 3,}\n",
    };

    (void) state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct record *r = NULL;

        assert_int_equal(read_back(texts[i], strlen(texts[i]), &r), -EBADMSG);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_at_any_byte_it_is_damaged),
        cmocka_unit_test(any_byte_may_be_garbage),
        cmocka_unit_test(followed_by_anything_it_is_damaged),
        cmocka_unit_test(each_field_must_be_there_and_right),
        cmocka_unit_test(strangers_are_refused),
        cmocka_unit_test(other_json_is_no_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
