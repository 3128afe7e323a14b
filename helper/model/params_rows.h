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

enum param_type { PARAM_PATH, PARAM_URI, PARAM_BOOL, PARAM_WORD, PARAM_SECONDS, PARAM_NUMBER,
                  PARAM_SEQUENCE };

struct param_word {
    const char *word;
    int value;
    const char *text; /* what it does, for people */
};

struct param_row {
    const char *name;
    enum param_type type;
    size_t offset;        /* in struct params; PARAM_WORD: of an enum */
    const char *fallback; /* as a user would write it; NULL: required */
    bool unique;
    bool reloadable;
    int64_t min, max;     /* PARAM_SECONDS, PARAM_NUMBER */
    const struct param_word *words; /* PARAM_WORD and PARAM_SEQUENCE, ends with word NULL */
    const char *brief;
    const char *text;
};

const struct param_row *param_rows(size_t *ret_count);

#endif
