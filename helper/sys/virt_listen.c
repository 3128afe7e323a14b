/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The listener's connection: what it registers for, and what it makes of what it hears. The
 * states are virt_known.c's, the tables model/virtevents.c's.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/str.h"
#include "model/domxml.h"
#include "model/virtevents.h"
#include "sys/virt_known.h"

enum {
    /* A dead daemon is noticed after at most KEEPALIVE_S * (KEEPALIVE_COUNT + 1). */
    KEEPALIVE_S = 2,
    KEEPALIVE_COUNT = 2,
    /* A guest that is told of its I/O errors may have thousands a second. */
    IO_REPORT_EVERY_MS = 1000
};

#define CALL(function) ((virConnectDomainEventGenericCallback) (void (*)(void)) (function))

enum { EVENT_KINDS = 4 };

struct virt_listener {
    struct virt *virt;
    char *uri;
    qb_loop_t *loop;
    struct known known;
    int callbacks[EVENT_KINDS]; /* their ids; -1: not registered */
    int powerdown;
    qb_loop_timer_handle asking; /* 0: nothing is to be asked */
    bool closed;
};

static void tell(struct virt_listener *l, const struct tiding *t)
{
    if (!l->closed) {
        l->known.tell(t, l->known.data);
    }
}

static void tell_event(struct virt_listener *l, struct known_domain *d, enum tiding_event event,
                       const char *word, const char *text)
{
    struct tiding t = {.kind = TIDING_EVENT, .event = event};

    d->heard |= 1U << event;
    snprintf(t.uuid, sizeof t.uuid, "%s", virt_domain_uuid(d->domain));
    snprintf(t.word, sizeof t.word, "%s", word);
    snprintf(t.text, sizeof t.text, "%s", text);
    tell(l, &t);
}

static void tell_closed(struct virt_listener *l, const char *text)
{
    struct tiding t = {.kind = TIDING_CLOSED};

    snprintf(t.text, sizeof t.text, "%s", text);
    tell(l, &t);
    l->closed = true;
}

static void on_ask(void *data)
{
    struct virt_listener *l = data;
    struct err why = {0};

    l->asking = 0;
    /* Where it fails it is asked again by the next sweep, which then says what is wrong. */
    if (!l->closed) {
        known_ask(&l->known, &why);
    }
}

/* In a turn of its own: first all events that are there, then the states. */
static void ask_soon(struct virt_listener *l, struct known_domain *d)
{
    d->ask = true;
    if (!l->asking) {
        qb_loop_timer_add(l->loop, QB_LOOP_MED, 0, l, on_ask, &l->asking);
    }
}

static int on_lifecycle(virConnectPtr conn, virDomainPtr dom, int event, int detail, void *data)
{
    struct virt_listener *l = data;
    const struct lifecycle_row *row = lifecycle_row_of(event, detail);
    struct known_domain *d = known_of(&l->known, dom);

    (void) conn;
    if (row->tells != EVENT_NONE) {
        tell_event(l, d, row->tells, row->word, "");
    }
    ask_soon(l, d);
    return 0;
}

static void on_reboot(virConnectPtr conn, virDomainPtr dom, void *data)
{
    struct virt_listener *l = data;

    (void) conn;
    tell_event(l, known_of(&l->known, dom), EVENT_REBOOTED, "", "");
}

static void on_watchdog(virConnectPtr conn, virDomainPtr dom, int action, void *data)
{
    struct virt_listener *l = data;

    (void) conn;
    tell_event(l, known_of(&l->known, dom), EVENT_WATCHDOG, watchdog_action_word(action), "");
}

static void on_powerdown(virConnectPtr conn, virDomainPtr dom, const char *event,
                         long long seconds, unsigned micros, const char *details, void *data)
{
    struct virt_listener *l = data;

    (void) conn;
    (void) event;
    (void) seconds;
    (void) micros;
    (void) details;
    tell_event(l, known_of(&l->known, dom), EVENT_POWERDOWN, "", "");
}

/* Puts the disk's target into the entry; its alias where nobody tells. */
static void find_disk(struct known_domain *d, const char *alias)
{
    _cleanup_domxml_ struct domxml *xml = NULL;
    _cleanup_free_ char *text = NULL;
    struct err why = {0};

    snprintf(d->alias, sizeof d->alias, "%s", alias);
    snprintf(d->target, sizeof d->target, "%s", alias);
    /* Not in the priority lane: once for a disk, not for each of its errors. */
    if (virt_xml(d->domain, &text, &why) < 0 ||
        domxml_parse(text, strlen(text), &xml, &why) < 0) {
        return;
    }
    for (size_t i = 0; i < xml->disk_count; i++) {
        if (str_eq(xml->disk[i].alias, alias) && xml->disk[i].target) {
            snprintf(d->target, sizeof d->target, "%s", xml->disk[i].target);
        }
    }
}

