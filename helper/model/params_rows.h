/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of the parameters: shared by the parser (params.c) and the meta-data
 * (params_xml.c), seen by nobody else.
 */
#ifndef GVM_MODEL_PARAMS_ROWS_H
#define GVM_MODEL_PARAMS_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum param_type { PARAM_PATH, PARAM_PATHS, PARAM_URI, PARAM_TEXT, PARAM_BOOL, PARAM_WORD,
                  PARAM_SECONDS, PARAM_NUMBER, PARAM_SEQUENCE };

enum { DAY_S = 24 * 60 * 60 };

struct param_word {
    const char *word;
    int value;
    const char *text; /* what it does, for people */
};

struct param_row {
    const char *name;
    enum param_type type;
    size_t offset;        /* in struct params; PARAM_WORD: of an enum, as an int */
    const char *fallback; /* as a user would write it; NULL: required, or optional */
    bool optional;        /* not given or empty: a string's member is NULL, a number's 0 */
    bool unique;
    bool reloadable;
    int64_t min, max;     /* PARAM_SECONDS, PARAM_NUMBER */
    const struct param_word *words; /* PARAM_WORD and PARAM_SEQUENCE, ends with word NULL */
    const char *brief;
    const char *text;
};

struct param_group {
    const struct param_row *row;
    size_t count;
};

extern const struct param_group param_group_guest, param_group_domain, param_group_crash,
    param_group_dump, param_group_stop, param_group_migrate, param_group_utilization,
    param_group_health;

/* The parameters in the meta-data's order; NULL after the last. */
const struct param_row *param_row_at(size_t index);

/* Reads `value` into the row's place in a struct params. Errors as params_parse's. */
int param_parse(void *place, const struct param_row *row, const char *value, struct err *why);

/* How the rows are written. */
#define PARAM_GROUP(NAME, ROWS) \
    const struct param_group param_group_##NAME = {(ROWS), sizeof(ROWS) / sizeof((ROWS)[0])}
#define PLACE(MEMBER) .name = #MEMBER, .offset = offsetof(struct params, MEMBER)
#define WORDS(...) ((const struct param_word[]) { __VA_ARGS__, { .word = NULL } })
#define WORD(TEXT, VALUE, MEANING) { .word = (TEXT), .value = (VALUE), .text = (MEANING) }

#endif
