/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A verb of the command line as a row: which word and which options follow it, and what it
 * says of itself. What help says and what is accepted come from the same rows.
 */
#ifndef GVM_CTL_VERB_H
#define GVM_CTL_VERB_H

#include <stdio.h>

#include "ctl/ctl.h"

/* What may follow a verb; each is a row of verb.c. --help may follow every one. */
enum verb_option {
    OPTION_NONE = 0,
    OPTION_OUTPUT = 1,
    OPTION_FORCE = 2,
    OPTION_FILE = 4,
    OPTION_STOP = 8,
    OPTION_CLUSTER = 16,
    OPTION_FORMAT = 32,
    OPTION_DIR = 64,
    OPTION_CONFIG = 128
};

enum verb_user { USER_ROOT = 0, USER_ANY };

struct verb {
    const char *name;
    const char *word;  /* that follows: "NAME"; "[URI]": it may; "": none does */
    unsigned options;
    enum verb_user user;
    int (*run)(const struct ctl_request *request);
    const char *help;
};

/*
 * Takes what follows the verb. 0: `request` is filled in, and whoever asks for help (request->help)
 * is owed nothing else. -EINVAL: `why` says which word is wrong.
 * After "--" everything is a name, so that a guest called "-x" can be named.
 */
int verb_parse(const struct verb *verb, char **words, struct ctl_request *request,
               struct err *why);

/* Of the whole program, of one verb. */
void verb_help_all(FILE *out, const struct verb *verbs, size_t count);
void verb_help(FILE *out, const struct verb *verb);

/* A row of the options. */
struct verb_option_row {
    enum verb_option option;
    const char *name;
    const char *value; /* "text|xml|json", "FILE"; NULL: it takes none */
    bool (*take)(const char *value, struct ctl_request *request); /* false: a wrong value */
    const char *help;
};
const struct verb_option_row *verb_option_rows(size_t *ret_count);

#endif
