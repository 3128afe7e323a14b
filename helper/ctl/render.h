/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the forms of showing facts share.
 */
#ifndef GVM_CTL_RENDER_H
#define GVM_CTL_RENDER_H

#include <stdbool.h>
#include <stdio.h>

#include <json-c/json.h>

/* True of a text, number or truth: of all that holds nothing further. */
bool render_is_leaf(struct json_object *o);

/* A leaf for people: yes and no, a dash for NULL. */
const char *render_leaf_text(struct json_object *leaf);
/*
 * A text where it cannot do harm: what a terminal could obey and what XML cannot hold is a '?'.
 * Escaped: fit for XML and HTML, between tags and in an attribute.
 */
void render_plain(FILE *out, const char *text);
void render_escaped(FILE *out, const char *text);

/* For people: "key: value" lines, and a table for each list of flat objects. */
void render_text(FILE *out, struct json_object *facts);

#endif
