/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables that decide, as words, for whoever shows them: each module tells its own, row by
 * row, to a sink. Their keys are what programs read.
 */
#ifndef GVM_MODEL_TABLE_H
#define GVM_MODEL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct table_column {
    const char *key;
    const char *head; /* for people */
    int width;        /* of the text; 0: the last one */
    bool number;
};

struct table {
    const char *key;
    const char *title; /* NULL: goes on where the one before ended */
    const struct table_column *columns;
    size_t count;
};

struct table_sink {
    void (*begin)(struct table_sink *sink, const struct table *t);
    void (*row)(struct table_sink *sink, const struct table *t, const char *const *cells);
};

#define TABLE(KEY, TITLE, COLUMNS)                                                         \
    {                                                                                      \
        .key = (KEY), .title = (TITLE), .columns = (COLUMNS),                              \
        .count = sizeof(COLUMNS) / sizeof((COLUMNS)[0])                                    \
    }

/* What `tell` tells, aligned, with an empty line between tables. */
void table_print(FILE *out, void (*tell)(struct table_sink *sink));

#endif
