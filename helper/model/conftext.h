/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings in the text of a file with a "key = value" a line, as libvirt's daemons have it and
 * as a shell reads it. What a setting means is its reader's business.
 */
#ifndef GVM_MODEL_CONFTEXT_H
#define GVM_MODEL_CONFTEXT_H

#include <stdbool.h>
#include <stdint.h>

/* The value without its quotes; caller frees; NULL: not set. Of a key that is set twice libvirt
 * takes the first, a shell the last. `text` may be NULL. */
char *conftext_libvirt(const char *text, const char *key);
char *conftext_shell(const char *text, const char *key);

/* The same of a number; `fallback` where it is not set or no number. */
int64_t conftext_number(const char *text, const char *key, int64_t fallback);

#endif
