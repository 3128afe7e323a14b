/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the facts*.c share.
 */
#ifndef GVM_CTL_FACTS_H
#define GVM_CTL_FACTS_H

#include "ctl/ctl.h"

/* As UTF-8, whatever it was. NULL: nothing is added. */
void facts_add_text(struct json_object *o, const char *key, const char *text);

/* In a line of a list: the guest's own words for its death, and how its dump is. */
void facts_add_kept(struct json_object *o, const struct record *r);
/* Where that is. */
void facts_add_evidence(struct json_object *o, const struct record *r);

#endif
