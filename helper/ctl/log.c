/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log: the last lines of a guest's kernel, or of its console, out of its folder of evidence.
 */
#include "ctl/ctl.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "ctl/render.h"
#include "guard/evidence.h"
#include "sys/readtail.h"

enum { FILE_MOST = 256 * 1024 * 1024 };

static void print_lines(const char *text)
{
    _cleanup_free_ char *copy = str_dup(text);
    char *rest = copy;
    char *line;

    while ((line = strsep(&rest, "\n"))) {
        if (rest || *line) {
            render_plain(stdout, line);
            putchar('\n');
        }
    }
}

static void print_log(const struct ctl_request *request, const struct record *r, const char *path,
                      const char *text)
{
    if (request->output == CTL_OUTPUT_TEXT) {
        print_lines(text);
    } else {
        ctl_tell(request, "log", ctl_log_facts(r, path, text));
    }
}

int ctl_log(const struct ctl_request *request)
{
    static const char *const files[] = {EVIDENCE_KERNEL_LOG, EVIDENCE_CONSOLE_LOG};
    _cleanup_record_ struct record *r = NULL;
    struct err why = {0};
    int code = ctl_find_kept(request->name, &r);

    for (size_t i = 0; code == CTL_OK && i < sizeof files / sizeof files[0]; i++) {
        _cleanup_free_ char *path = str_printf("%s/%s", r->incident.evidence.folder, files[i]);
        _cleanup_free_ char *text = NULL;

        if (readtail(path, FILE_MOST, &text, &why) == 0) {
            print_log(request, r, path, text);
            return CTL_OK;
        }
    }
    if (code == CTL_OK) {
        err_set(&why, 0, ERR_GENERIC, "neither the kernel's log nor a console's of guest '%s' was "
                "kept; %s/index.json says why", r->name, r->incident.evidence.folder);
        return ctl_fail(CTL_REFUSED, &why);
    }
    return code;
}
