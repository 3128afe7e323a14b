/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor_scripts: run without a shell, one by one, with a limit each; in a stage each, because a
 * program is begun only when its file was read, and that may be on storage which hangs.
 */
#include "guard/scripts.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/configfile.h"
#include "sys/program.h"
#include "sys/stage.h"

enum { SHARE_PERCENT = 90, OUTPUT_BYTES = 16 * 1024, LINE_BYTES = 300, MS_PER_S = 1000 };

/* With ": " before it; nothing where it wrote nothing. */
static char *last_words(char *output)
{
    size_t length = output ? strlen(output) : 0;
    const char *line;

    while (length > 0 && strchr(" \t\r\n", output[length - 1])) {
        output[--length] = '\0';
    }
    if (length == 0) {
        return str_dup("");
    }
    line = strrchr(output, '\n');
    return str_printf(": %.*s", (int) LINE_BYTES, line ? line + 1 : output);
}

static int judge(const char *name, int status, int64_t limit_ms, const char *said,
                 struct err *why)
{
    struct err ended = {0};
    int rc;

    if (status == -ETIMEDOUT) {
        return err_set(why, status, ERR_GENERIC, "%s did not end within %lld s%s", name,
                       (long long) (limit_ms / MS_PER_S), said);
    }
    rc = program_judge(name, status, &ended);
    return rc < 0 ? err_set(why, rc, ERR_GENERIC, "%s%s", ended.text, said) : 0;
}

struct run_input {
    char *path;
    struct deadline until;
};

struct run_view {
    int status; /* of program_wait: ended, or -ETIMEDOUT */
    char said[LINE_BYTES + 16];
};

static int run_stage(void *shared, const void *input, struct err *why)
{
    const struct run_input *in = input;
    struct run_view *view = shared;
    char *const words[] = {in->path, NULL};
    _cleanup_free_ char *output = NULL;
    struct program *p = NULL;
    int rc = program_start_heard(words, OUTPUT_BYTES, in->until, &p, why);

    if (rc < 0) {
        return err_prefix(why, rc, "monitor script");
    }
    view->status = program_wait(&p, &output, why);
    if (view->status < 0 && view->status != -ETIMEDOUT) {
        return view->status;
    }
    _cleanup_free_ char *said = last_words(output);
    snprintf(view->said, sizeof view->said, "%s", said);
    return 0;
}

/* Its own time ends before the stage's, `all`: that is for a script that cannot even be begun. */
static int run_one(char *path, struct deadline until, struct deadline all, struct err *why)
{
    _cleanup_free_ char *name = str_printf("monitor script '%s'", path);
    struct run_input in = {path, until};
    struct run_view *view = stage_memory(sizeof *view);
    int64_t limit_ms = deadline_left_ms(until);
    int rc = stage_run(name, run_stage, view, &in, all, why);

    if (rc == 0) {
        rc = judge(name, view->status, limit_ms, view->said, why);
    }
    stage_memory_free(view, sizeof *view);
    return rc;
}

static int count_words(const char *list)
{
    int count = 1;

    for (; *list; list++) {
        count += *list == ' ';
    }
    return count;
}

int scripts_run(const char *list, const char *guest, struct deadline until, struct err *why)
{
    _cleanup_free_ char *copy = str_dup(list);
    int left = count_words(list);
    char *rest = NULL;
    int rc = 0;

    setenv("GUARDEDVM_DOMAIN", guest, 1);
    for (char *w = strtok_r(copy, " ", &rest); w && rc == 0; w = strtok_r(NULL, " ", &rest)) {
        rc = run_one(w, deadline_part(until, SHARE_PERCENT / left--, INT_MAX), until, why);
    }
    return rc;
}

static int check_stage(void *shared, const void *input, struct err *why)
{
    _cleanup_free_ char *copy = str_dup(input);
    char *rest = NULL;

    (void) shared;
    for (char *w = strtok_r(copy, " ", &rest); w; w = strtok_r(NULL, " ", &rest)) {
        int rc = configfile_program(w);

        if (rc < 0) {
            return err_set(why, rc, ERR_INSTALLED, "monitor script '%s' cannot be run on this "
                           "node: %s", w, strerror(-rc));
        }
    }
    return 0;
}

int scripts_check(const char *list, struct deadline until, struct err *why)
{
    return stage_run("looking at the monitor scripts", check_stage, NULL, list, until, why);
}
