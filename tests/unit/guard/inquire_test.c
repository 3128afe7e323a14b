/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the short way to libvirt may say by itself, and what is left to libvirt's library. The
 * daemon is a mock that the library does not know of, so that only the short way can ask it.
 */
#include "../sys/mock_daemon.h"

#include <libvirt/libvirt.h>

#include "base/str.h"
#include "guard/inquire.h"
#include "sys/virt_rpc.h"

/* The library waits for a daemon to come back as long as it may. */
enum { PLENTY_MS = 60000, SHORT_MS = 2000 };

static struct record *record_of(enum phase phase, pid_t pid)
{
    struct record *r = record_new();

    /* No guest of a libvirt that this machine may have. */
    r->name = str_dup("guardedvm-no-such-guest");
    r->uuid = str_dup(MOCK_UUID);
    r->uri = str_dup(MOCK_URI);
    r->phase = phase;
    r->process.pid = pid;
    return r;
}

static int ask(const struct record *r, int state, int reason, int time_ms, struct inquiry *ret)
{
    struct mock_daemon d = {0};
    struct err silence = {0};
    char reply[64];

    memcpy(d.script, mock_good, sizeof mock_good);
    snprintf(reply, sizeof reply, MOCK_REPLY("d4", "4") "%x %x", (unsigned) state,
             (unsigned) reason);
    d.script[MOCK_STATE].reply = reply;
    mock_start(&d, "libvirt-sock");
    inquire(r, deadline_in_ms(time_ms), ret, &silence);
    return mock_end(&d, "libvirt-sock");
}

static void test_what_settles_it(void **data)
{
    static const struct {
        int state;
        int reason;
        bool settled;
    } rows[] = {
        {VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_BOOTED, true},
        {VIR_DOMAIN_RUNNING, 99, true}, /* what a newer libvirt may say */
        {VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_IOERROR, true},
        {VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_WATCHDOG, true},
        {VIR_DOMAIN_SHUTDOWN, VIR_DOMAIN_SHUTDOWN_USER, true},
        {VIR_DOMAIN_PMSUSPENDED, VIR_DOMAIN_PMSUSPENDED_UNKNOWN, true},
        /* QEMU is to be asked */
        {VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_USER, false},
        {VIR_DOMAIN_CRASHED, VIR_DOMAIN_CRASHED_PANICKED, false},
        {VIR_DOMAIN_NOSTATE, VIR_DOMAIN_NOSTATE_UNKNOWN, false},
        {99, 0, false},
        /* would lead to "stopped" */
        {VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_SHUTOFF_CRASHED, false},
    };
    _cleanup_record_ struct record *r = record_of(PHASE_RUNNING, 4711);

    (void) data;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct inquiry seen;
        int served = ask(r, rows[i].state, rows[i].reason,
                         rows[i].settled ? PLENTY_MS : SHORT_MS, &seen);

        if ((seen.answer == LIBVIRT_KNOWS) != rows[i].settled) {
            fail_msg("state %d, reason %d: answer %d", rows[i].state, rows[i].reason,
                     (int) seen.answer);
        }
        if (rows[i].settled) {
            assert_int_equal(served, 6);
            assert_int_equal(seen.state, rows[i].state);
            assert_int_equal(seen.reason, rows[i].reason);
            assert_string_equal(seen.uuid, MOCK_UUID);
            assert_int_equal(seen.size.vcpus, 2);
            assert_false(seen.hangs);
        }
    }
}

/* Only QEMU can tell whether this one was frozen before its record was lost. */
static void test_a_process_that_nothing_explains(void **data)
{
    _cleanup_record_ struct record *r = record_of(PHASE_KNOWN, 4711);
    struct inquiry seen;

    (void) data;
    assert_int_equal(ask(r, VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_BOOTED, SHORT_MS, &seen),
                     0);
    assert_int_not_equal(seen.answer, LIBVIRT_KNOWS);
}

static void test_a_guest_without_a_uuid(void **data)
{
    _cleanup_record_ struct record *r = record_of(PHASE_RUNNING, 4711);
    struct inquiry seen;

    (void) data;
    free(r->uuid);
    r->uuid = NULL;
    assert_int_equal(ask(r, VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_BOOTED, SHORT_MS, &seen),
                     0);
    assert_int_not_equal(seen.answer, LIBVIRT_KNOWS);
}

static int setup(void **data)
{
    if (scratch_setup(data) < 0) {
        return -1;
    }
    virt_rpc_set_run_dir(scratch);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_settles_it),
        cmocka_unit_test(test_a_process_that_nothing_explains),
        cmocka_unit_test(test_a_guest_without_a_uuid),
    };

    return cmocka_run_group_tests(tests, setup, scratch_teardown);
}
