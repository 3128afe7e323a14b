/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * States as they are told: after the events that led to them, once, and by a sweep what no event
 * told.
 */
#include "own_process.h"

#include <dlfcn.h>

#include "base/clock.h"
#include "base/str.h"
#include "virt_heard.h"
#include "virt_mock.h"

static void test_nothing_new(void **state)
{
    (void) state;
    turn();
    no_more();
    mock.states_asked = 0;
    virt_listen_sweep(listener);
    next(TIDING_CONFIRMED, NULL);
    no_more();
    assert_int_equal(mock.states_asked, 0); /* the list of the running is enough */
}

static void test_suspended_and_resumed(void **state)
{
    _cleanup_domain_ struct domain *d = find("test");

    (void) state;
    virt_suspend(d, NULL);
    turn();
    next_state(test_uuid, VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_USER);
    virt_listen_sweep(listener);
    next(TIDING_CONFIRMED, NULL);
    virt_resume(d, NULL);
    turn();
    next_state(test_uuid, VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNPAUSED);
    no_more();
}

static void test_destroyed(void **state)
{
    _cleanup_domain_ struct domain *d = find("test");

    (void) state;
    virt_destroy(d, NULL);
    turn();
    next_event(test_uuid, EVENT_STOPPED, "destroyed", "");
    next(TIDING_GONE, test_uuid);
    virt_listen_sweep(listener);
    next(TIDING_CONFIRMED, NULL);
    no_more();
}

static void test_shut_down(void **state)
{
    _cleanup_domain_ struct domain *d = find("test");

    (void) state;
    virt_shutdown(d, NULL);
    turn();
    next_event(test_uuid, EVENT_STOPPED, "shutdown", "");
    next(TIDING_GONE, test_uuid);
    no_more();
}

static void test_transient(void **state)
{
    _cleanup_domain_ struct domain *d = create(XML("mayfly", UUID, ""));

    (void) state;
    turn();
    next(TIDING_STATE, UUID);
    virt_destroy(d, NULL);
    turn();
    next_event(UUID, EVENT_STOPPED, "destroyed", "");
    next(TIDING_GONE, UUID);
    no_more();
}

/* Never told of: there is nothing to be gone. */
static void test_over_before_it_was_asked(void **state)
{
    _cleanup_domain_ struct domain *d = create(XML("mayfly", UUID, ""));

    (void) state;
    virt_destroy(d, NULL);
    turn();
    next_event(UUID, EVENT_STOPPED, "destroyed", "");
    no_more();
}

/* By now it is in the same state as before, but another run. */
static void test_ended_and_begun_again(void **state)
{
    struct domain *d = create(XML("mayfly", UUID, ""));
    struct tiding first;

    (void) state;
    turn();
    first = *next(TIDING_STATE, UUID);
    virt_destroy(d, NULL);
    virt_domain_free(d);
    d = create(XML("mayfly", UUID, ""));
    turn();
    next_event(UUID, EVENT_STOPPED, "destroyed", "");
    next(TIDING_GONE, UUID);
    next_state(UUID, first.state, first.reason);
    no_more();
    virt_destroy(d, NULL);
    virt_domain_free(d);
}

/* Before any event is handed out: the sweep is first to see it, and tells the event first. */
static void test_sweep_hands_out_events_first(void **state)
{
    _cleanup_domain_ struct domain *d = find("test");

    (void) state;
    virt_destroy(d, NULL);
    virt_listen_sweep(listener);
    next_event(test_uuid, EVENT_STOPPED, "destroyed", "");
    next(TIDING_GONE, test_uuid);
    next(TIDING_CONFIRMED, NULL);
    turn();
    no_more();
}

static void test_sweep_finds_what_no_event_told(void **state)
{
    _cleanup_domain_ struct domain *d = find("test");

    (void) state;
    virt_suspend(d, NULL);
    virt_listen_sweep(listener);
    next_state(test_uuid, VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_USER);
    next(TIDING_CONFIRMED, NULL);
    virt_resume(d, NULL);
    virt_listen_sweep(listener);
    next_state(test_uuid, VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNPAUSED);
    next(TIDING_CONFIRMED, NULL);
    turn();
    no_more();
}

