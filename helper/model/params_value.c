/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of one value, by its row's type. What is not understood whole is refused with a
 * sentence that says what would be valid.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/params.h"
#include "model/params_rows.h"

static int refuse(struct err *why, const struct param_row *row, const char *value,
                  const char *valid)
{
    return err_set(why, -EINVAL, ERR_CONFIGURED, "%s='%s' is not valid: use %s", row->name,
                   value, valid);
}

static int parse_path(char **ret, const struct param_row *row, const char *value,
                      struct err *why)
{
    if (*value != '/' || str_has_control(value) || strlen(value) >= PATH_MAX) {
        return refuse(why, row, value, "an absolute path without control characters");
    }
    *ret = str_dup(value);
    return 0;
}

/* Blanks as a shell would see them, of a value that was written over several lines, too. */
static int parse_paths(char **ret, const struct param_row *row, const char *value,
                       struct err *why)
{
    _cleanup_free_ char *copy = str_dup(value);
    char *list = str_dup("");
    char *rest = NULL;

    for (char *w = strtok_r(copy, " \t\n", &rest); w; w = strtok_r(NULL, " \t\n", &rest)) {
        char *longer = str_printf("%s%s%s", list, *list ? " " : "", w);

        free(list);
        list = longer;
        if (*w != '/' || str_has_control(w) || strlen(w) >= PATH_MAX) {
            free(list);
            return refuse(why, row, value, "absolute paths, separated by blanks");
        }
    }
    if (!*list) {
        free(list);
        list = NULL;
    }
    *ret = list;
    return 0;
}

static int parse_text(char **ret, const struct param_row *row, const char *value,
                      struct err *why)
{
    if (str_has_control(value)) {
        return refuse(why, row, value, "text without control characters");
    }
    *ret = str_dup(value);
    return 0;
}

/*
 * Everything that is said of a guest is proven on this machine's processes, so a driver
 * elsewhere (qemu+ssh), of other machines (test) or of one user (session) cannot do.
 */
static int parse_uri(char **ret, const struct param_row *row, const char *value, struct err *why)
{
    static const char *const local[] = { "qemu:///system", "qemu+unix:///system" };

    for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++) {
        size_t len = strlen(local[i]);

        if (strncmp(value, local[i], len) == 0 && (value[len] == '\0' || value[len] == '?') &&
            !str_has_control(value)) {
            *ret = str_dup(value);
            return 0;
        }
    }
    return refuse(why, row, value,
                  "qemu:///system or qemu+unix:///system; what a hypervisor elsewhere does "
                  "cannot be proven on this node");
}

static int parse_bool(bool *ret, const struct param_row *row, const char *value,
                      struct err *why)
{
    static const struct { const char *word; bool value; } words[] = {
        { "true", true }, { "yes", true }, { "on", true }, { "1", true },
        { "ja", true }, /* one of ocf_is_true's */
        { "false", false }, { "no", false }, { "off", false }, { "0", false },
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(value, words[i].word) == 0) {
            *ret = words[i].value;
            return 0;
        }
    }
    return refuse(why, row, value, "true or false (or yes/no, on/off, 1/0)");
}

static int parse_word(void *place, const struct param_row *row, const char *value,
                      struct err *why)
{
    _cleanup_free_ char *valid = str_dup("one of");

    for (const struct param_word *w = row->words; w->word; w++) {
        if (strcmp(value, w->word) == 0) {
            memcpy(place, &w->value, sizeof(w->value));
            return 0;
        }
        char *longer = str_printf("%s%s %s", valid, w == row->words ? "" : ",", w->word);

        free(valid);
        valid = longer;
    }
    return refuse(why, row, value, valid);
}

