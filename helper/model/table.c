/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables as text for people. What is in them is the business of those who tell them.
 */
#include "model/table.h"

struct text_sink {
    struct table_sink sink; /* first: the one is cast to the other */
    FILE *out;
    bool followed;
};

static void put(FILE *out, const struct table_column *column, const char *text)
{
    if (column->width > 0) {
        fprintf(out, "%-*s ", column->width, text);
    } else {
        fprintf(out, "%s\n", text);
    }
}

static void begin(struct table_sink *sink, const struct table *t)
{
    struct text_sink *s = (struct text_sink *) sink;

    if (s->followed) {
        fputc('\n', s->out);
    }
    s->followed = true;
    if (t->title) {
        fprintf(s->out, "%s\n", t->title);
    }
    for (size_t i = 0; i < t->count; i++) {
        put(s->out, &t->columns[i], t->columns[i].head);
    }
}

static void row(struct table_sink *sink, const struct table *t, const char *const *cells)
{
    for (size_t i = 0; i < t->count; i++) {
        put(((struct text_sink *) sink)->out, &t->columns[i], cells[i]);
    }
}

void table_print(FILE *out, void (*tell)(struct table_sink *sink))
{
    struct text_sink s = {.sink = {.begin = begin, .row = row}, .out = out};

    tell(&s.sink);
}
