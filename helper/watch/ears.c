/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ears: one listener process (listen.c) for each libvirt connection, and what it told
 * last. A listener that says nothing any more is ended and replaced; what it told is then not
 * fresh, and nobody is told that all is well.
 */
#include "watch/watch.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "sys/stream.h"

enum { US_PER_MS = 1000, RESTART_MS = 1000 };

struct domain_state {
    char uuid[TIDING_UUID_SIZE];
    int state;
    int reason;
    bool told; /* since the connection was opened */
};

int64_t ear_age_ms(const struct ear *ear)
{
    return (clock_mono_us() - ear->confirmed_us) / US_PER_MS;
}

bool ear_is_fresh(const struct ear *ear)
{
    return ear->confirmed_us != 0 && ear_age_ms(ear) <= WAITING_FRESH_MS;
}

bool ear_is_late(const struct ear *ear)
{
    return ear->open && ear->confirmed_us != 0 && !ear_is_fresh(ear);
}

static struct domain_state *find(const struct ear *ear, const char *uuid)
{
    for (size_t i = 0; i < ear->domain_count; i++) {
        if (str_eq(ear->domain[i].uuid, uuid)) {
            return &ear->domain[i];
        }
    }
    return NULL;
}

bool ear_knows(const struct ear *ear, const char *uuid, int *ret_state, int *ret_reason)
{
    const struct domain_state *d = uuid ? find(ear, uuid) : NULL;

    if (d) {
        *ret_state = d->state;
        *ret_reason = d->reason;
    }
    return d != NULL;
}

static void remember(struct ear *ear, const struct tiding *t)
{
    struct domain_state *d = find(ear, t->uuid);

    if (t->kind == TIDING_GONE) {
        if (d) {
            *d = ear->domain[--ear->domain_count];
        }
        return;
    }
    if (!d) {
        d = array_add(&ear->domain, &ear->domain_count, sizeof *d);
        memcpy(d->uuid, t->uuid, sizeof d->uuid);
    }
    d->state = t->state;
    d->reason = t->reason;
    d->told = true;
}

static void each_guest(struct ear *ear, void (*visit)(struct watched *g))
{
    for (size_t i = 0; i < ear->watch->guest_count; i++) {
        if (ear->watch->guest[i]->ear == ear) {
            visit(ear->watch->guest[i]);
        }
    }
}

static void of_domain(struct ear *ear, const struct tiding *t)
{
    struct watched *g = guest_by_uuid(ear->watch, ear, t->uuid);

    if (!g) {
        /* Its record may just have been written. */
        guests_catch_up(ear->watch);
        g = guest_by_uuid(ear->watch, ear, t->uuid);
    }
    if (t->kind != TIDING_EVENT) {
        remember(ear, t);
    }
    if (g) {
        events_tiding(g, t);
    }
}

/* What was before the gap says nothing of what is after it. */
static void forget_state(struct watched *g)
{
    g->known = false;
    g->runstate = RUNSTATE_UNKNOWN;
}

static void on_opened(struct ear *ear)
{
    ear->open = true;
    each_guest(ear, forget_state);
    for (size_t i = 0; i < ear->domain_count; i++) {
        ear->domain[i].told = false;
    }
}

/* What ended while nobody listened is in no line: it was not told again. */
static void drop_untold(struct ear *ear)
{
    for (size_t i = ear->domain_count; i-- > 0;) {
        if (!ear->domain[i].told) {
            struct tiding gone = {.kind = TIDING_GONE};

            memcpy(gone.uuid, ear->domain[i].uuid, sizeof gone.uuid);
            of_domain(ear, &gone);
        }
    }
}

static void on_confirmed(struct ear *ear)
{
    bool was_fresh = ear_is_fresh(ear);

    drop_untold(ear);
    ear->confirmed_us = clock_mono_us();
    timer_set(&ear->stale, WAITING_FRESH_MS + 1);
    if (!was_fresh) {
        each_guest(ear, judge_again);
    }
}

