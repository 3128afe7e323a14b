/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page of an incident: one HTML file that refers to nothing outside of it, runs nothing
 * and escapes all it is given. Well-formed XML, too, so that any parser takes it. For report*.c
 * and their test.
 */
#ifndef GVM_CTL_REPORT_H
#define GVM_CTL_REPORT_H

#include <stdio.h>

#include <json-c/json.h>

/* What was kept, of the caller's; what there is none of is NULL. */
struct report_kept {
    const char *log_title;
    const char *log;              /* the end of a log, as it was read */
    const unsigned char *screen;  /* PNG */
    size_t screen_size;
};

/* `facts`: "node" and "made", when and where the report was made, and "guest", of ctl_facts. */
void report_html(FILE *out, struct json_object *facts, const struct report_kept *kept);

/* The moments and the steps of the freeze as a picture, of ctl_facts, too. */
void report_svg(FILE *out, struct json_object *moments, struct json_object *steps);

/* The sections of what was kept. */
void report_kept(FILE *out, const struct report_kept *kept);

#endif
