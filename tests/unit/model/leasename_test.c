/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256 of texts whose sums are known (FIPS 180-4's examples, coreutils' sha256sum), around the
 * ends of a block.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "model/leasename.h"

static void sum_is(const char *text, const char *expected)
{
    _cleanup_free_ char *sum = lease_name(text);

    assert_string_equal(sum, expected);
}

static void test_known_sums(void **state)
{
    (void) state;
    sum_is("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sum_is("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sum_is("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
           "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    sum_is("/srv/shared/lk.img",
           "4f82b037dc298569c2bc5368b8689254ca9ed4ab73ee1c7d10fe62ac4b26faca");
}

static void sum_of_many(size_t count, const char *expected)
{
    char text[256] = "";

    assert_true(count < sizeof text);
    memset(text, 'a', count);
    sum_is(text, expected);
}

static void test_ends_of_blocks(void **state)
{
    (void) state;
    sum_of_many(55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
    sum_of_many(56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
    sum_of_many(63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34");
    sum_of_many(64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
    sum_of_many(119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb");
    sum_of_many(120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c");
    sum_of_many(200, "c2a908d98f5df987ade41b5fce213067efbcc21ef2240212a41e54b5e7c28ae5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_sums),
        cmocka_unit_test(test_ends_of_blocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