static void on_tiding(struct ear *ear, const struct tiding *t)
{
    ear->heard_us = clock_mono_us();
    switch (t->kind) {
    case TIDING_OPENED:
        on_opened(ear);
        break;
    case TIDING_CONFIRMED:
        on_confirmed(ear);
        break;
    case TIDING_STATE:
    case TIDING_GONE:
    case TIDING_EVENT:
        of_domain(ear, t);
        break;
    case TIDING_CLOSED:
        if (ear->open) {
            log_warning("libvirt at %s: %s", ear->uri, t->text);
        }
        ear->open = false;
        break;
    case TIDING_NONE:
    case TIDING_LAST:
        break;
    }
}

static void on_line(void *data, const char *line)
{
    struct ear *ear = data;
    struct tiding t;
    struct err why = {0};

    if (tiding_from_text(line, &t, &why) < 0) {
        log_warning("the listener at %s: %s", ear->uri, why.text);
    } else {
        on_tiding(ear, &t);
    }
}

static void end_listener(struct ear *ear)
{
    if (ear->listener) {
        qb_loop_poll_del(ear->watch->loop, stream_fd(ear->listener));
        stream_end(&ear->listener);
    }
    ear->used = 0;
    ear->open = false;
}

static int32_t heard(int32_t fd, int32_t events, void *data)
{
    struct ear *ear = data;
    int n = stream_read(ear->listener, ear->line + ear->used, sizeof ear->line - ear->used);

    (void) fd;
    (void) events;
    if (n > 0) {
        ear->used = str_take_lines(ear->line, ear->used + (size_t) n, on_line, ear);
    }
    if (n == 0 || ear->used == sizeof ear->line) {
        log_warning("the listener at %s has ended or does not make sense: another one in %d ms",
                    ear->uri, RESTART_MS);
        end_listener(ear);
        timer_set(&ear->restart, RESTART_MS);
    }
    return 0;
}

static void start_listener(void *data)
{
    struct ear *ear = data;
    char *const words[] = {(char *) GVM_HELPER, (char *) "listen", ear->uri, NULL};
    struct err why = {0};

    timer_clear(&ear->restart);
    if (ear->listener) {
        return;
    }
    if (stream_start(words, &ear->listener, &why) < 0) {
        log_warning("no listener at %s: %s", ear->uri, why.text);
        timer_set(&ear->restart, RESTART_MS);
        return;
    }
    qb_loop_poll_add(ear->watch->loop, QB_LOOP_HIGH, stream_fd(ear->listener), POLLIN, ear,
                     heard);
    timer_set(&ear->stale, WAITING_FRESH_MS + 1);
}

/*
 * A listener without a connection says so again and again; one that says nothing hangs in a call
 * of libvirt's, which a new one may not.
 */
static void went_stale(void *data)
{
    struct ear *ear = data;
    bool hangs = clock_mono_us() - ear->heard_us > (int64_t) WAITING_FRESH_MS * US_PER_MS;

    timer_set(&ear->stale, WAITING_FRESH_MS + 1);
    if (hangs) {
        log_warning("the listener at %s says nothing: another one", ear->uri);
        end_listener(ear);
        start_listener(ear);
    }
    each_guest(ear, judge_again);
}

struct ear *ear_of(struct watch *w, const char *uri)
{
    struct ear *ear;

    for (size_t i = 0; i < w->ear_count; i++) {
        if (str_eq(w->ear[i]->uri, uri)) {
            return w->ear[i];
        }
    }
    ear = mem_zero(1, sizeof *ear);
    ear->watch = w;
    ear->uri = str_dup(uri);
    timer_init(&ear->stale, w->loop, went_stale, ear);
    timer_init(&ear->restart, w->loop, start_listener, ear);
    *(struct ear **) array_add(&w->ear, &w->ear_count, sizeof ear) = ear;
    start_listener(ear);
    return ear;
}
