/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report: an incident as a page for people who were not there. Owns which incident and
 * where the page goes; what it looks like is report_html.c's and report_svg.c's.
 */
#include "ctl/ctl.h"

#include <errno.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "ctl/report.h"
#include "sys/outfile.h"

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

static int write_page(const struct ctl_request *request, struct record *r, struct err *why)
{
    struct json_object *facts = facts_of(r);
    _cleanup_free_ char *page = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&page, &size);

    if (!out) {
        abort();
    }
    report_html(out, facts);
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
    int rc = ctl_find(request->name, &r, &why);

    if (rc < 0) {
        return ctl_fail(rc == -ENOENT ? CTL_NO_GUEST : CTL_FAILED, &why);
    }
    if (r->incident.state == INCIDENT_NONE) {
        err_set(&why, 0, ERR_GENERIC, "no incident of guest '%s' is known on this node", r->name);
        return ctl_fail(CTL_REFUSED, &why);
    }
    return write_page(request, r, &why) < 0 ? ctl_fail(CTL_FAILED, &why) : CTL_OK;
}
