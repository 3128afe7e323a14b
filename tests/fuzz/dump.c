/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dump's file as such: model/elfcore's mend and tables, model/kdump.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "fuzz.h"
#include "model/elfcore.h"
#include "model/kdump.h"

struct bytes {
    const uint8_t *data;
    size_t size;
};

static int read_bytes(void *data, uint64_t offset, void *to, size_t size)
{
    const struct bytes *b = data;

    if (offset > b->size || size > b->size - offset) {
        return -EIO;
    }
    memcpy(to, b->data + offset, size);
    return 0;
}

/* What is not mended is left as it was, and what is mended is sound. */
static void mend(const struct bytes *b)
{
    unsigned char *start = malloc(b->size + 1);
    enum elfcore_head head;

    memcpy(start, b->data, b->size);
    head = elfcore_mend(start, b->size);
    FUZZ_HOLDS(head == ELFCORE_HEAD_MENDED || memcmp(start, b->data, b->size) == 0);
    FUZZ_HOLDS(head != ELFCORE_HEAD_MENDED || elfcore_mend(start, b->size) == ELFCORE_HEAD_SOUND);
    free(start);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes b = {data, size};
    _cleanup_elfcore_ struct elfcore *core = NULL;
    _cleanup_free_ char *info = NULL;
    struct err why = {0};

    mend(&b);
    FUZZ_HOLDS(elfcore_open(read_bytes, &b, &core, &why) == 0 || why.text[0] != '\0');
    why.text[0] = '\0';
    FUZZ_HOLDS(kdump_vmcoreinfo(read_bytes, &b, &info, &why) == 0 || why.text[0] != '\0');
    return 0;
}
