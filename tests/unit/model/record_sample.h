/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A record with everything in it, awkward names included, for the tests of its text.
 */
#ifndef GVM_TESTS_RECORD_SAMPLE_H
#define GVM_TESTS_RECORD_SAMPLE_H

#include "model/record.h"

/* The caller frees both. */
struct record *full_record(void);
char *text_of(const struct record *r);

/* record_from_text, and that a refusal is -EBADMSG with a sentence and leaves *ret alone. */
int read_back(const char *text, size_t size, struct record **ret);

#endif
