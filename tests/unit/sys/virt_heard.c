/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The listener of a test and what it told.
 */
#include "own_process.h"

#include <qb/qbdefs.h>

#include "sys/virt_loop.h"
#include "virt_heard.h"
#include "virt_mock.h"

qb_loop_t *heard_loop;
struct virt_listener *listener;
struct virt *other;
char test_uuid[VIR_UUID_STRING_BUFLEN];

/* Those not looked at begin at `seen`. */
static struct tiding heard[600];
static size_t told, seen;

void heard_tiding(const struct tiding *t, void *data)
{
    assert_ptr_equal(data, &heard_loop);
    assert_true(told < sizeof heard / sizeof heard[0]);
    heard[told++] = *t;
}

const struct tiding *next(enum tiding_kind kind, const char *of)
{
    static const struct tiding nothing;

    if (seen == told) {
        fail_msg("nothing more was told, not even %d", kind);
        return &nothing;
    }
    assert_int_equal(heard[seen].kind, kind);
    if (of) {
        assert_string_equal(heard[seen].uuid, of);
    }
    return &heard[seen++];
}

void next_state(const char *of, int state, int reason)
{
    const struct tiding *t = next(TIDING_STATE, of);

    assert_int_equal(t->state, state);
    assert_int_equal(t->reason, reason);
}

void next_event(const char *of, enum tiding_event event, const char *word, const char *text)
{
    const struct tiding *t = next(TIDING_EVENT, of);

    assert_int_equal(t->event, event);
    assert_string_equal(t->word, word);
    assert_string_equal(t->text, text);
}

void no_more(void)
{
    if (seen != told) {
        fail_msg("told more: kind %d, event %d", heard[seen].kind, heard[seen].event);
    }
}

static void on_end(void *data)
{
    (void) data;
    qb_loop_stop(heard_loop);
}

void turn(void)
{
    qb_loop_timer_handle end;

    qb_loop_timer_add(heard_loop, QB_LOOP_LOW, 5 * QB_TIME_NS_IN_MSEC, NULL, on_end, &end);
    qb_loop_run(heard_loop);
}

struct domain *find(const char *name)
{
    struct domain *d = NULL;

    assert_int_equal(virt_find(other, NULL, name, &d, NULL), 0);
    return d;
}

struct domain *create(const char *xml)
{
    virDomainPtr dom = virt_library()->virDomainCreateXML(other->conn, xml, 0);

    assert_non_null(dom);
    return virt_domain_take(dom);
}

int heard_setup(void **state)
{
    struct domain *d;

    (void) state;
    if (virt_open(URI, deadline_in_ms(5000), &other, NULL) < 0) {
        return -1;
    }
    d = find("test");
    snprintf(test_uuid, sizeof test_uuid, "%s", virt_domain_uuid(d));
    virt_domain_free(d);
    mock_reset();
    told = seen = 0;
    assert_int_equal(virt_listen_open(heard_loop, URI, heard_tiding, &heard_loop, &listener, NULL),
                     0);
    next(TIDING_OPENED, NULL);
    next_state(test_uuid, VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNKNOWN);
    next(TIDING_CONFIRMED, NULL);
    no_more();
    return 0;
}

/* The last connection takes the test driver's default world with it: the next has a new one. */
int heard_teardown(void **state)
{
    (void) state;
    mock_reset();
    virt_listen_close(listener);
    listener = NULL;
    assert_int_equal(mock.registered, 0);
    virt_close(other);
    turn();
    return 0;
}

void lifecycle(virDomainPtr dom, int event, int detail)
{
    ((virConnectDomainEventCallback) (void (*)(void)) mock.event[VIR_DOMAIN_EVENT_ID_LIFECYCLE])(
        NULL, dom, event, detail, mock.data);
}

int heard_setup_group(void **state)
{
    (void) state;
    heard_loop = qb_loop_create();
    return virt_loop_register(heard_loop, NULL);
}

int heard_teardown_group(void **state)
{
    (void) state;
    qb_loop_destroy(heard_loop);
    return 0;
}
