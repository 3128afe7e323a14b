/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was told of each domain, held against what libvirt says.
 *
 * Only calls of libvirt's priority lane (virDomainGetState, virConnectListAllDomains): the
 * ordinary lane has 20 workers, and each call that waits for a hanging QEMU keeps one of
 * them, whoever made it and whether or not he still waits. virConnectGetAllDomainStats, which
 * would tell all states at once, is in the ordinary lane. Two lists, the running and the
 * others, tell nearly as much.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "sys/virt_known.h"
#include "sys/virt_loop.h"

enum {
    PATIENCE = 250,     /* questions asked again, all domains together */
    AGAIN_MS = 2,
    ANY_REASON = -1
};

struct answer {
    bool active;
    int state, reason;
};

static struct known_domain *add(struct known *k, virDomainPtr dom)
{
    struct known_domain *d = mem_zero(1, sizeof *d);

    d->domain = virt_domain_take(dom);
    *(struct known_domain **) array_add(&k->list, &k->count, sizeof(struct known_domain *)) = d;
    return d;
}

static void forget(struct known_domain *d)
{
    virt_domain_free(d->domain);
    free(d);
}

static struct known_domain *find(const struct known *k, virDomainPtr dom)
{
    char uuid[VIR_UUID_STRING_BUFLEN];

    virt_library()->virDomainGetUUIDString(dom, uuid);
    for (size_t i = 0; i < k->count; i++) {
        if (str_eq(virt_domain_uuid(k->list[i]->domain), uuid)) {
            return k->list[i];
        }
    }
    return NULL;
}

struct known_domain *known_of(struct known *k, virDomainPtr dom)
{
    struct known_domain *d = find(k, dom);

    if (!d) {
        virt_library()->virDomainRef(dom);
        d = add(k, dom);
    }
    return d;
}

static int active_state(struct known_domain *d, struct answer *ret, struct err *why)
{
    struct answer a = {.active = true};
    int rc = virt_state(d->domain, &a.state, &a.reason, why);

    if (rc == -ENOENT || (rc == 0 && a.state == VIR_DOMAIN_SHUTOFF)) {
        *ret = (struct answer){.active = false};
        return 0;
    }
    *ret = a;
    return rc;
}

static bool has_ended(const struct known_domain *d)
{
    return d->heard & (1U << EVENT_STOPPED);
}

static bool nothing_new(const struct known_domain *d, const struct answer *now)
{
    /* ended: what is active by now is another run of it */
    return d->told == now->active && (!now->active || (d->state == now->state &&
           d->reason == now->reason && !has_ended(d)));
}

static enum tiding_event herald_of(const struct answer *now)
{
    static const struct {
        int state, reason;
        enum tiding_event event;
    } heralds[] = {
        {VIR_DOMAIN_CRASHED, VIR_DOMAIN_CRASHED_PANICKED, EVENT_PANICKED},
        {VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_WATCHDOG, EVENT_WATCHDOG},
        {VIR_DOMAIN_PAUSED, VIR_DOMAIN_PAUSED_IOERROR, EVENT_IO_ERROR},
        {VIR_DOMAIN_SHUTDOWN, ANY_REASON, EVENT_SHUTDOWN},
    };

    if (!now->active) {
        return EVENT_STOPPED;
    }
    for (size_t i = 0; i < sizeof heralds / sizeof heralds[0]; i++) {
        if (heralds[i].state == now->state &&
            (heralds[i].reason == now->reason || heralds[i].reason == ANY_REASON)) {
            return heralds[i].event;
        }
    }
    return EVENT_NONE;
}

/* Of a domain that was never told of, no event is missed. */
static bool is_owed(const struct known_domain *d, const struct answer *now)
{
    enum tiding_event herald = herald_of(now);

    return d->told && herald != EVENT_NONE && !(d->heard & (1U << herald));
}

/*
 * The state of a domain, after the events that led to it have been handed out. libvirt shows
 * a state up to some milliseconds before it sends the event, after destroying a guest for
 * one. Each question takes in what has come in the meantime. An event that never comes (a
 * newer libvirt may send none) costs half a second, in which other domains' events are told
 * all the same.
 */
