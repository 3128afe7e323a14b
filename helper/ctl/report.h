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

/* `facts`: "node" and "made", when and where the report was made, and "guest", of ctl_facts. */
void report_html(FILE *out, struct json_object *facts);

/* The moments and the steps of the freeze as a picture, of ctl_facts, too. */
void report_svg(FILE *out, struct json_object *moments, struct json_object *steps);

#endif
