/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Thousands of damaged cores, the same ones each time: whatever is in them, reading them ends, with
 * a text or a reason, and without touching memory that is not its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "model/printk.h"
#include "printk_sample.h"

enum { ROUNDS = 3000, BYTES_MOST = 12 };

static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

/* xorshift64, so that every machine sees the same cores. */
static uint64_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static size_t below(size_t limit)
{
    return (size_t) (next_random() % limit);
}

/* The places that are read, each as often as the others however small it is. */
static unsigned char *somewhere(struct sample *s)
{
    static const struct { size_t at, size; } places[] = {
        {SAMPLE_PGD + 8 * 511, 8}, {SAMPLE_PUD + 8 * 510, 8}, {SAMPLE_PMD + 8 * 8, 8},
        {SAMPLE_PTE, 64 * 8}, {SAMPLE_FREE, 512}, {RING_DESC, RING_DESCS * RING_DESC_SIZE},
        {RING_INFO, RING_DESCS * RING_INFO_SIZE}, {RING_DATA, 512}, {LOG_DATA, LOG_BYTES},
    };
    enum { PLACES = sizeof places / sizeof places[0], HEAD = SAMPLE_NOTES + 1400 };
    size_t which = below(PLACES + 3);

    if (which >= PLACES) {
        return s->bytes + below(which == PLACES ? SAMPLE_NOTES : HEAD);
    }
    return sample_at(s, places[which].at + below(places[which].size));
}

static void damage(struct sample *s)
{
    static const unsigned char odd[] = {0, 1, 3, 7, 8, 0x7f, 0x80, 0xff, '\n', '='};

    for (size_t n = below(BYTES_MOST) + 1; n > 0; n--) {
        unsigned char *at = somewhere(s);

        *at = next_random() % 2 ? (unsigned char) next_random() : odd[below(sizeof odd)];
    }
    if (below(16) == 0) {
        s->size = below(s->size);
        /* So that reading beyond the end is seen. */
        s->bytes = realloc(s->bytes, s->size ? s->size : 1);
        assert_non_null(s->bytes);
    }
}

/* Whether it gave a text. */
static bool try_to_read(struct sample *s)
{
    struct err why = {0};
    struct elfcore *core = NULL;
    char *text = NULL;
    int rc = elfcore_open(sample_read, s, &core, &why);

    rc = rc < 0 ? rc : printk_text(core, &text, &why);
    assert_true(rc <= 0);
    assert_true((rc == 0) == (text != NULL));
    assert_true(rc == 0 || why.text[0] != '\0');
    if (text) {
        free(printk_why(text));
    }
    free(text);
    elfcore_close(core);
    sample_free(s);
    return rc == 0;
}

static void no_damage_does_harm(void **state)
{
    int read = 0;

    (void) state;
    for (int round = 0; round < ROUNDS; round++) {
        struct sample *s = round % 2 ? ring_sample() : log_sample();

        for (size_t n = below(60); n > 0; n--) {
            (round % 2 ? ring_say : log_say)(s, next_random(), "Kernel panic - not syncing: no");
        }
        damage(s);
        read += try_to_read(s);
    }
    /* Neither is the damage always fatal, nor does it never matter. */
    assert_in_range(read, ROUNDS / 5, ROUNDS - ROUNDS / 5);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(no_damage_does_harm)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