static int settle(struct known *k, struct known_domain *d, struct answer *ret, struct err *why)
{
    for (;;) {
        d->ask = false;
        int rc = active_state(d, ret, why);

        if (rc < 0) {
            d->ask = true;
            return rc;
        }
        if (nothing_new(d, ret)) {
            return 0;
        }
        virt_loop_hand_out();
        if (k->patience == 0 || (!d->ask && !is_owed(d, ret))) {
            return 0;
        }
        k->patience--;
        if (!d->ask) {
            clock_pause_ms(AGAIN_MS, deadline_in_ms(AGAIN_MS));
        }
    }
}

static void tell(const struct known *k, enum tiding_kind kind, const struct known_domain *d)
{
    struct tiding t = {.kind = kind, .state = d->state, .reason = d->reason};

    memcpy(t.uuid, virt_domain_uuid(d->domain), VIR_UUID_STRING_BUFLEN);
    k->tell(&t, k->data);
}

static int ask(struct known *k, struct known_domain *d, struct err *why)
{
    struct answer now;
    int rc = settle(k, d, &now, why);

    if (rc < 0 || nothing_new(d, &now)) {
        return rc;
    }
    if (d->told && (has_ended(d) || !now.active)) {
        tell(k, TIDING_GONE, d);
        d->told = false;
        d->alias[0] = '\0';
    }
    d->heard = 0;
    if (now.active) {
        d->told = true;
        d->state = now.state;
        d->reason = now.reason;
        tell(k, TIDING_STATE, d);
    }
    return 0;
}

static void forget_untold(struct known *k)
{
    size_t kept = 0;

    for (size_t i = 0; i < k->count; i++) {
        if (k->list[i]->told || k->list[i]->ask) {
            k->list[kept++] = k->list[i];
        } else {
            forget(k->list[i]);
        }
    }
    k->count = kept;
}

int known_ask(struct known *k, struct err *why)
{
    int rc = 0;

    k->patience = PATIENCE;
    /* The list may grow meanwhile, by events that are handed out. */
    for (size_t i = 0; rc == 0 && i < k->count; i++) {
        if (k->list[i]->ask) {
            rc = ask(k, k->list[i], why);
        }
    }
    forget_untold(k);
    return rc;
}

/* Marks those of one list as seen, and for asking unless they are known to run and do. */
static int look(struct known *k, unsigned flags, bool running, struct err *why)
{
    virDomainPtr *doms = NULL;
    int count = virt_library()->virConnectListAllDomains(k->virt->conn, &doms, flags);

    if (count < 0) {
        return virt_fail(why, "virConnectListAllDomains", "active");
    }
    for (int i = 0; i < count; i++) {
        struct known_domain *d = known_of(k, doms[i]);

        virt_library()->virDomainFree(doms[i]);
        d->seen = true;
        d->ask |= !running || !d->told || d->state != VIR_DOMAIN_RUNNING;
    }
    free(doms);
    return 0;
}

int known_sweep(struct known *k, struct err *why)
{
    int rc;

    for (size_t i = 0; i < k->count; i++) {
        k->list[i]->seen = false;
    }
    rc = look(k, VIR_CONNECT_LIST_DOMAINS_ACTIVE | VIR_CONNECT_LIST_DOMAINS_RUNNING, true, why);
    if (rc == 0) {
        rc = look(k, VIR_CONNECT_LIST_DOMAINS_ACTIVE | VIR_CONNECT_LIST_DOMAINS_PAUSED |
                  VIR_CONNECT_LIST_DOMAINS_OTHER, false, why);
    }
    for (size_t i = 0; rc == 0 && i < k->count; i++) {
        k->list[i]->ask |= !k->list[i]->seen;
    }
    return rc < 0 ? rc : known_ask(k, why);
}

void known_free(struct known *k)
{
    for (size_t i = 0; i < k->count; i++) {
        forget(k->list[i]);
    }
    free(k->list);
    k->list = NULL;
    k->count = 0;
}
