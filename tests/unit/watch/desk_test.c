/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The watch without libvirt: a record, tidings as a listener would tell them, and monitors at a
 * real desk. The guest's process is the test's own.
 */
#include "scratch_watch.h"

#include <libvirt/libvirt.h>
#include <poll.h>

#include "base/clock.h"
#include "model/waiting.h"
#include "sys/watchsock.h"

enum { TURN_MS = 60, INTERVAL_MS = 1, US_PER_MS = 1000 };

static const char uuid[] = "11111111-2222-3333-4444-555555555555";
static struct watched *g;
/* Of every monitor that comes, beside what it needs; NULL: none. */
static const char *parameter;
static const char *another; /* only with the first */
static const char *time_out;

static void turn(void)
{
    scratch_turn(TURN_MS);
}

static void confirm(void)
{
    w.ear[0]->confirmed_us = clock_mono_us();
    w.ear[0]->heard_us = clock_mono_us();
}

static void tell_state(int state, int reason)
{
    struct tiding t = {.kind = TIDING_STATE, .state = state, .reason = reason};

    memcpy(t.uuid, uuid, sizeof uuid);
    confirm();
    events_tiding(g, &t);
}

static void tell_event(enum tiding_event event, const char *word, const char *text)
{
    struct tiding t = {.kind = TIDING_EVENT, .event = event};

    memcpy(t.uuid, uuid, sizeof uuid);
    snprintf(t.word, sizeof t.word, "%s", word);
    snprintf(t.text, sizeof t.text, "%s", text);
    confirm();
    events_tiding(g, &t);
}

static int set_up(void **state)
{
    struct record *r;

    (void) state;
    parameter = NULL;
    another = NULL;
    time_out = "OCF_RESKEY_CRM_meta_timeout=40000";
    if (scratch_watch_setup() < 0) {
        return -1;
    }
    r = scratch_record("vm");
    r->uri = str_dup("test:///default");
    scratch_save(r);
    if (guests_follow(&w, NULL) < 0 || desk_open(&w, NULL) < 0) {
        return -1;
    }
    g = w.guest[0];
    tell_state(VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_BOOTED);
    return 0;
}

static int come_as(const char *version, const char *resource, const char *more)
{
    static char text[WAITING_REQUEST_SIZE];
    char *name = str_printf("OCF_RESOURCE_INSTANCE=%s", resource);
    char *const environment[] = {
        name, (char *) "OCF_RESKEY_config=/srv/vm.xml", (char *) "OCF_RESKEY_CRM_meta_interval=1",
        (char *) time_out, (char *) more, (char *) another, NULL,
    };
    size_t size = waiting_request(version, environment, text, sizeof text);
    int fd = -1;

    assert_int_equal(watchsock_connect(&fd, NULL), 0);
    assert_int_equal(watchsock_send(fd, text, size), 0);
    free(name);
    turn();
    return fd;
}

static int come(void)
{
    return come_as(PACKAGE_VERSION, "vm", parameter);
}

static struct answer answer_at(int fd)
{
    char text[WAITING_ANSWER_SIZE];
    struct answer a = {.kind = ANSWER_LOOK, .code = -1};
    int size = watchsock_receive(fd, text, sizeof text, deadline_in_ms(0));

    assert_true(size > 0);
    waiting_read_answer(text, &a);
    return a;
}

/* One whole monitor; what it is told. */
static struct answer visit(void)
{
    int fd = come();
    struct answer a = answer_at(fd);

    close(fd);
    turn();
    return a;
}

/* The first looks itself, the second is told; from the third on they are held. */
static int held_monitor(void)
{
    int fd;

    assert_int_equal(visit().kind, ANSWER_LOOK);
    assert_int_equal(visit().kind, ANSWER_DONE);
    fd = come();
    assert_int_equal(answer_at(fd).kind, ANSWER_HELD);
    assert_true(desk_is_waiting(g));
    return fd;
}

static void silent(int fd)
{
    char text[WAITING_ANSWER_SIZE];

    assert_int_equal(watchsock_receive(fd, text, sizeof text, deadline_in_ms(0)), -ETIMEDOUT);
}

static void held_while_all_is_well(void **state)
{
    int fd = held_monitor();

    (void) state;
    tell_state(VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNPAUSED);
    turn();
    silent(fd);
    assert_int_equal(watchsock_send(fd, WAITING_PING, strlen(WAITING_PING)), 0);
    turn();
    assert_int_equal(answer_at(fd).kind, ANSWER_HELD);
    close(fd);
}

