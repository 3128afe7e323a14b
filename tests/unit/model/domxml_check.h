/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Domains that must be read or refused, for the tests of domxml.
 */
#ifndef GVM_TESTS_DOMXML_CHECK_H
#define GVM_TESTS_DOMXML_CHECK_H

#include "model/domxml.h"

/* domxml_parse on memory of exactly that size, so that reading beyond it is seen. */
int parse(const char *text, size_t size, struct domxml **ret, struct err *why);
/* What must be read; the caller frees it. */
struct domxml *good(const char *text);
/* What must be refused, with these words in the reason. */
void refused(const char *text, const char *with);

#endif
