/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A record as the disk has it: model/record. What is taken for one is written in one way only.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "fuzz.h"
#include "model/record.h"

static char *text_of(const char *text, size_t size)
{
    _cleanup_record_ struct record *r = NULL;
    struct err why = {0};
    char *again = NULL;
    int rc = record_from_text(text, size, &r, &why);

    FUZZ_HOLDS(rc == 0 || (rc == -EBADMSG && !r && why.text[0] != '\0'));
    if (rc == 0) {
        FUZZ_HOLDS(record_to_text(r, &again, &why) == 0);
    }
    return again;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_free_ char *once = text_of((const char *) data, size);
    _cleanup_free_ char *twice = once ? text_of(once, strlen(once)) : NULL;

    FUZZ_HOLDS(!once || str_eq(once, twice));
    return 0;
}