/* What no event tells is found then. */
static void now_and_then_one_looks_itself(void **state)
{
    (void) state;
    close(held_monitor());
    turn();
    visit();
    assert_int_equal(visit().kind, ANSWER_DONE);
    g->looked_us -= INT64_C(3600) * 1000 * US_PER_MS;
    assert_int_equal(visit().kind, ANSWER_LOOK);
    assert_int_equal(visit().kind, ANSWER_DONE);
    assert_int_equal(visit().kind, ANSWER_HELD);
}

static void a_panic_is_answered_and_noted(void **state)
{
    struct record *r = NULL;
    int fd = held_monitor();
    struct answer a;

    (void) state;
    tell_event(EVENT_PANICKED, "", "");
    a = answer_at(fd);
    assert_int_equal(a.kind, ANSWER_DONE);
    assert_int_equal(a.code, 1);
    assert_non_null(strstr(a.reason, "guest panicked"));
    assert_int_equal(statedir_load("vm", &r, NULL), 0);
    assert_int_equal(r->incident.state, INCIDENT_REPORTED);
    assert_int_equal(r->incident.cause, CAUSE_PANIC);
    record_free(r);
    close(fd);
    turn();
    assert_int_equal(visit().code, 1); /* again and again, until somebody stops it */
}

/* By virsh reset and resume, while the watch lives, or before the next one comes. */
static void who_was_let_run_is_well_again(void **state)
{
    (void) state;
    tell_event(EVENT_PANICKED, "", "");
    assert_false(g->record->incident.halted); /* nobody has said yet that QEMU did not let it run */
    visit();
    tell_event(EVENT_PANICKED, "", "");
    assert_true(g->record->incident.halted);
    assert_int_equal(visit().code, 1);
    tell_state(VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNPAUSED);
    assert_int_equal(g->record->incident.state, INCIDENT_RECOVERED);
    assert_int_equal(visit().code, 0);
}

static void a_watchdogs_pause_ends_with_a_resume(void **state)
{
    (void) state;
    visit();
    tell_event(EVENT_WATCHDOG, "pause", "");
    assert_false(g->record->incident.halted);
    assert_int_equal(visit().code, 1);
    tell_state(VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_WATCHDOG);
    assert_int_equal(g->record->incident.state, INCIDENT_REPORTED);
    tell_state(VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNPAUSED);
    assert_int_equal(g->record->incident.state, INCIDENT_RECOVERED);
    assert_int_equal(visit().code, 0);
}

/* A listener tells states before it confirms them, and none of them twice. */
static void a_halt_counts_though_nothing_is_confirmed(void **state)
{
    struct tiding t = {
        .kind = TIDING_STATE, .state = VIR_DOMAIN_PAUSED, .reason = VIR_DOMAIN_PAUSED_WATCHDOG,
    };

    (void) state;
    tell_event(EVENT_WATCHDOG, "pause", "");
    w.ear[0]->confirmed_us = 0;
    memcpy(t.uuid, uuid, sizeof uuid);
    events_tiding(g, &t);
    assert_true(g->record->incident.halted);
    tell_state(VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNPAUSED);
    assert_int_equal(g->record->incident.state, INCIDENT_RECOVERED);
}

/* That it stood on the disk says nothing of a panic that QEMU may have let it survive. */
static void a_panic_after_a_disk_error_is_another_halt(void **state)
{
    (void) state;
    tell_event(EVENT_IO_ERROR, "stop", "disk vda: no space");
    tell_state(VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_IOERROR);
    assert_true(g->record->incident.halted);
    tell_state(VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNPAUSED);
    tell_event(EVENT_PANICKED, "", "");
    assert_int_equal(g->record->incident.cause, CAUSE_PANIC);
    assert_false(g->record->incident.halted);
}

static void what_needs_qemu_or_a_proof_is_looked_at(void **state)
{
    struct tiding gone = {.kind = TIDING_GONE};
    int fd = held_monitor();

    (void) state;
    tell_state(VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_USER);
    assert_int_equal(answer_at(fd).kind, ANSWER_LOOK);
    close(fd);
    turn();
    tell_state(VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNPAUSED);
    assert_int_equal(visit().kind, ANSWER_DONE);
    memcpy(gone.uuid, uuid, sizeof uuid);
    events_tiding(g, &gone);
    assert_int_equal(visit().kind, ANSWER_LOOK);
}

static void a_cancelled_series_begins_anew(void **state)
{
    int fd = held_monitor();

    (void) state;
    close(fd); /* killed while it waits */
    turn();
    assert_int_equal(visit().kind, ANSWER_LOOK);
}

static void other_parameters_are_a_new_series(void **state)
{
    int fd;

    (void) state;
    close(held_monitor());
    turn();
    assert_int_equal(visit().kind, ANSWER_LOOK);
    fd = come_as(PACKAGE_VERSION, "vm", "OCF_RESKEY_on_pause=ok");
    assert_int_equal(answer_at(fd).kind, ANSWER_LOOK);
    close(fd);
}

