/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables of every depth and page size, and such as lead nowhere or in circles.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/kernmem.h"
#include "core_sample.h"

struct opened {
    struct sample *s;
    struct elfcore *core;
    struct kernmem *mem;
};

static struct opened opened(const char *info)
{
    struct opened o = {.s = sample_new(info)};
    struct err why = {0};

    assert_int_equal(elfcore_open(sample_read, o.s, &o.core, &why), 0);
    assert_int_equal(kernmem_open(o.core, &o.mem, &why), 0);
    return o;
}

static void ended(struct opened o)
{
    kernmem_close(o.mem);
    elfcore_close(o.core);
    sample_free(o.s);
}

static void leads_to(struct opened o, uint64_t vaddr, uint64_t paddr)
{
    struct err why = {0};
    uint64_t found = 0;

    assert_int_equal(kernmem_translate(o.mem, vaddr, &found, &why), 0);
    assert_true(found == paddr);
}

static void leads_nowhere(struct opened o, uint64_t vaddr)
{
    struct err why = {0};
    uint64_t found = 77;
    unsigned char byte;

    assert_int_equal(kernmem_translate(o.mem, vaddr, &found, &why), -EFAULT);
    assert_int_equal(kernmem_read(o.mem, vaddr, &byte, 1, &why), -EFAULT);
    assert_int_equal(found, 77);
    assert_non_null(strstr(why.text, "0x"));
}

static void pages_of_all_sizes_are_found(void **state)
{
    struct opened o = opened("");

    (void) state;
    leads_to(o, SAMPLE_IMAGE, SAMPLE_PADDR);
    leads_to(o, SAMPLE_IMAGE + 0x12345, SAMPLE_PADDR + 0x12345);
    leads_to(o, SAMPLE_DIRECT + 0x12345, SAMPLE_PADDR + 0x12345);
    leads_to(o, SAMPLE_HUGE + 0x12345, SAMPLE_PADDR + 0x12345);
    /* Small pages need not lie as they are mapped. */
    sample_put(sample_at(o.s, SAMPLE_PTE + 8 * 0x20), 8, SAMPLE_PADDR | 1);
    leads_to(o, SAMPLE_IMAGE + 0x20123, SAMPLE_PADDR + 0x123);
    ended(o);
}

static void the_root_has_two_names(void **state)
{
    struct sample *s = sample_new("SYMBOL(init_top_pgt)=ffffffff81000000\n");
    struct elfcore *core = NULL;
    struct kernmem *mem = NULL;
    struct err why = {0};
    uint64_t found = 0;
    char *first = NULL;

    (void) state;
    for (size_t i = 0; !first && i < SAMPLE_MEMORY - 8; i++) {
        first = memcmp(s->bytes + i, "swapper_", 8) == 0 ? (char *) s->bytes + i : NULL;
    }
    assert_non_null(first);
    *first = 'S';
    assert_int_equal(elfcore_open(sample_read, s, &core, &why), 0);
    assert_int_equal(kernmem_open(core, &mem, &why), 0);
    assert_int_equal(kernmem_translate(mem, SAMPLE_IMAGE, &found, &why), 0);
    kernmem_close(mem);
    elfcore_close(core);
    sample_free(s);
}

static void five_levels_are_walked(void **state)
{
    struct opened o = opened("NUMBER(pgtable_l5_enabled)=1\n");

    (void) state;
    sample_put(sample_at(o.s, SAMPLE_PGD + 8 * 511), 8, (SAMPLE_PADDR + SAMPLE_P4D) | 1);
    sample_put(sample_at(o.s, SAMPLE_P4D + 8 * 511), 8, (SAMPLE_PADDR + SAMPLE_PUD) | 1);
    leads_to(o, SAMPLE_IMAGE + 0x12345, SAMPLE_PADDR + 0x12345);
    ended(o);
}

static void the_bit_of_encryption_is_no_address(void **state)
{
    static const size_t entries[] = {
        SAMPLE_PGD + 8 * 511, SAMPLE_PUD + 8 * 510, SAMPLE_PMD + 8 * 8, SAMPLE_PTE,
    };
    struct opened plain = opened("");
    struct opened o = opened("NUMBER(sme_mask)=140737488355328\n"); /* 2^47 */

    (void) state;
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        *(sample_at(plain.s, entries[i]) + 5) |= 0x80;
        *(sample_at(o.s, entries[i]) + 5) |= 0x80;
    }
    leads_nowhere(plain, SAMPLE_IMAGE);
    leads_to(o, SAMPLE_IMAGE + 5, SAMPLE_PADDR + 5);
    ended(plain);
    ended(o);
}

