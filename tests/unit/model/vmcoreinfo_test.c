/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of VMCOREINFO as Linux 6.1 writes them, and lines that only look like those looked for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "model/vmcoreinfo.h"

static const char info[] =
    "OSRELEASE=6.1.0-13-amd64\n"
    "BUILD-ID=\n"
    "PAGESIZE=4096\n"
    "SYMBOL(swapper_pg_dir)=ffffffff9de0a000\n"
    "SIZE(list_head)=16\n"
    "OFFSET(page.flags)=0\n"
    "OFFSET(prb_desc.text_blk_lpos)=8\n"
    "LENGTH(free_area.free_list)=6\n"
    "NUMBER(phys_base)=-1048576\n"
    "NUMBER(least)=-9223372036854775808\n"
    "NUMBER(beyond)=-9223372036854775809\n"
    "NUMBER(zero)=-0\n"
    "NUMBER(minus)=--1\n"
    "NUMBER(sme_mask)=0\n"
    "SIZE(list_head)=99\n"
    " SIZE(blank)=1\n"
    "SIZE(none)=\n"
    "SIZE(signed)=+1\n"
    "SIZE(spaced)= 1\n"
    "SIZE(long)=1 \n"
    "SIZE(huge)=99999999999999999999\n"
    "SYMBOL(word)=ffffqqqq\n"
    "SIZE(last)=7";

static void each_kind_has_its_own_lines(void **state)
{
    uint64_t value = 0;
    int64_t number = 0;

    (void) state;
    assert_true(vmcoreinfo_symbol(info, "swapper_pg_dir", &value));
    assert_true(value == UINT64_C(0xffffffff9de0a000));
    assert_true(vmcoreinfo_size(info, "list_head", &value));
    assert_int_equal(value, 16);
    assert_true(vmcoreinfo_offset(info, "prb_desc.text_blk_lpos", &value));
    assert_int_equal(value, 8);
    assert_true(vmcoreinfo_size(info, "last", &value));
    assert_int_equal(value, 7);
    assert_true(vmcoreinfo_number(info, "phys_base", &number));
    assert_int_equal(number, -1048576);
    assert_true(vmcoreinfo_number(info, "least", &number));
    assert_true(number == INT64_MIN);
    assert_true(vmcoreinfo_number(info, "zero", &number));
    assert_int_equal(number, 0);
}

static void what_is_not_there_is_not_found(void **state)
{
    static const char *const sizes[] = {
        "list_hea", "list_head2", "ist_head", "page.flags", "blank", "none", "signed", "spaced",
        "long", "huge", "",
    };
    static const char *const numbers[] = {"beyond", "minus", "phys", ""};
    uint64_t value = 77;
    int64_t number = 77;

    (void) state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        assert_false(vmcoreinfo_size(info, sizes[i], &value));
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        assert_false(vmcoreinfo_number(info, numbers[i], &number));
    }
    assert_false(vmcoreinfo_symbol(info, "word", &value));
    assert_false(vmcoreinfo_symbol("", "word", &value));
    assert_int_equal(value, 77);
    assert_int_equal(number, 77);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_its_own_lines),
        cmocka_unit_test(what_is_not_there_is_not_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
