/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dump's file as such: model/elfcore's mend and tables, model/kdump.
 */
#include <stdlib.h>
#include <string.h>

#include "../unit/model/core_sample.h"
#include "base/cleanup.h"
#include "fuzz.h"
#include "model/elfcore.h"
#include "model/kdump.h"

/* What is not mended is left as it was, and what is mended is sound. */
static void mend(const uint8_t *data, size_t size)
{
    unsigned char *start = malloc(size + 1);
    enum elfcore_head head;

    memcpy(start, data, size);
    head = elfcore_mend(start, size);
    FUZZ_HOLDS(head == ELFCORE_HEAD_MENDED || memcmp(start, data, size) == 0);
    FUZZ_HOLDS(head != ELFCORE_HEAD_MENDED || elfcore_mend(start, size) == ELFCORE_HEAD_SOUND);
    free(start);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sample s = {.bytes = (unsigned char *) data, .size = size}; /* only read */
    _cleanup_elfcore_ struct elfcore *core = NULL;
    _cleanup_free_ char *info = NULL;
    struct err why = {0};

    mend(data, size);
    FUZZ_HOLDS(elfcore_open(sample_read, &s, &core, &why) == 0 || why.text[0] != '\0');
    why.text[0] = '\0';
    FUZZ_HOLDS(kdump_vmcoreinfo(sample_read, &s, &info, &why) == 0 || why.text[0] != '\0');
    return 0;
}
