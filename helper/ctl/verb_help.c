/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the program and each verb say of themselves, from the rows. The completion and the
 * tests read it: a verb or an option is the first word of a line that two blanks begin.
 */
#include "ctl/verb.h"

#include "base/cleanup.h"
#include "base/str.h"

enum { VERB_WIDTH = 14, OPTION_WIDTH = 28 };

static void put_row(FILE *out, const char *name, const char *more, int width, const char *help)
{
    _cleanup_free_ char *head = str_printf("%s%s", name, more);

    fprintf(out, "  %-*s%s", width, head, help);
}

static void put_option(FILE *out, const struct verb_option_row *row)
{
    _cleanup_free_ char *value = row->value ? str_printf("=%s", row->value) : str_dup("");

    put_row(out, row->name, value, OPTION_WIDTH, row->help);
}

static void put_takers(FILE *out, enum verb_option option, const struct verb *verbs, size_t count)
{
    const char *before = " (";

    for (size_t i = 0; i < count; i++) {
        if (verbs[i].options & option) {
            fprintf(out, "%s%s", before, verbs[i].name);
            before = ", ";
        }
    }
    fputs(")\n", out);
}

void verb_help_all(FILE *out, const struct verb *verbs, size_t count)
{
    size_t option_count;
    const struct verb_option_row *option = verb_option_rows(&option_count);

    fputs("usage: guardedvm VERB [ARGUMENT] [OPTION]\n\n", out);
    for (size_t i = 0; i < count; i++) {
        _cleanup_free_ char *word = str_printf(*verbs[i].word ? " %s" : "%s", verbs[i].word);

        put_row(out, verbs[i].name, word, VERB_WIDTH, verbs[i].help);
        fputc('\n', out);
    }
    fputc('\n', out);
    for (size_t i = 0; i < option_count; i++) {
        put_option(out, &option[i]);
        put_takers(out, option[i].option, verbs, count);
    }
    put_row(out, "--help", "", OPTION_WIDTH, "this; after a verb, of that verb\n");
    put_row(out, "--version", "", OPTION_WIDTH, "which version this is\n");
    fputs("\nexit codes: 0 done, 1 failed or in doubt, 2 wrong usage, 3 no such guest,\n"
          "            4 refused, 5 frozen but not proven, 6 conflicts; ocf: OCF's own\n", out);
}

void verb_help(FILE *out, const struct verb *verb)
{
    size_t count;
    const struct verb_option_row *option = verb_option_rows(&count);

    fprintf(out, "usage: guardedvm %s%s%s", verb->name, *verb->word ? " " : "", verb->word);
    for (size_t i = 0; i < count; i++) {
        if (verb->options & option[i].option) {
            fprintf(out, " [%s%s%s]", option[i].name, option[i].value ? "=" : "",
                    option[i].value ? option[i].value : "");
        }
    }
    fprintf(out, "\n\n%s\n\n", verb->help);
    for (size_t i = 0; i < count; i++) {
        if (verb->options & option[i].option) {
            put_option(out, &option[i]);
            fputc('\n', out);
        }
    }
    put_row(out, "--help", "", OPTION_WIDTH, "this\n");
}
