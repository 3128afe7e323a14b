/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guardedvm: finds the verb's row, runs it, returns its code. What the verbs do is
 * in ocf/, ctl/ and watch/. Owns the table of verbs: help, completion and the manual's
 * test have them from here.
 */
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "ctl/ctl.h"
#include "ctl/verb.h"
#include "ocf/ocf.h"
#include "watch/listen.h"
#include "watch/watch.h"

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
    {"list", "", OPTION_OUTPUT | OPTION_CLUSTER, USER_ROOT, ctl_list,
     "what this node runs or holds frozen, frozen guests verified now"},
    {"show", "NAME", OPTION_OUTPUT, USER_ROOT, ctl_show,
     "all that is known of one guest (its name or its resource's)"},
    {"verify", "NAME", OPTION_OUTPUT, USER_ROOT, ctl_verify,
     "prove again that a frozen guest can touch no disk and no network"},
    {"release", "NAME", OPTION_OUTPUT | OPTION_FORCE, USER_ROOT, ctl_release,
     "end a frozen guest and its memory for ever, and prove it"},
    {"dump", "NAME", OPTION_OUTPUT | OPTION_FORMAT | OPTION_DIR, USER_ROOT, ctl_dump,
     "take evidence and a core dump of a frozen guest now"},
    {"log", "NAME", OPTION_OUTPUT, USER_ROOT, ctl_log,
     "the last lines of a frozen guest's kernel, or of its console"},
    {"screenshot", "NAME", OPTION_OUTPUT | OPTION_FILE, USER_ROOT, ctl_screenshot,
     "the picture of its screen that was kept, copied into a file"},
    {"report", "NAME", OPTION_FILE, USER_ROOT, ctl_report,
     "an incident as a page for a browser: timeline, proof, what was cut"},
    {"debug", "NAME", OPTION_OUTPUT | OPTION_STOP, USER_ROOT, ctl_debug,
     "gdb at a frozen guest: it may read, and the guest stays frozen"},
    {"doctor", "[NAME]", OPTION_OUTPUT | OPTION_CONFIG, USER_ROOT, ctl_doctor,
     "what fights the cluster here, what to do, what of a guest can be frozen"},
    {"policy", "", OPTION_OUTPUT, USER_ANY, ctl_policy,
     "the tables: which state of a guest means what to the cluster"},
    {"watch", "", OPTION_NONE, USER_ROOT, run_watch,
     "the one background process of a node: hears, notes, answers monitors"},
    {"aftercare", "", OPTION_NONE, USER_ROOT, ctl_aftercare,
     "what frozen guests are due now: evidence, dump, release; started by the watch"},
    {"listen", "[URI]", OPTION_NONE, USER_ANY, run_listen,
     "libvirt's events and states as lines; the watch's ear"},
    {"ocf", "ACTION", OPTION_NONE, USER_ANY, run_ocf,
     "an action of the resource agent; Pacemaker's business"},
};

enum { VERB_COUNT = sizeof verbs / sizeof verbs[0] };

static const struct verb *find(const char *name)
{
    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (str_eq(verbs[i].name, name)) {
            return &verbs[i];
        }
    }
    return NULL;
}

static int run_verb(const struct verb *verb, char **words)
{
    struct ctl_request request = {.verb = verb->name};
    struct err why = {0};

    if (verb_parse(verb, words, &request, &why) < 0) {
        return ctl_fail(CTL_USAGE, &why);
    }
    if (request.help) {
        verb_help(stdout, verb);
        return CTL_OK;
    }
    if (verb->user == USER_ROOT && geteuid() != 0) {
        err_set(&why, 0, ERR_PERM, "%s has to run as root", verb->name);
        return ctl_fail(CTL_FAILED, &why);
    }
    return verb->run(&request);
}

int main(int argc, char **argv)
{
    const struct verb *verb;
    struct err why = {0};

    if (argc < 2) {
        verb_help_all(stderr, verbs, VERB_COUNT);
        return CTL_USAGE;
    }
    if (str_eq(argv[1], "--help") || str_eq(argv[1], "-h")) {
        verb_help_all(stdout, verbs, VERB_COUNT);
        return CTL_OK;
    }
    if (str_eq(argv[1], "--version")) {
        printf("guardedvm %s\n", PACKAGE_VERSION);
        return CTL_OK;
    }
    verb = find(argv[1]);
    if (!verb) {
        err_set(&why, 0, ERR_ARGS, "no such verb '%s'; see guardedvm --help", argv[1]);
        return ctl_fail(CTL_USAGE, &why);
    }
    return run_verb(verb, argv + 2);
}
