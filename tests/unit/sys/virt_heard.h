/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A listener on libvirt's test driver, whose domains another connection changes, and what it has
 * told: for the tests of virt_known.c and virt_listen.c. What only QEMU and a daemon can do comes
 * from virt_mock.h (the scenarios have the real ones).
 */
#ifndef GVM_TESTS_SYS_VIRT_HEARD_H
#define GVM_TESTS_SYS_VIRT_HEARD_H

#include <qb/qbloop.h>

#include "sys/virt_internal.h"
#include "sys/virt_listen.h"

#define URI "test:///default"
#define XML(NAME, UUID, DEVICES)                                                                 \
    "<domain type='test'><name>" NAME "</name><uuid>" UUID "</uuid><memory>1024</memory>"        \
    "<os><type>hvm</type></os><devices>" DEVICES "</devices></domain>"
#define UUID "3f0e2c1a-0000-4000-8000-0000000000ab"
extern qb_loop_t *heard_loop;
extern struct virt_listener *listener;
extern struct virt *other; /* the connection that changes things */
extern char test_uuid[VIR_UUID_STRING_BUFLEN]; /* of the test driver's own domain, "test" */

/* What virt_listen_open is given: `data` has to be &heard_loop. */
void heard_tiding(const struct tiding *t, void *data);

/* The next thing that was told has to be this; `of`: a UUID, NULL: any. */
const struct tiding *next(enum tiding_kind kind, const char *of);
void next_state(const char *of, int state, int reason);
void next_event(const char *of, enum tiding_event event, const char *word, const char *text);
void no_more(void);

/* Some turns of the loop: for all that is due. */
void turn(void);

/* Domains by the other connection; the caller frees them. */
struct domain *find(const char *name);
struct domain *create(const char *xml);

/* What was registered for the event is called, as by a driver. */
void lifecycle(virDomainPtr dom, int event, int detail);

int heard_setup_group(void **state);
int heard_teardown_group(void **state);
/* A new world for each test: its listener has told of "test", which runs. */
int heard_setup(void **state);
int heard_teardown(void **state);

#endif
