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

enum { MOST_ASKS = 4 };

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

static bool same(const struct answer *a, const struct answer *b)
{
    return a->active == b->active &&
           (!a->active || (a->state == b->state && a->reason == b->reason));
}

static bool nothing_new(const struct known_domain *d, const struct answer *now)
{
    struct answer told = {.active = d->told, .state = d->state, .reason = d->reason};

    return !d->ended && same(now, &told);
}

/*
 * The state of a domain after the events that led to it have been handed out. libvirt sets a
 * state a moment before it sends the event: what differs is asked again until it stays, and
 * by then the event has come.
 */
static int settle(struct known_domain *d, struct answer *ret, struct err *why)
{
    struct answer before = {.active = d->told, .state = d->state, .reason = d->reason};
    int rc;

    for (int asks = 0; asks < MOST_ASKS; asks++) {
        d->ask = false;
        rc = active_state(d, ret, why);
        if (rc < 0) {
            d->ask = true;
            return rc;
        }
        if (nothing_new(d, ret)) {
            return 0;
        }
        virt_loop_hand_out();
        /* of an untold one no event is owed */
        if (!d->ask && (!d->told || (asks > 0 && same(ret, &before)))) {
            return 0;
        }
        before = *ret;
    }
    return 0; /* it changes as fast as it is asked: this was so just now, and an event follows */
}

static void tell(const struct known *k, enum tiding_kind kind, const struct known_domain *d)
{
    struct tiding t = {.kind = kind, .state = d->state, .reason = d->reason};

    memcpy(t.uuid, virt_domain_uuid(d->domain), VIR_UUID_STRING_BUFLEN);
    k->tell(&t, k->data);
}

static int ask(const struct known *k, struct known_domain *d, struct err *why)
{
    struct answer now;
    int rc = settle(d, &now, why);

    if (rc < 0 || nothing_new(d, &now)) {
        return rc;
    }
    if (d->told && (d->ended || !now.active)) {
        tell(k, TIDING_GONE, d);
        d->told = false;
        d->alias[0] = '\0';
    }
    d->ended = false;
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