static void what_is_not_mapped_is_an_error(void **state)
{
    struct opened o = opened("");

    (void) state;
    leads_nowhere(o, 0);
    leads_nowhere(o, SAMPLE_IMAGE - 1);
    leads_nowhere(o, SAMPLE_IMAGE + SAMPLE_BYTES);
    leads_nowhere(o, UINT64_MAX);
    /* A table that the core does not have. */
    sample_put(sample_at(o.s, SAMPLE_PUD + 8 * 510), 8, (UINT64_C(1) << 40) | 1);
    leads_nowhere(o, SAMPLE_IMAGE);
    ended(o);
}

/* An entry of a table that is the table itself, and bit 7 where it means no large page. */
static void tables_in_a_circle_end(void **state)
{
    struct opened o = opened("");

    (void) state;
    sample_put(sample_at(o.s, SAMPLE_PGD + 8 * 511), 8, (SAMPLE_PADDR + SAMPLE_PGD) | 0x81);
    leads_to(o, UINT64_MAX, 0x3fffffff); /* bit 7 counts from level 3 on: a page of 1 GiB */
    sample_put(sample_at(o.s, SAMPLE_PGD + 8 * 511), 8, (SAMPLE_PADDR + SAMPLE_PGD) | 1);
    leads_to(o, UINT64_MAX, SAMPLE_PADDR + 0xfff);
    ended(o);
}

static void reads_go_over_pages_and_stay_true(void **state)
{
    struct opened o = opened("");
    struct err why = {0};
    unsigned char byte = 0;
    uint64_t at_edge = 0;

    (void) state;
    for (size_t page = SAMPLE_FREE; page < SAMPLE_BYTES; page += 4096) {
        *sample_at(o.s, page) = (unsigned char) (page >> 12);
    }
    for (int turn = 0; turn < 2; turn++) {
        for (size_t page = SAMPLE_FREE; page < SAMPLE_BYTES; page += 4096) {
            assert_int_equal(kernmem_read(o.mem, SAMPLE_IMAGE + page, &byte, 1, &why), 0);
            assert_int_equal(byte, page >> 12);
        }
    }
    for (size_t i = 0; i < 8; i++) {
        *sample_at(o.s, SAMPLE_SEGMENT - 4 + i) = (unsigned char) (8 - i);
    }
    /* Its pages were kept before they were written to: another reader has to look. */
    kernmem_close(o.mem);
    assert_int_equal(kernmem_open(o.core, &o.mem, &why), 0);
    assert_int_equal(kernmem_u64(o.mem, SAMPLE_IMAGE + SAMPLE_SEGMENT - 4, &at_edge, &why), 0);
    assert_true(at_edge == UINT64_C(0x0102030405060708));
    ended(o);
}

static void a_core_that_tells_of_no_tables_is_refused(void **state)
{
    static const char *const infos[] = {NULL, "swapper_pg_dir", "phys_base"};

    (void) state;
    for (size_t i = 0; i < sizeof infos / sizeof infos[0]; i++) {
        struct sample *s = sample_new(infos[i] ? "" : NULL);
        struct elfcore *core = NULL;
        struct kernmem *mem = NULL;
        struct err why = {0};

        for (size_t at = 0; infos[i] && at < SAMPLE_MEMORY; at++) {
            if (memcmp(s->bytes + at, infos[i], strlen(infos[i])) == 0) {
                s->bytes[at] = 'X';
            }
        }
        assert_int_equal(elfcore_open(sample_read, s, &core, &why), 0);
        assert_int_equal(kernmem_open(core, &mem, &why), -ENODATA);
        assert_null(mem);
        assert_non_null(strstr(why.text, "VMCOREINFO"));
        elfcore_close(core);
        sample_free(s);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_of_all_sizes_are_found),
        cmocka_unit_test(the_root_has_two_names),
        cmocka_unit_test(five_levels_are_walked),
        cmocka_unit_test(the_bit_of_encryption_is_no_address),
        cmocka_unit_test(what_is_not_mapped_is_an_error),
        cmocka_unit_test(tables_in_a_circle_end),
        cmocka_unit_test(reads_go_over_pages_and_stay_true),
        cmocka_unit_test(a_core_that_tells_of_no_tables_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