static void strangers_look_themselves(void **state)
{
    int fd = come_as(PACKAGE_VERSION, "nobody", NULL);

    (void) state;
    assert_int_equal(answer_at(fd).kind, ANSWER_LOOK);
    close(fd);
    fd = come_as("another version", "vm", NULL);
    assert_int_equal(answer_at(fd).kind, ANSWER_LOOK);
    close(fd);
}

static void a_disk_error_is_told_with_its_time(void **state)
{
    int fd = held_monitor();
    struct answer a;

    (void) state;
    tell_event(EVENT_IO_ERROR, "stop", "disk vda: no space");
    tell_state(VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_IOERROR);
    a = answer_at(fd);
    assert_int_equal(a.code, 190);
    assert_non_null(strstr(a.reason, "disk vda: no space"));
    assert_non_null(strstr(a.reason, "s left"));
    close(fd);
}

/* The incident as the record has it, on disk. */
static enum incident_state noted(void)
{
    struct record *r = scratch_load("vm");
    enum incident_state s = r->incident.state;

    record_free(r);
    return s;
}

static void degraded_within_a_grace_is_not_yet_reported(void **state)
{
    int fd = held_monitor();

    (void) state;
    tell_event(EVENT_IO_ERROR, "stop", "disk vda: no space");
    tell_state(VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_IOERROR);
    assert_int_equal(answer_at(fd).code, 190);
    assert_int_equal(noted(), INCIDENT_RECOVERING);
    close(fd);
}

static void degraded_by_a_policy_without_a_grace_is_reported(void **state)
{
    int fd;

    (void) state;
    parameter = "OCF_RESKEY_on_io_error=degraded";
    fd = held_monitor();
    tell_event(EVENT_IO_ERROR, "stop", "disk vda: no space");
    assert_int_equal(noted(), INCIDENT_SEEN); /* libvirt says that it runs: nobody was told */
    silent(fd);
    tell_state(VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_IOERROR);
    assert_int_equal(answer_at(fd).code, 190);
    assert_int_equal(noted(), INCIDENT_REPORTED);
    close(fd);
    turn();
    /* and it is well again when it has run for a while */
    tell_state(VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNPAUSED);
    assert_int_equal(g->record->incident.state, INCIDENT_REPORTED);
    g->record->incident.resumed_mono_us -= (int64_t) IO_SETTLE_S * 1000 * US_PER_MS;
    judge_again(g);
    turn();
    assert_int_equal(noted(), INCIDENT_RECOVERED);
}

static void a_hang_that_is_only_shown_is_reported_where_it_is(void **state)
{
    (void) state;
    parameter = "OCF_RESKEY_on_watchdog=degraded";
    visit();
    tell_event(EVENT_WATCHDOG, "none", "");
    assert_int_equal(noted(), INCIDENT_SEEN);
    assert_int_equal(visit().code, 190);
    assert_int_equal(noted(), INCIDENT_REPORTED);
}

static void what_nobody_is_told_of_is_not_reported(void **state)
{
    (void) state;
    parameter = "OCF_RESKEY_on_watchdog=ignore";
    visit();
    tell_event(EVENT_WATCHDOG, "none", "");
    assert_int_equal(visit().code, 0);
    assert_int_equal(noted(), INCIDENT_SEEN);
}

/* Connected, and its last word too old: as on a node with too much to do. */
static void be_late(void)
{
    w.ear[0]->open = true;
    w.ear[0]->confirmed_us = clock_mono_us() - (int64_t) (WAITING_FRESH_MS + 1) * US_PER_MS;
}

static void a_late_libvirt_wakes_nobody(void **state)
{
    int fd = held_monitor();
    struct answer a;

    (void) state;
    be_late();
    judge_again(g);
    turn();
    silent(fd);
    close(fd);
    turn();
    assert_int_equal(visit().kind, ANSWER_LOOK); /* the series was cancelled */
    fd = come(); /* it would ask libvirt, which has too much to do already */
    assert_int_equal(answer_at(fd).kind, ANSWER_HELD);
    /* But a guest that broke is told of, and one whose process has ended is looked at. */
    tell_event(EVENT_PANICKED, "", "");
    be_late();
    a = answer_at(fd);
    assert_int_equal(a.kind, ANSWER_DONE);
    assert_int_equal(a.code, 1);
    close(fd);
}

static void whose_wait_ends_while_libvirt_is_late_looks_itself(void **state)
{
    int fd;

    (void) state;
    parameter = "OCF_RESKEY_monitor_wait=1";
    fd = held_monitor();
    be_late();
    scratch_turn(1000 + TURN_MS);
    assert_int_equal(answer_at(fd).kind, ANSWER_LOOK);
    close(fd);
}

