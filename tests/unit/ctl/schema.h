/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guardedvm.rng, as it is installed, for tests of ctl.
 */
#ifndef GVM_TESTS_CTL_SCHEMA_H
#define GVM_TESTS_CTL_SCHEMA_H

#include <stdbool.h>

/* For the group's setup and teardown. Without the source tree the group is skipped. */
int schema_setup(void **state);
int schema_teardown(void **state);

/* True where the XML is what the schema says; what it uses of the schema is kept in mind. */
bool schema_allows(const char *xml);

/* Fails the test where an element of the schema was in none of the XML so far. */
void schema_was_used_up(void);

#endif
