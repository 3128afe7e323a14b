/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Listeners in the kernel's own words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/tcptext.h"

static bool port[TCP_PORTS];

static size_t marked(const char *text)
{
    size_t count = 0;

    memset(port, 0, sizeof port);
    tcptext_mark_listening(text, port);
    for (size_t i = 0; i < TCP_PORTS; i++) {
        count += port[i];
    }
    return count;
}

static void test_listeners(void **state)
{
    static const char text[] =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
        "   0: 0100007F:4084 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0\n"
        "   1: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 0\n"
        "  12: 0100007F:C000 0100007F:0016 01 00000000:00000000 02:000004D2 00000000     0\n";

    (void) state;
    assert_int_equal(marked(text), 2);
    assert_true(port[16516]);
    assert_true(port[22]);
}

static void test_what_is_no_listener(void **state)
{
    (void) state;
    assert_int_equal(marked(NULL), 0);
    assert_int_equal(marked(""), 0);
    assert_int_equal(marked("\n\n: 0A\n0: x:1 y:2 0A\n  0: 00:"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_listeners),
        cmocka_unit_test(test_what_is_no_listener),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
