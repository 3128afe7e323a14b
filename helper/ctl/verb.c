/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options, and what follows a verb on the command line, word by word. The verbs' own
 * rows are main.c's, how they are shown is verb_help.c's.
 */
#include "ctl/verb.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"

static bool take_output(const char *value, struct ctl_request *request)
{
    return ctl_output_from_word(value, &request->output);
}

static bool take_force(const char *value, struct ctl_request *request)
{
    (void) value;
    request->force = true;
    return true;
}

static bool take_file(const char *value, struct ctl_request *request)
{
    request->file = value;
    return *value != '\0';
}

static bool take_config(const char *value, struct ctl_request *request)
{
    request->config = value;
    return *value == '/';
}

static bool take_format(const char *value, struct ctl_request *request)
{
    for (int f = DUMP_NONE + 1; f < DUMP_FORMAT_LAST; f++) {
        if (str_eq(value, params_word("dump_format", f))) {
            request->format = (enum dump_format) f;
            return true;
        }
    }
    return false;
}

static bool take_dir(const char *value, struct ctl_request *request)
{
    request->dir = value;
    return *value == '/';
}

static bool take_stop(const char *value, struct ctl_request *request)
{
    (void) value;
    request->stop = true;
    return true;
}

static bool take_cluster(const char *value, struct ctl_request *request)
{
    (void) value;
    request->cluster = true;
    return true;
}

static const struct verb_option_row options[] = {
    {OPTION_OUTPUT, "--output-as", "text|xml|json", take_output, "the form of what is told"},
    {OPTION_FORCE, "--force", NULL, take_force, "without asking"},
    {OPTION_FILE, "--file", "FILE", take_file, "into this file, which only its owner may read"},
    {OPTION_CONFIG, "--config", "FILE", take_config,
     "a domain XML's absolute path, instead of a guest"},
    {OPTION_FORMAT, "--format", "elf|kdump-zlib|kdump-lzo|kdump-snappy|win-dmp", take_format,
     "the dump's format, instead of dump_format"},
    {OPTION_DIR, "--dir", "FOLDER", take_dir, "its absolute path, instead of dump_dir"},
    {OPTION_STOP, "--stop", NULL, take_stop, "end it, instead of beginning"},
    {OPTION_CLUSTER, "--cluster", NULL, take_cluster, "the incidents of all nodes, instead"},
};

enum { OPTION_COUNT = sizeof options / sizeof options[0] };

const struct verb_option_row *verb_option_rows(size_t *ret_count)
{
    *ret_count = OPTION_COUNT;
    return options;
}

static int wrong(const struct verb *verb, const char *what, const char *word, struct err *why)
{
    return err_set(why, -EINVAL, ERR_ARGS, "%s '%s'; see guardedvm %s --help", what, word,
                   verb->name);
}

/* "--name", "--name=value"; *ret_value is what follows the "=", else NULL. */
static const struct verb_option_row *find(const struct verb *verb, const char *word,
                                          const char **ret_value)
{
    size_t length = strcspn(word, "=");

    *ret_value = word[length] == '=' ? word + length + 1 : NULL;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if ((verb->options & options[i].option) && strlen(options[i].name) == length &&
            strncmp(options[i].name, word, length) == 0) {
            return &options[i];
        }
    }
    return NULL;
}

/* One that takes a value may have it in the next word. */
static int take_option(const struct verb *verb, char ***words, struct ctl_request *request,
                       struct err *why)
{
    const char *word = **words;
    const char *value = NULL;
    const struct verb_option_row *row = find(verb, word, &value);

    if (row && row->value && !value && (*words)[1]) {
        value = *++*words;
    }
    if (!row || !value != !row->value) {
        return wrong(verb, "wrong option", word, why);
    }
    return row->take(value, request) ? 0 : wrong(verb, "wrong option", word, why);
}

static int take_word(const struct verb *verb, const char *word, struct ctl_request *request,
                     struct err *why)
{
    if (!*verb->word || request->name) {
        return wrong(verb, "one word too many:", word, why);
    }
    request->name = word;
    return 0;
}

int verb_parse(const struct verb *verb, char **words, struct ctl_request *request,
               struct err *why)
{
    bool only_names = false;
    int rc = 0;

    for (; rc == 0 && *words; words++) {
        if (only_names || (*words)[0] != '-') {
            rc = take_word(verb, *words, request, why);
        } else if (str_eq(*words, "--")) {
            only_names = true;
        } else if (str_eq(*words, "--help") || str_eq(*words, "-h")) {
            request->help = true;
            return 0;
        } else {
            rc = take_option(verb, &words, request, why);
        }
    }
    if (rc == 0 && !request->name && *verb->word && *verb->word != '[') {
        return wrong(verb, "something has to follow", verb->name, why);
    }
    return rc;
}
