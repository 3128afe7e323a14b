/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's memory, damaged on purpose: model/elfcore, kernmem, printk. The input says which of
 * the sample's bytes are other ones, since a core as such is too large to be found by chance.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/model/printk_sample.h"
#include "base/cleanup.h"
#include "fuzz.h"
#include "model/printk.h"

enum { CHANGE_BYTES = 4, LINES_MOST = 60 };

/* The places that are read, each as near as the others however small it is. */
static unsigned char *somewhere(struct sample *s, uint8_t which, size_t at)
{
    static const struct { size_t at, size; } places[] = {
        {SAMPLE_PGD + 8 * 511, 8}, {SAMPLE_PUD + 8 * 510, 8}, {SAMPLE_PMD + 8 * 8, 8},
        {SAMPLE_PTE, 64 * 8}, {SAMPLE_FREE, 512}, {RING_DESC, RING_DESCS * RING_DESC_SIZE},
        {RING_INFO, RING_DESCS * RING_INFO_SIZE}, {RING_DATA, 512}, {LOG_DATA, LOG_BYTES},
    };
    enum { PLACES = sizeof places / sizeof places[0], HEAD = SAMPLE_NOTES + 1400 };

    which %= PLACES + 1;
    return which == PLACES ? s->bytes + at % HEAD
                           : sample_at(s, places[which].at + at % places[which].size);
}

/* First byte: which kernel, and whether its core ends too soon. Second: how much it has said. */
static struct sample *build(const uint8_t *data, size_t size)
{
    bool ring = data[0] & 1;
    struct sample *s = ring ? ring_sample() : log_sample();

    for (uint64_t n = 0; n < data[1] % LINES_MOST; n++) {
        (ring ? ring_say : log_say)(s, n, "Kernel panic - not syncing: no");
    }
    for (size_t i = 2; i + CHANGE_BYTES <= size; i += CHANGE_BYTES) {
        *somewhere(s, data[i], data[i + 1] | (size_t) data[i + 2] << 8) = data[i + 3];
    }
    if (data[0] & 2) {
        s->size = s->size * data[0] / (UINT8_MAX + 1);
        /* So that reading beyond the end is seen. */
        s->bytes = realloc(s->bytes, s->size + 1);
    }
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err why = {0};
    struct sample *s;
    _cleanup_elfcore_ struct elfcore *core = NULL;
    _cleanup_free_ char *text = NULL;
    int rc;

    if (size < 2) {
        return 0;
    }
    s = build(data, size);
    rc = elfcore_open(sample_read, s, &core, &why);
    rc = rc < 0 ? rc : printk_text(core, &text, &why);
    FUZZ_HOLDS(rc <= 0 && (rc == 0) == (text != NULL) && (rc == 0 || why.text[0] != '\0'));
    FUZZ_HOLDS(size > 2 || (data[0] & 2) || rc == 0);
    free(text ? printk_why(text) : NULL);
    sample_free(s);
    return 0;
}