/* Of monitor_wait and half of its time the shorter: what comes then has time to be said. */
static void who_has_little_time_waits_for_half_of_it(void **state)
{
    int64_t began = clock_mono_us();
    struct pollfd door = {.events = POLLIN};

    (void) state;
    time_out = "OCF_RESKEY_CRM_meta_timeout=4000";
    door.fd = held_monitor();
    while (poll(&door, 1, 0) == 0) {
        confirm();
        turn();
    }
    assert_in_range(clock_mono_us() - began, 2000 * US_PER_MS, 4000 * US_PER_MS);
    assert_int_equal(answer_at(door.fd).kind, ANSWER_DONE);
    close(door.fd);
}

static void stale_is_not_well(void **state)
{
    (void) state;
    close(held_monitor());
    turn();
    w.ear[0]->confirmed_us = clock_mono_us() - (WAITING_FRESH_MS + 10) * US_PER_MS;
    assert_int_equal(visit().kind, ANSWER_LOOK); /* the series was cancelled */
    w.ear[0]->confirmed_us = clock_mono_us() - (WAITING_FRESH_MS + 10) * US_PER_MS;
    assert_int_equal(visit().code, 190); /* its process lives, libvirt is silent */
}

static void another_life_is_looked_at_first(void **state)
{
    struct record *r = NULL;
    int fd = held_monitor();

    (void) state;
    assert_int_equal(statedir_load("vm", &r, NULL), 0);
    r->phase = PHASE_KNOWN;
    r->process = (struct process_id) {0};
    assert_int_equal(statedir_save(r, NULL), 0);
    record_free(r);
    turn();
    assert_int_equal(answer_at(fd).kind, ANSWER_LOOK);
    close(fd);
    turn();
    assert_int_equal(visit().kind, ANSWER_LOOK);
}

/* Whether it is well is for its scripts to say: each wait ends with a look, none with "well". */
static void whose_monitors_look_deeper_are_never_told_that_all_is_well(void **state)
{
    int fd;

    (void) state;
    parameter = "OCF_RESKEY_monitor_wait=1";
    another = "OCF_RESKEY_monitor_scripts=/bin/true";
    assert_int_equal(visit().kind, ANSWER_LOOK);
    for (int i = 0; i < 2; i++) {
        fd = come();
        assert_int_equal(answer_at(fd).kind, ANSWER_HELD);
        scratch_turn(1000 + TURN_MS);
        assert_int_equal(answer_at(fd).kind, ANSWER_LOOK);
        close(fd);
        turn();
    }
    fd = come();
    assert_int_equal(answer_at(fd).kind, ANSWER_HELD);
    tell_event(EVENT_PANICKED, "", "");
    assert_int_equal(answer_at(fd).code, 1);
    close(fd);
}

/* It may have gone on since, and only its pulse tells. */
static void who_stood_still_is_looked_at_again(void **state)
{
    (void) state;
    assert_int_equal(visit().kind, ANSWER_LOOK);
    assert_int_equal(visit().kind, ANSWER_DONE);
    record_note_incident(g->record, CAUSE_SILENT, CONDITION_HUNG, "silent", 1, clock_mono_us());
    judge_step(g, STEP_REPORTED);
    assert_int_equal(visit().kind, ANSWER_LOOK);
    assert_int_equal(visit().kind, ANSWER_LOOK);
    judge_step(g, STEP_RECOVERED);
    assert_int_equal(visit().kind, ANSWER_DONE);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, scratch_watch_teardown)
    static const struct CMUnitTest tests[] = {
        T(held_while_all_is_well), T(now_and_then_one_looks_itself),
        T(a_panic_is_answered_and_noted),
        T(who_was_let_run_is_well_again), T(a_watchdogs_pause_ends_with_a_resume),
        T(a_halt_counts_though_nothing_is_confirmed),
        T(a_panic_after_a_disk_error_is_another_halt),
        T(what_needs_qemu_or_a_proof_is_looked_at), T(a_cancelled_series_begins_anew),
        T(other_parameters_are_a_new_series), T(strangers_look_themselves),
        T(a_disk_error_is_told_with_its_time), T(degraded_within_a_grace_is_not_yet_reported),
        T(degraded_by_a_policy_without_a_grace_is_reported),
        T(a_hang_that_is_only_shown_is_reported_where_it_is),
        T(what_nobody_is_told_of_is_not_reported), T(stale_is_not_well),
        T(who_has_little_time_waits_for_half_of_it), T(a_late_libvirt_wakes_nobody),
        T(whose_wait_ends_while_libvirt_is_late_looks_itself),
        T(another_life_is_looked_at_first),
        T(whose_monitors_look_deeper_are_never_told_that_all_is_well),
        T(who_stood_still_is_looked_at_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