/* Pacemaker's notation: a number with a unit, without one seconds. Milliseconds round up. */
static bool read_seconds(const char *text, int64_t min, int64_t max, int64_t *ret)
{
    static const struct { const char *unit; int64_t ms; } units[] = {
        { "", 1000 }, { "s", 1000 }, { "sec", 1000 }, { "ms", 1 }, { "msec", 1 },
        { "m", 60000 }, { "min", 60000 }, { "h", 3600000 }, { "hr", 3600000 },
    };
    size_t digits = strspn(text, "0123456789");
    _cleanup_free_ char *number = str_printf("%.*s", (int) digits, text);
    int64_t value;
    int64_t ms;

    if (digits > INT_MAX || !str_to_int64(number, 0, INT64_MAX, &value)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcasecmp(text + digits, units[i].unit) == 0) {
            if (__builtin_mul_overflow(value, units[i].ms, &ms)) {
                return false;
            }
            *ret = ms / 1000 + (ms % 1000 != 0);
            return *ret >= min && *ret <= max;
        }
    }
    return false;
}

static int parse_seconds(int64_t *ret, const struct param_row *row, const char *value,
                         struct err *why)
{
    if (!read_seconds(value, row->min, row->max, ret)) {
        return err_set(why, -EINVAL, ERR_CONFIGURED,
                       "%s='%s' is not valid: use a time from %llds to %llds, such as 90, 90s, "
                       "5min or 1h", row->name, value, (long long) row->min,
                       (long long) row->max);
    }
    return 0;
}

static int parse_number(int64_t *ret, const struct param_row *row, const char *value,
                        struct err *why)
{
    if (!str_to_int64(value, row->min, row->max, ret)) {
        return err_set(why, -EINVAL, ERR_CONFIGURED,
                       "%s='%s' is not valid: use a whole number from %lld to %lld", row->name,
                       value, (long long) row->min, (long long) row->max);
    }
    return 0;
}

/* One "word" or "word:limit". */
static bool read_step(char *text, const struct param_row *row, struct stop_step *ret)
{
    char *limit = strchr(text, ':');
    int64_t limit_s = 0;

    if (limit) {
        *limit++ = '\0';
        if (!read_seconds(limit, row->min, row->max, &limit_s)) {
            return false;
        }
    }
    for (const struct param_word *w = row->words; w->word; w++) {
        if (strcmp(text, w->word) == 0) {
            ret->word = (enum stop_word) w->value;
            ret->limit_s = (int) limit_s;
            return true;
        }
    }
    return false;
}

static int parse_sequence(struct stop_sequence *ret, const struct param_row *row,
                          const char *value, struct err *why)
{
    _cleanup_free_ char *copy = str_dup(value);
    struct stop_sequence sequence = { .count = 0 };
    char *rest = NULL;
    bool ended = false;
    bool good = true;

    for (char *w = strtok_r(copy, " \t", &rest); w && good; w = strtok_r(NULL, " \t", &rest)) {
        /* nothing is left for a word after destroy */
        good = !ended && sequence.count < STOP_STEPS_MAX &&
               read_step(w, row, &sequence.step[sequence.count]);
        ended = good && sequence.step[sequence.count].word == STOP_WORD_DESTROY;
        sequence.count++;
    }
    if (!good || sequence.count == 0) {
        return err_set(why, -EINVAL, ERR_CONFIGURED,
                       "%s='%s' is not valid: use up to %d of the words save, shutdown and "
                       "destroy, destroy only at the end, each with a limit if wanted, such as "
                       "\"shutdown:60s destroy\"", row->name, value, (int) STOP_STEPS_MAX);
    }
    *ret = sequence;
    return 0;
}

int param_parse(void *place, const struct param_row *row, const char *value, struct err *why)
{
    switch (row->type) {
    case PARAM_PATH: return parse_path(place, row, value, why);
    case PARAM_PATHS: return parse_paths(place, row, value, why);
    case PARAM_URI: return parse_uri(place, row, value, why);
    case PARAM_TEXT: return parse_text(place, row, value, why);
    case PARAM_BOOL: return parse_bool(place, row, value, why);
    case PARAM_WORD: return parse_word(place, row, value, why);
    case PARAM_SECONDS: return parse_seconds(place, row, value, why);
    case PARAM_NUMBER: return parse_number(place, row, value, why);
    case PARAM_SEQUENCE: return parse_sequence(place, row, value, why);
    }
    return err_set(why, -EINVAL, ERR_GENERIC, "%s has no type", row->name);
}