static void on_io_error(virConnectPtr conn, virDomainPtr dom, const char *path, const char *alias,
                        int action, const char *cause, void *data)
{
    struct virt_listener *l = data;
    struct known_domain *d = known_of(&l->known, dom);
    const char *disk = alias && *alias ? alias : path;
    char text[TIDING_TEXT_SIZE];

    (void) conn;
    if (action != VIR_DOMAIN_EVENT_IO_ERROR_PAUSE && d->io_error_us &&
        clock_mono_us() - d->io_error_us < IO_REPORT_EVERY_MS * 1000) {
        return;
    }
    d->io_error_us = clock_mono_us();
    if (disk && strncmp(d->alias, disk, sizeof d->alias - 1) != 0) {
        find_disk(d, disk);
    }
    io_error_text(text, sizeof text, disk ? d->target : "", cause);
    tell_event(l, d, EVENT_IO_ERROR, io_error_action_word(action), text);
}

static void on_close(virConnectPtr conn, int reason, void *data)
{
    struct virt_listener *l = data;
    _cleanup_free_ char *text = str_printf("the connection to libvirt at '%s' ended: %s", l->uri,
                                           close_reason_word(reason));

    (void) conn;
    tell_closed(l, text);
}

static const struct {
    int id;
    virConnectDomainEventGenericCallback call;
} events[EVENT_KINDS] = {
    {VIR_DOMAIN_EVENT_ID_LIFECYCLE, CALL(on_lifecycle)},
    {VIR_DOMAIN_EVENT_ID_REBOOT, CALL(on_reboot)},
    {VIR_DOMAIN_EVENT_ID_WATCHDOG, CALL(on_watchdog)},
    {VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON, CALL(on_io_error)},
};

static int subscribe(struct virt_listener *l, struct err *why)
{
    virConnectPtr conn = l->virt->conn;

    for (int i = 0; i < EVENT_KINDS; i++) {
        l->callbacks[i] = virt_library()->virConnectDomainEventRegisterAny(
            conn, NULL, events[i].id, events[i].call, l, NULL);
        if (l->callbacks[i] < 0) {
            return virt_fail(why, "virConnectDomainEventRegisterAny", l->uri);
        }
    }
    /* What only some drivers or daemons have, and no more than useful. */
    l->powerdown = virt_library()->virConnectDomainQemuMonitorEventRegister(
        conn, NULL, "POWERDOWN", on_powerdown, l, NULL, 0);
    virt_library()->virConnectRegisterCloseCallback(conn, on_close, l, NULL);
    virt_library()->virConnectSetKeepAlive(conn, KEEPALIVE_S, KEEPALIVE_COUNT);
    return 0;
}

static void unsubscribe(struct virt_listener *l)
{
    virConnectPtr conn = l->virt->conn;

    /* Each registration holds the connection open, a lost one too. */
    for (int i = 0; i < EVENT_KINDS; i++) {
        if (l->callbacks[i] >= 0) {
            virt_library()->virConnectDomainEventDeregisterAny(conn, l->callbacks[i]);
        }
    }
    if (l->powerdown >= 0) {
        virt_library()->virConnectDomainQemuMonitorEventDeregister(conn, l->powerdown);
    }
    virt_library()->virConnectUnregisterCloseCallback(conn, on_close);
}

void virt_listen_close(struct virt_listener *l)
{
    if (!l) {
        return;
    }
    l->closed = true; /* whatever is still handed out */
    if (l->virt) {
        unsubscribe(l);
    }
    if (l->asking) {
        qb_loop_timer_del(l->loop, l->asking);
    }
    known_free(&l->known);
    virt_close(l->virt);
    free(l->uri);
    free(l);
}

void virt_listen_sweep(struct virt_listener *l)
{
    struct tiding confirmed = {.kind = TIDING_CONFIRMED};
    struct err why = {0};

    if (l->closed) {
        return;
    }
    if (known_sweep(&l->known, &why) < 0) {
        tell_closed(l, why.text);
    } else {
        tell(l, &confirmed);
    }
}

int virt_listen_open(qb_loop_t *loop, const char *uri, virt_tell tell_fn, void *data,
                     struct virt_listener **ret, struct err *why)
{
    struct tiding opened = {.kind = TIDING_OPENED};
    struct virt_listener *l = mem_zero(1, sizeof *l);
    int rc;

    l->loop = loop;
    l->uri = str_dup(uri);
    l->powerdown = -1;
    for (int i = 0; i < EVENT_KINDS; i++) {
        l->callbacks[i] = -1;
    }
    rc = virt_open(uri, deadline_in_ms(0), &l->virt, why);
    l->known = (struct known){.virt = l->virt, .tell = tell_fn, .data = data};
    if (rc == 0) {
        rc = subscribe(l, why);
    }
    if (rc < 0) {
        virt_listen_close(l);
        return rc;
    }
    tell(l, &opened);
    virt_listen_sweep(l);
    *ret = l;
    return 0;
}
