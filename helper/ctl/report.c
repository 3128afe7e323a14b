/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report: an incident as a page for people who were not there. Owns which incident and
 * where the page goes; what it looks like is report_html.c's and report_svg.c's.
 */
#include "ctl/ctl.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/str.h"
#include "ctl/report.h"
#include "guard/evidence.h"
#include "sys/outfile.h"
#include "sys/randomread.h"
#include "sys/readtail.h"

enum { NODE_SIZE = 256 };

static struct json_object *facts_of(struct record *r)
{
    struct json_object *facts = json_object_new_object();
    char node[NODE_SIZE] = "";
    char made[CLOCK_TEXT_SIZE];
    struct ctl_check check;

    ctl_check(r, &check);
    clock_wall_text(clock_wall_ms(), made);
    if (gethostname(node, sizeof node - 1) < 0) {
        snprintf(node, sizeof node, "?");
    }
    json_object_object_add(facts, "node", json_object_new_string(node));
    json_object_object_add(facts, "made", json_object_new_string(made));
    json_object_object_add(facts, "guest", ctl_facts(r, &check, true));
    return facts;
}

static int put_out(const char *page, size_t size, struct err *why)
{
    if (fwrite(page, size, 1, stdout) != 1 || fflush(stdout) != 0) {
        return err_set(why, -EIO, ERR_GENERIC, "the report could not be written");
    }
    return 0;
}

/* Short enough to be read; the files themselves are in the folder. */
enum { LOG_TAIL = 16 * 1024, SCREEN_MOST = 4 * 1024 * 1024 };

static char *read_kept(const struct record *r, const char *file, size_t most)
{
    _cleanup_free_ char *path = str_printf("%s/%s", r->incident.evidence.folder, file);
    char *text = NULL;
    struct err ignored = {0};

    return readtail(path, most, &text, &ignored) == 0 ? text : NULL;
}

/* Only whole lines of it. */
static const char *from_line(const char *tail)
{
    const char *end = strlen(tail) == LOG_TAIL ? strchr(tail, '\n') : NULL;

    return end ? end + 1 : tail;
}

static void find_kept(const struct record *r, char **ret_log, char **ret_screen,
                      struct report_kept *ret)
{
    if (!r->incident.evidence.folder) {
        return;
    }
    ret->log_title = "The last lines of its kernel";
    *ret_log = read_kept(r, EVIDENCE_KERNEL_LOG, LOG_TAIL);
    if (!*ret_log) {
        ret->log_title = "The last lines of its console";
        *ret_log = read_kept(r, EVIDENCE_CONSOLE_LOG, LOG_TAIL);
    }
    ret->log = *ret_log ? from_line(*ret_log) : NULL;
    _cleanup_free_ char *path = str_printf("%s/%s", r->incident.evidence.folder, EVIDENCE_SCREEN);
    struct err ignored = {0};

    if (wholefile_read(path, SCREEN_MOST, ret_screen, &ret->screen_size, &ignored) == 0) {
        ret->screen = (const unsigned char *) *ret_screen;
    }
}

static int write_page(const struct ctl_request *request, struct record *r, struct err *why)
{
    struct json_object *facts = facts_of(r);
    _cleanup_free_ char *page = NULL;
    _cleanup_free_ char *log = NULL;
    _cleanup_free_ char *screen = NULL;
    struct report_kept kept = {0};
    size_t size = 0;
    FILE *out = open_memstream(&page, &size);

    if (!out) {
        abort();
    }
    find_kept(r, &log, &screen, &kept);
    report_html(out, facts, &kept);
    json_object_put(facts);
    if (fclose(out) != 0) {
        abort();
    }
    return request->file ? outfile_write(request->file, page, size, why)
                         : put_out(page, size, why);
}

int ctl_report(const struct ctl_request *request)
{
    _cleanup_record_ struct record *r = NULL;
    struct err why = {0};
    int code = ctl_find(request->name, &r);

    if (code != CTL_OK) {
        return code;
    }
    if (r->incident.state == INCIDENT_NONE) {
        err_set(&why, 0, ERR_GENERIC, "no incident of guest '%s' is known on this node", r->name);
        return ctl_fail(CTL_REFUSED, &why);
    }
    return write_page(request, r, &why) < 0 ? ctl_fail(CTL_FAILED, &why) : CTL_OK;
}
