/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The line that says why a kernel died, out of logs as kernels write them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "model/printk.h"

static const struct { const char *text, *why; } rows[] = {
    {"", NULL},
    {"\n\n", NULL},
    {"[", NULL},
    {"[    0.000000] Linux version 6.1\n[    1.000000] all is well\n", NULL},
    {"[    9.123456] sysrq: Trigger a crash\n"
     "[    9.123457] Kernel panic - not syncing: sysrq triggered crash\n"
     "[    9.123458] CPU: 0 PID: 1 Comm: init\n"
     "[    9.123459] ---[ end Kernel panic - not syncing: sysrq triggered crash ]---\n",
     "Kernel panic - not syncing: sysrq triggered crash"},
    {"[    1.0] BUG: kernel NULL pointer dereference, address: 0000000000000000\n"
     "[    1.0] Oops: 0002 [#1] PREEMPT SMP\n[    2.0] Kernel panic - not syncing: Fatal exception",
     "Kernel panic - not syncing: Fatal exception"},
    /* Anybody may write such a line while the kernel lives; nobody after it. */
    {"[    1.0] Kernel panic - not syncing: a joke\n"
     "[    2.0] Kernel panic - not syncing: Fatal exception\n",
     "Kernel panic - not syncing: Fatal exception"},
    {"[    1.0] BUG: unable to handle page fault for address: ffffffff\n[    1.0] Oops: 0000\n",
     "BUG: unable to handle page fault for address: ffffffff"},
    {"[    1.0] kernel BUG at mm/slub.c:305!\n[    1.0] invalid opcode: 0000\n",
     "kernel BUG at mm/slub.c:305!"},
    {"[    1.0] general protection fault, probably for non-canonical address 0xdead: 0000 [#1]\n",
     "general protection fault, probably for non-canonical address 0xdead: 0000 [#1]"},
    {"[    1.0] Oops: general protection fault: 0000 [#1]\n",
     "Oops: general protection fault: 0000 [#1]"},
    {"[    1.0] Unable to handle kernel paging request at virtual address 0\n",
     "Unable to handle kernel paging request at virtual address 0"},
    {"[   28.0] watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [hog:99]\n",
     "watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [hog:99]"},
    {"[   28.0] NMI watchdog: BUG: soft lockup - CPU#0 stuck for 22s!\n",
     "NMI watchdog: BUG: soft lockup - CPU#0 stuck for 22s!"},
    {"[   28.0] NMI watchdog: Watchdog detected hard LOCKUP on cpu 0\n",
     "NMI watchdog: Watchdog detected hard LOCKUP on cpu 0"},
    /* A console's: with who spoke, with carriage returns, without times. */
    {"[    1.0][    T1] BUG: a\r\n", "BUG: a"},
    {"Oops: 0002\n", "Oops: 0002"},
    /* In the middle of a line it is somebody's word. */
    {"[    1.0] systemd[1]: BUG: a\n[    1.0] [drm] BUG: b\n", NULL},
};

static void the_cause_is_found(void **state)
{
    (void) state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *why = printk_why(rows[i].text);

        if (rows[i].why) {
            assert_non_null(why);
            assert_string_equal(why, rows[i].why);
        } else {
            assert_null(why);
        }
        free(why);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(the_cause_is_found)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
