/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events as they are told, disks by their targets, and the ways in which a connection ends.
 */
#include "own_process.h"

#include "virt_heard.h"
#include "virt_mock.h"

static void io_error(virDomainPtr dom, const char *path, const char *alias, int action,
                     const char *cause)
{
    ((virConnectDomainEventIOErrorReasonCallback) (void (*)(void))
         mock.event[VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON])(NULL, dom, path, alias, action, cause,
                                                          mock.data);
}

static void test_events_of_qemu(void **state)
{
    _cleanup_domain_ struct domain *d = find("test");

    (void) state;
    mock.event[VIR_DOMAIN_EVENT_ID_REBOOT](NULL, d->dom, mock.data);
    next_event(test_uuid, EVENT_REBOOTED, "", "");
    ((virConnectDomainEventWatchdogCallback) (void (*)(void))
         mock.event[VIR_DOMAIN_EVENT_ID_WATCHDOG])(NULL, d->dom,
                                                   VIR_DOMAIN_EVENT_WATCHDOG_RESET, mock.data);
    next_event(test_uuid, EVENT_WATCHDOG, "reset", "");
    mock.monitor_event(NULL, d->dom, "POWERDOWN", 1, 2, NULL, mock.data);
    next_event(test_uuid, EVENT_POWERDOWN, "", "");
    lifecycle(d->dom, VIR_DOMAIN_EVENT_SHUTDOWN, VIR_DOMAIN_EVENT_SHUTDOWN_GUEST);
    next_event(test_uuid, EVENT_SHUTDOWN, "guest", "");
    lifecycle(d->dom, VIR_DOMAIN_EVENT_CRASHED, VIR_DOMAIN_EVENT_CRASHED_CRASHLOADED);
    next_event(test_uuid, EVENT_CRASHLOADED, "", "");
    turn(); /* the state is what it was */
    no_more();
}

#define DISKS                                                                                    \
    "<disk type='file'><source file='/a'/><target dev='vda'/><alias name='ua-one'/></disk>"      \
    "<disk type='file'><source file='/b'/><target dev='vdb'/><alias name='ua-two'/></disk>"

static void test_io_errors(void **state)
{
    enum { STOP = VIR_DOMAIN_EVENT_IO_ERROR_PAUSE, REPORT = VIR_DOMAIN_EVENT_IO_ERROR_REPORT };
    _cleanup_domain_ struct domain *d = create(XML("disks", UUID, DISKS));

    (void) state;
    turn();
    next(TIDING_STATE, UUID);
    io_error(d->dom, "/b", "ua-two", STOP, "enospc");
    next_event(UUID, EVENT_IO_ERROR, "stop", "disk vdb: no space");
    io_error(d->dom, "/b", "ua-two", STOP, "");
    next_event(UUID, EVENT_IO_ERROR, "stop", "disk vdb: I/O error");
    assert_int_equal(mock.xmls_asked, 1);
    io_error(d->dom, "/a", "ua-one", STOP, "enospc");
    next_event(UUID, EVENT_IO_ERROR, "stop", "disk vda: no space");
    io_error(d->dom, "/c", "ua-three", STOP, "enospc"); /* unplugged since */
    next_event(UUID, EVENT_IO_ERROR, "stop", "disk ua-three: no space");
    io_error(d->dom, "/c", "", STOP, "enospc");
    next_event(UUID, EVENT_IO_ERROR, "stop", "disk /c: no space");
    io_error(d->dom, NULL, NULL, STOP, NULL);
    next_event(UUID, EVENT_IO_ERROR, "stop", "disk (unnamed): I/O error");
    /* What does not stop the guest may come in thousands. */
    io_error(d->dom, "/a", "ua-one", REPORT, "");
    io_error(d->dom, "/b", "ua-two", REPORT, "");
    no_more();
    virt_destroy(d, NULL);
}

static void test_first_of_many_reports_is_told(void **state)
{
    _cleanup_domain_ struct domain *d = find("test");

    (void) state;
    for (int i = 0; i < 1000; i++) {
        io_error(d->dom, "/a", "ua-one", VIR_DOMAIN_EVENT_IO_ERROR_REPORT, "");
    }
    next_event(test_uuid, EVENT_IO_ERROR, "report", "disk ua-one: I/O error");
    no_more();
}

/* --- failures --- */

static int fails(virConnectPtr conn, virDomainPtr **doms, unsigned flags)
{
    (void) conn;
    (void) doms;
    (void) flags;
    return -1;
}

static int fails_to_tell(virDomainPtr dom, int *state, int *reason, unsigned flags)
{
    (void) dom;
    (void) state;
    (void) reason;
    (void) flags;
    return -1;
}

static void test_sweep_that_fails(void **state)
{
    _cleanup_domain_ struct domain *d = find("test");

    (void) state;
    mock.list = fails;
    virt_listen_sweep(listener);
    assert_non_null(strstr(next(TIDING_CLOSED, NULL)->text, "virConnectListAllDomains"));
    mock_reset();
    virt_listen_sweep(listener); /* once closed, silence */
    virt_suspend(d, NULL);
    turn();
    no_more();
    virt_resume(d, NULL);
}

static void test_domain_that_cannot_be_asked(void **state)
{
    _cleanup_domain_ struct domain *d = find("test");

    (void) state;
    mock.get_state = fails_to_tell;
    virt_suspend(d, NULL);
    turn();
    no_more();
    virt_listen_sweep(listener); /* doubt is not confirmed */
    assert_non_null(strstr(next(TIDING_CLOSED, NULL)->text, "virDomainGetState"));
    no_more();
    virt_resume(d, NULL);
}

static void test_connection_that_ends(void **state)
{
    (void) state;
    mock.close(NULL, VIR_CONNECT_CLOSE_REASON_EOF, mock.data);
    assert_string_equal(next(TIDING_CLOSED, NULL)->text,
                        "the connection to libvirt at '" URI "' ended: the daemon hung up");
    mock.close(NULL, VIR_CONNECT_CLOSE_REASON_ERROR, mock.data);
    virt_listen_sweep(listener);
    no_more();
}

static void cannot_listen(const char *uri, const char *because)
{
    struct virt_listener *none = NULL;
    struct err why = {0};

    assert_int_equal(virt_listen_open(heard_loop, uri, heard_tiding, &heard_loop, &none, &why),
                     -EIO);
    assert_non_null(strstr(why.text, because));
    assert_null(none);
    no_more();
}

static void test_no_connection(void **state)
{
    (void) state;
    cannot_listen("test:///no/file", "test:///no/file");
}

static void test_daemon_without_an_event(void **state)
{
    int before = mock.registered;

    (void) state;
    mock.fail_event = VIR_DOMAIN_EVENT_ID_WATCHDOG;
    cannot_listen(URI, "virConnectDomainEventRegisterAny");
    mock.registered = before; /* the close callback is taken back whether given or not */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, heard_setup, heard_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_events_of_qemu),
        TEST(test_io_errors),
        TEST(test_first_of_many_reports_is_told),
        TEST(test_sweep_that_fails),
        TEST(test_domain_that_cannot_be_asked),
        TEST(test_connection_that_ends),
        TEST(test_no_connection),
        TEST(test_daemon_without_an_event),
    };

    return cmocka_run_group_tests(tests, heard_setup_group, heard_teardown_group);
}
