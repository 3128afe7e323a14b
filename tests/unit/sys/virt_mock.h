/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A mock of sys/virt_library (the linker prefers a test's own object to the library's): the
 * real libvirt, with its test driver, but some calls go through here, for what the test
 * driver cannot be brought to do: events of QEMU, failures, a state that is seen before its
 * event. To bend another call: a member here, a function and its line in virt_mock.c.
 */
#ifndef GVM_TESTS_SYS_VIRT_MOCK_H
#define GVM_TESTS_SYS_VIRT_MOCK_H

#include "sys/virt_internal.h"

struct virt_mock {
    /* What was registered: for tests to call. */
    virConnectDomainEventGenericCallback event[VIR_DOMAIN_EVENT_ID_WATCHDOG + 8];
    void *data;
    virConnectDomainQemuMonitorEventCallback monitor_event;
    virConnectCloseFunc close;
    int registered; /* minus what was taken back */
    /* Instead of the real ones, where set. */
    int fail_event; /* registering for this one fails; -1: none */
    __typeof__(virDomainGetState) *get_state;
    __typeof__(virConnectListAllDomains) *list;
    int states_asked, xmls_asked;
    /* virDomainSetTime, which the test driver has not: what it was given, what it answers. */
    unsigned time_flags;
    int time_rc;
    /* What the test driver, which knows no flags there, did not get. */
    unsigned save_flags, restore_flags;
};

extern struct virt_mock mock;

/* The real calls, and all hooks gone; what is registered stays. */
void mock_reset(void);

#endif
