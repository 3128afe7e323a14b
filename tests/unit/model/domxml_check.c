/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checks of domxml_check.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "domxml_check.h"

int parse(const char *text, size_t size, struct domxml **ret, struct err *why)
{
    char *exact = malloc(size ? size : 1);

    assert_non_null(exact);
    memcpy(exact, text, size);
    why->text[0] = '\0';
    int rc = domxml_parse(exact, size, ret, why);

    free(exact);
    if (rc < 0) {
        assert_true(why->text[0] != '\0');
        assert_null(strchr(why->text, '\n'));
    }
    return rc;
}

struct domxml *good(const char *text)
{
    struct domxml *d = NULL;
    struct err why;

    if (parse(text, strlen(text), &d, &why) != 0) {
        fail_msg("%s: %s", text, why.text);
    }
    return d;
}

void refused(const char *text, const char *with)
{
    struct domxml *d = NULL;
    struct err why;

    if (parse(text, strlen(text), &d, &why) == 0) {
        fail_msg("accepted: %s", text);
    }
    assert_null(d);
    assert_int_equal(why.kind, ERR_ARGS);
    if (!strstr(why.text, with)) {
        fail_msg("'%s' does not say '%s'", why.text, with);
    }
}
