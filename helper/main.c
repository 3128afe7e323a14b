/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guardedvm: finds the verb's row, runs it, returns its code. What the verbs do is
 * in ocf/, ctl/ and watch/; --help is the table below.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "ctl/ctl.h"
#include "ocf/ocf.h"
#include "watch/listen.h"
#include "watch/watch.h"

enum option {
    OPTION_NONE = 0,
    OPTION_OUTPUT = 1,
    OPTION_FORCE = 2,
    OPTION_ANY_USER = 4,
    OPTION_FEWER_WORDS = 8
};

struct verb {
    const char *name;
    const char *arguments;
    int words;            /* that must follow the verb, or may: OPTION_FEWER_WORDS */
    unsigned options;
    int (*run)(const struct ctl_request *request);
    const char *help;
};

static int run_ocf(const struct ctl_request *request)
{
    return ocf_run(request->name);
}

static int run_listen(const struct ctl_request *request)
{
    return watch_listen(request->name);
}

static int run_watch(const struct ctl_request *request)
{
    (void) request;
    return watch_run();
}

static const struct verb verbs[] = {
    {"list", "", 0, OPTION_OUTPUT, ctl_list,
     "what this node runs or holds frozen, frozen guests verified now"},
    {"show", "NAME", 1, OPTION_OUTPUT, ctl_show,
     "all that is known of one guest (its name or its resource's)"},
    {"verify", "NAME", 1, OPTION_OUTPUT, ctl_verify,
     "prove again that a frozen guest can touch no disk and no network"},
    {"release", "NAME [--force]", 1, OPTION_OUTPUT | OPTION_FORCE, ctl_release,
     "end a frozen guest and its memory for ever, and prove it"},
    {"policy", "", 0, OPTION_ANY_USER, ctl_policy,
     "the tables: which state of a guest means what to the cluster"},
    {"watch", "", 0, 0, run_watch,
     "the one background process of a node: hears, notes, answers monitors"},
    {"listen", "[URI]", 1, OPTION_ANY_USER | OPTION_FEWER_WORDS, run_listen,
     "libvirt's events and states as lines; the watch's ear"},
    {"ocf", "ACTION", 1, OPTION_ANY_USER, run_ocf,
     "an action of the resource agent; Pacemaker's business"},
};

enum { VERB_COUNT = sizeof verbs / sizeof verbs[0] };

static void print_help(FILE *out)
{
    fputs("usage: guardedvm VERB [ARGUMENT] [OPTION]\n\n", out);
    for (size_t i = 0; i < VERB_COUNT; i++) {
        fprintf(out, "  %-8s%-17s%s\n", verbs[i].name, verbs[i].arguments, verbs[i].help);
    }
    fputs("\n"
          "  --output-as=text|xml|json   for list, show, verify, release\n"
          "  --force                     release without asking\n"
          "  --version, --help\n\n"
          "exit codes: 0 done, 1 failed or in doubt, 2 wrong usage, 3 no such guest,\n"
          "            4 refused, 5 frozen but not proven; ocf: OCF's own\n", out);
}

static int usage_error(const char *what, const char *word)
{
    fprintf(stderr, "guardedvm: %s '%s'; see guardedvm --help\n", what, word);
    return CTL_USAGE;
}

static const struct verb *find(const char *name)
{
    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (str_eq(verbs[i].name, name)) {
            return &verbs[i];
        }
    }
    return NULL;
}

/* False: not an option of this verb. */
static bool take_option(const struct verb *verb, const char *word, struct ctl_request *request)
{
    static const char OUTPUT[] = "--output-as=";

    if ((verb->options & OPTION_OUTPUT) && str_starts(word, OUTPUT)) {
        return ctl_output_from_word(word + strlen(OUTPUT), &request->output);
    }
    if ((verb->options & OPTION_FORCE) && str_eq(word, "--force")) {
        request->force = true;
        return true;
    }
    return false;
}

/* After "--" everything is a name, so that a guest called "-x" can be named. */
static int parse(const struct verb *verb, char **words, struct ctl_request *request)
{
    bool only_names = false;
    int count = 0;

    for (; *words; words++) {
        if (!only_names && str_eq(*words, "--")) {
            only_names = true;
        } else if (!only_names && (*words)[0] == '-') {
            if (!take_option(verb, *words, request)) {
                return usage_error("wrong option", *words);
            }
        } else if (count++ < verb->words) {
            request->name = *words;
        } else {
            return usage_error("one word too many:", *words);
        }
    }
    if (count < verb->words && !(verb->options & OPTION_FEWER_WORDS)) {
        return usage_error("something has to follow", verb->name);
    }
    return CTL_OK;
}

static int run_verb(const struct verb *verb, char **words)
{
    struct ctl_request request = {.verb = verb->name};
    int code = parse(verb, words, &request);

    if (code != CTL_OK) {
        return code;
    }
    if (!(verb->options & OPTION_ANY_USER) && geteuid() != 0) {
        fprintf(stderr, "guardedvm: %s has to run as root\n", verb->name);
        return CTL_FAILED;
    }
    return verb->run(&request);
}

int main(int argc, char **argv)
{
    const struct verb *verb;

    if (argc < 2) {
        print_help(stderr);
        return CTL_USAGE;
    }
    if (str_eq(argv[1], "--help") || str_eq(argv[1], "-h")) {
        print_help(stdout);
        return CTL_OK;
    }
    if (str_eq(argv[1], "--version")) {
        printf("guardedvm %s\n", PACKAGE_VERSION);
        return CTL_OK;
    }
    verb = find(argv[1]);
    return verb ? run_verb(verb, argv + 2) : usage_error("no such verb", argv[1]);
}
