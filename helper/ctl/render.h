/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the forms of showing facts share; for render*.c only.
 */
#ifndef GVM_CTL_RENDER_H
#define GVM_CTL_RENDER_H

#include <stdbool.h>
#include <stdio.h>

#include <json-c/json.h>

/* True of a text, number or truth: of all that holds nothing further. */
bool render_is_leaf(struct json_object *o);

/* For people: "key: value" lines, and a table for each list of flat objects. */
void render_text(FILE *out, struct json_object *facts);

#endif
