/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parameters as OCF meta-data, made from their rows. Types are such that
 * both resource-agents' DTD and OCF 1.1's schema accept them: a time is a string.
 */
#include "model/params.h"
#include "model/params_rows.h"

enum { MINUTE_S = 60, HOUR_S = 60 * 60 };

static void put_escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        default: fputc(*text, out);
        }
    }
}

static void put_words(FILE *out, const struct param_row *row)
{
    for (const struct param_word *w = row->words; w && w->word; w++) {
        fputs("\n- ", out);
        put_escaped(out, w->word);
        fputs(": ", out);
        put_escaped(out, w->text);
        fputc(w[1].word ? ';' : '.', out);
    }
}

/* As Pacemaker writes a time, in its largest unit. */
static void put_seconds(FILE *out, int64_t seconds)
{
    if (seconds != 0 && seconds % HOUR_S == 0) {
        fprintf(out, "%lldh", (long long) (seconds / HOUR_S));
    } else if (seconds != 0 && seconds % MINUTE_S == 0) {
        fprintf(out, "%lldmin", (long long) (seconds / MINUTE_S));
    } else {
        fprintf(out, "%llds", (long long) seconds);
    }
}

static void put_bounds(FILE *out, const struct param_row *row)
{
    if (row->type == PARAM_NUMBER) {
        fprintf(out, " From %lld to %lld.", (long long) row->min, (long long) row->max);
    } else if (row->type == PARAM_SECONDS || row->type == PARAM_SEQUENCE) {
        fputs(row->type == PARAM_SECONDS ? " From " : " A limit is from ", out);
        put_seconds(out, row->min);
        fputs(" to ", out);
        put_seconds(out, row->max);
        fputc('.', out);
    }
}

static void put_parameter(FILE *out, const struct param_row *row)
{
    fprintf(out, "<parameter name=\"%s\" unique=\"%d\" required=\"%d\" reloadable=\"%d\">\n",
            row->name, row->unique, !row->fallback && !row->optional, row->reloadable);
    fputs("<longdesc lang=\"en\">\n", out);
    put_escaped(out, row->text);
    put_bounds(out, row);
    put_words(out, row);
    fputs("\n</longdesc>\n<shortdesc lang=\"en\">", out);
    put_escaped(out, row->brief);
    fprintf(out, "</shortdesc>\n<content type=\"%s\"",
            row->type == PARAM_BOOL ? "boolean" : "string");
    if (row->fallback) {
        fputs(" default=\"", out);
        put_escaped(out, row->fallback);
        fputc('"', out);
    }
    fputs("/>\n</parameter>\n", out);
}

void params_print_xml(FILE *out)
{
    const struct param_row *row;

    fputs("<parameters>\n", out);
    for (size_t i = 0; (row = param_row_at(i)); i++) {
        put_parameter(out, row);
    }
    fputs("</parameters>\n", out);
}