static void test_many(void **state)
{
    enum { MANY = 100 };
    struct domain *d[MANY];

    (void) state;
    for (int i = 0; i < MANY; i++) {
        char *xml = str_printf(XML("many%d", "3f0e2c1a-0000-4000-8000-0000000000%02x", ""), i, i);

        d[i] = create(xml);
        free(xml);
    }
    virt_listen_sweep(listener);
    for (int i = 0; i < MANY; i++) {
        next(TIDING_STATE, NULL);
    }
    next(TIDING_CONFIRMED, NULL);
    turn();
    no_more();
    for (int i = 0; i < MANY; i++) {
        virt_destroy(d[i], NULL);
        virt_domain_free(d[i]);
    }
    virt_listen_sweep(listener);
    for (int i = 0; i < MANY; i++) {
        next(TIDING_EVENT, NULL);
    }
    for (int i = 0; i < MANY; i++) {
        next(TIDING_GONE, NULL);
    }
    next(TIDING_CONFIRMED, NULL);
    no_more();
}

/* --- a state that libvirt shows before it sends the event --- */

static struct {
    int asks_until_event; /* -1: never */
    virDomainPtr dom;
} early;

static __typeof__(virEventAddTimeout) *add_timer;
static __typeof__(virEventRemoveTimeout) *remove_timer;

static void send_the_event(int timer, void *data)
{
    (void) data;
    remove_timer(timer);
    lifecycle(early.dom, VIR_DOMAIN_EVENT_CRASHED, VIR_DOMAIN_EVENT_CRASHED_PANICKED);
}

/* The event comes as from the remote driver: taken in by a call, handed out by a timer. */
static int shows_a_crash(virDomainPtr dom, int *state, int *reason, unsigned flags)
{
    (void) dom;
    (void) flags;
    if (early.asks_until_event-- == 0) {
        add_timer(0, send_the_event, NULL, NULL);
    }
    *state = VIR_DOMAIN_CRASHED;
    *reason = VIR_DOMAIN_CRASHED_PANICKED;
    return 0;
}

static void test_state_waits_for_its_event(void **state)
{
    _cleanup_domain_ struct domain *d = find("test");

    (void) state;
    for (int asks = 0; asks < 20; asks += 5) {
        early.asks_until_event = asks;
        early.dom = d->dom;
        mock.get_state = shows_a_crash;
        lifecycle(d->dom, VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_SUSPENDED_PAUSED);
        turn();
        next_event(test_uuid, EVENT_PANICKED, "", "");
        next_state(test_uuid, VIR_DOMAIN_CRASHED, VIR_DOMAIN_CRASHED_PANICKED);
        no_more();
        mock.get_state = NULL;
        lifecycle(d->dom, VIR_DOMAIN_EVENT_RESUMED, VIR_DOMAIN_EVENT_RESUMED_UNPAUSED);
        turn();
        next_state(test_uuid, VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNKNOWN);
    }
}

static void test_event_that_never_comes(void **state)
{
    _cleanup_domain_ struct domain *d = find("test");
    int64_t begin = clock_mono_us();

    (void) state;
    early.asks_until_event = -1;
    mock.get_state = shows_a_crash;
    lifecycle(d->dom, VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_SUSPENDED_PAUSED);
    turn();
    next_state(test_uuid, VIR_DOMAIN_CRASHED, VIR_DOMAIN_CRASHED_PANICKED);
    no_more();
    assert_true(clock_mono_us() - begin >= 300000);
}

static int setup_group(void **state)
{
    if (heard_setup_group(state) < 0) {
        return -1;
    }
    *(void **) &add_timer = dlsym(RTLD_DEFAULT, "virEventAddTimeout");
    *(void **) &remove_timer = dlsym(RTLD_DEFAULT, "virEventRemoveTimeout");
    return add_timer && remove_timer ? 0 : -1;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, heard_setup, heard_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_new),
        TEST(test_suspended_and_resumed),
        TEST(test_destroyed),
        TEST(test_shut_down),
        TEST(test_transient),
        TEST(test_over_before_it_was_asked),
        TEST(test_ended_and_begun_again),
        TEST(test_sweep_hands_out_events_first),
        TEST(test_sweep_finds_what_no_event_told),
        TEST(test_many),
        TEST(test_state_waits_for_its_event),
        TEST(test_event_that_never_comes),
    };

    return cmocka_run_group_tests(tests, setup_group, heard_teardown_group);
}
