/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model/names: words there and back, and never NULL.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <libvirt/libvirt.h>

#include <cmocka.h>

#include "model/verdict.h"

static void conditions_there_and_back(void **state)
{
    (void) state;
    for (int c = 0; c < CONDITION_LAST; c++) {
        assert_int_equal(condition_from_name(condition_name((enum condition) c)), c);
    }
    assert_int_equal(condition_from_name("nonsense"), CONDITION_UNKNOWN);
    assert_int_equal(condition_from_name(NULL), CONDITION_UNKNOWN);
    assert_string_equal(condition_name(CONDITION_IO_ERROR), "io-error");
    assert_string_equal(condition_name((enum condition) 99), "unknown");
    assert_string_equal(condition_name((enum condition) -1), "unknown");
}

static void run_states_there_and_back(void **state)
{
    /* RunState of QEMU 7.2's qapi/run-state.json, all of it */
    static const char *const qmp[] = {
        "debug", "inmigrate", "internal-error", "io-error", "paused", "postmigrate",
        "prelaunch", "finish-migrate", "restore-vm", "running", "save-vm", "shutdown",
        "suspended", "watchdog", "guest-panicked", "colo",
    };

    (void) state;
    assert_int_equal(sizeof(qmp) / sizeof(qmp[0]), RUNSTATE_LAST - 1);
    for (size_t i = 0; i < sizeof(qmp) / sizeof(qmp[0]); i++) {
        enum runstate r = runstate_from_name(qmp[i]);

        assert_int_not_equal(r, RUNSTATE_UNKNOWN);
        assert_string_equal(runstate_name(r), qmp[i]);
    }
    assert_int_equal(runstate_from_name("preconfig"), RUNSTATE_UNKNOWN);
    assert_int_equal(runstate_from_name(NULL), RUNSTATE_UNKNOWN);
    assert_string_equal(runstate_name((enum runstate) 99), "unknown");
}

/* Words as `virsh domstate --reason` of libvirt 9.0 prints them. */
static void words_are_those_of_virsh(void **state)
{
    (void) state;
    assert_string_equal(domain_state_name(VIR_DOMAIN_BLOCKED), "idle");
    assert_string_equal(domain_state_name(VIR_DOMAIN_SHUTDOWN), "in shutdown");
    assert_string_equal(domain_state_name(VIR_DOMAIN_SHUTOFF), "shut off");
    assert_string_equal(domain_state_name(VIR_DOMAIN_PMSUSPENDED), "pmsuspended");
    assert_string_equal(domain_state_name(99), "no state");
    assert_string_equal(domain_state_name(-1), "no state");
    assert_string_equal(domain_reason_name(VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_IOERROR),
                        "I/O error");
    assert_string_equal(domain_reason_name(VIR_DOMAIN_CRASHED, VIR_DOMAIN_CRASHED_PANICKED),
                        "panicked");
    assert_string_equal(domain_reason_name(VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_WAKEUP),
                        "event wakeup");
    assert_string_equal(domain_reason_name(VIR_DOMAIN_PAUSED, 999), "unknown");
    assert_string_equal(domain_reason_name(99, 0), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_there_and_back),
        cmocka_unit_test(run_states_there_and_back),
        cmocka_unit_test(words_are_those_of_virsh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
