/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The three forms of one set of facts, and whether they say the same; for tests of ctl.
 */
#ifndef GVM_TESTS_CTL_FORMS_H
#define GVM_TESTS_CTL_FORMS_H

#include <json-c/json.h>

#include "ctl/ctl.h"

/* As ctl_render writes it; the caller frees it. */
char *form_of(struct json_object *facts, enum ctl_output output);

/* Fails the test where text, XML and JSON do not all carry these facts, each at its place. */
void forms_agree(struct json_object *facts);

#endif
