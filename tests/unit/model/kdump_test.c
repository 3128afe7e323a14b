/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/kdump: VMCOREINFO out of a compressed dump's pieces, whatever is wrong with them; and a
 * guest's memory that is read as if it were a core.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/kdump.h"

enum { FLAT = 4096, PIECE = 16, NOTE_AT = 8192 + 64, SIZE = 16384, MUTATIONS = 5000 };

static const char info[] = "OSRELEASE=6.1.0\nSYMBOL(prb)=ffffffff81000000\n";

struct dump {
    unsigned char bytes[SIZE];
    size_t size;
};

static int read_dump(void *data, uint64_t offset, void *to, size_t size)
{
    const struct dump *d = data;

    if (offset > d->size || size > d->size - offset) {
        return -ENODATA;
    }
    memcpy(to, d->bytes + offset, size);
    return 0;
}

static void put_be(unsigned char *to, uint64_t value)
{
    for (int i = 7; i >= 0; i--) {
        to[i] = (unsigned char) value;
        value >>= 8;
    }
}

static void put_le(unsigned char *to, uint64_t value)
{
    for (int i = 0; i < 8; i++) {
        to[i] = (unsigned char) value;
        value >>= 8;
    }
}

/* Returns where its bytes are. */
static unsigned char *add_piece(struct dump *d, uint64_t place, const void *bytes, size_t size)
{
    unsigned char *at = d->bytes + d->size;

    put_be(at, place);
    put_be(at + 8, size);
    memcpy(at + PIECE, bytes, size);
    d->size += PIECE + size;
    return at + PIECE;
}

/* As QEMU writes it: the header, the sub header, the notes, then what does not matter. */
static struct dump *new_dump(void)
{
    struct dump *d = mem_zero(1, sizeof *d);
    unsigned char sub[104] = {0};
    char notes[256] = "";

    memcpy(d->bytes, "makedumpfile", 12);
    d->size = FLAT;
    put_le(sub + 32, NOTE_AT + 20);
    put_le(sub + 40, strlen(info));
    memcpy(notes + 20, info, strlen(info));
    add_piece(d, 0, "KDUMP   and more", 16);
    add_piece(d, 4096, sub, sizeof sub);
    add_piece(d, NOTE_AT, notes, sizeof notes);
    add_piece(d, 12288, "bitmap", 6);
    add_piece(d, UINT64_MAX, "", 0);
    return d;
}

static int take(struct dump *d, char **ret)
{
    struct err why = {0};
    int rc = kdump_vmcoreinfo(read_dump, d, ret, &why);

    assert_int_equal(why.text[0] != '\0', rc < 0);
    return rc;
}

static void what_the_kernel_said(void **state)
{
    _cleanup_free_ struct dump *d = new_dump();
    _cleanup_free_ char *text = NULL;

    (void) state;
    assert_int_equal(take(d, &text), 0);
    assert_string_equal(text, info);
}

static void others_are_no_dump(void **state)
{
    _cleanup_free_ struct dump *d = new_dump();
    char *text = NULL;

    (void) state;
    d->bytes[0] = 'M';
    assert_int_equal(take(d, &text), -ENOTSUP);
    d->size = 5;
    assert_int_equal(take(d, &text), -ENODATA);
    assert_null(text);
}

static void where_there_is_none(void **state)
{
    _cleanup_free_ struct dump *d = new_dump();
    unsigned char *sub = d->bytes + FLAT + PIECE + 16 + PIECE;
    char *text = NULL;

    (void) state;
    put_le(sub + 40, 0);
    assert_int_equal(take(d, &text), -ENODATA);
    put_le(sub + 40, UINT64_MAX);
    assert_int_equal(take(d, &text), -EPROTO);
    put_le(sub + 40, 300); /* beyond its piece */
    assert_int_equal(take(d, &text), -EPROTO);
    put_le(sub + 40, 10);
    put_le(sub + 32, UINT64_MAX);
    assert_int_equal(take(d, &text), -EPROTO);
    assert_null(text);
}

static void damaged_ones(void **state)
{
    _cleanup_free_ struct dump *d = new_dump();
    char *text = NULL;

    (void) state;
    d->bytes[FLAT + PIECE] = 'k';
    assert_int_equal(take(d, &text), -EPROTO);
    d->bytes[FLAT + PIECE] = 'K';
    put_be(d->bytes + FLAT + 8, UINT64_MAX); /* a piece without end */
    assert_int_equal(take(d, &text), -EPROTO);
    put_be(d->bytes + FLAT + 8, INT64_MAX - FLAT - PIECE);
    assert_true(take(d, &text) < 0);
    put_be(d->bytes + FLAT + 8, 0);
    assert_true(take(d, &text) < 0);
    d->size = FLAT + 3;
    assert_int_equal(take(d, &text), -ENODATA);
    assert_null(text);
}

/* Pieces of no length never lead on. */
static void endless_ones(void **state)
{
    _cleanup_free_ struct dump *d = new_dump();
    char *text = NULL;

    (void) state;
    memset(d->bytes + FLAT, 0, SIZE - FLAT);
    d->size = SIZE;
    assert_true(take(d, &text) < 0);
    assert_null(text);
}

static void mutated_ones(void **state)
{
    _cleanup_free_ struct dump *whole = new_dump();
    unsigned seed = 7;

    (void) state;
    for (int i = 0; i < MUTATIONS; i++) {
        struct dump d = *whole;
        struct err why = {0};
        char *text = NULL;

        for (int k = 0; k < 3; k++) {
            seed = seed * 1103515245U + 12345U;
            d.bytes[FLAT + (seed >> 8) % (d.size - FLAT)] = (unsigned char) (seed >> 24);
        }
        if (kdump_vmcoreinfo(read_dump, &d, &text, &why) == 0) {
            assert_true(strlen(text) <= 64 * 1024);
        }
        free(text);
    }
}

static void memory_as_a_core(void **state)
{
    _cleanup_free_ struct dump *d = new_dump();
    _cleanup_elfcore_ struct elfcore *core = elfcore_of_memory(read_dump, d, info);
    char word[12];
    struct err why = {0};

    (void) state;
    assert_string_equal(elfcore_vmcoreinfo(core), info);
    assert_int_equal(elfcore_read_physical(core, 0, word, sizeof word, &why), 0);
    assert_memory_equal(word, "makedumpfile", sizeof word);
    assert_int_equal(elfcore_read_physical(core, SIZE, word, sizeof word, &why), -ENODATA);
    assert_true(elfcore_read_physical(core, UINT64_MAX - 3, word, sizeof word, &why) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_kernel_said),
        cmocka_unit_test(others_are_no_dump),
        cmocka_unit_test(where_there_is_none),
        cmocka_unit_test(damaged_ones),
        cmocka_unit_test(endless_ones),
        cmocka_unit_test(mutated_ones),
        cmocka_unit_test(memory_as_a_core),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
