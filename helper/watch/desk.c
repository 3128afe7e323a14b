/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The desk: recurring monitors come, are held while there is nothing to tell, and get their
 * answers. Owns who may be held and until when; what is true of a guest is judge.c's.
 */
#include "watch/watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <crm/common/results.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "model/incident.h"
#include "sys/statedir.h"
#include "sys/watchsock.h"

enum {
    US_PER_MS = 1000, MS_PER_S = 1000,
    /* The wait while a guest is not well: what its monitor says has to stay near the truth. */
    UNWELL_WAIT_MS = 5000,
    /* What no event tells, such as vCPUs that were plugged in, is found by a monitor that looks
     * itself: one so often does. */
    LOOK_EVERY_S = 5 * 60,
    /* Of its time-out, for the wait of a monitor that runs scripts or asks the agent then. */
    LOOKS_PERCENT = 25
};

/* A monitor at the desk, from its request to the end of its process. */
struct visitor {
    struct watch *watch;
    struct watched *guest;  /* NULL: none that we follow, or not asked yet */
    int fd;
    bool held;
    bool answered;
    struct timer limit;
};

static void leave(struct visitor *v)
{
    struct watch *w = v->watch;
    struct watched *g = v->guest;

    for (size_t i = 0; i < w->visitor_count; i++) {
        if (w->visitor[i] == v) {
            w->visitor[i] = w->visitor[--w->visitor_count];
            break;
        }
    }
    if (g && g->visitor == v) {
        g->visitor = NULL;
        if (v->answered) {
            series_answered(&g->series, clock_mono_us() / US_PER_MS);
        }
    }
    timer_clear(&v->limit);
    qb_loop_poll_del(w->loop, v->fd);
    watchsock_close(v->fd);
    free(v);
}

static int say(struct visitor *v, const struct answer *a)
{
    char text[WAITING_ANSWER_SIZE];
    size_t size = waiting_answer(a, text, sizeof text);

    return watchsock_send(v->fd, text, size);
}

/* The monitor's own end tells the rest: it is left then. */
static void answer(struct visitor *v, const struct answer *given)
{
    static const struct answer look = {.kind = ANSWER_LOOK};
    struct watched *g = v->guest;
    const struct answer *a = g && judge_needs_look(g, given) ? &look : given;

    timer_clear(&v->limit);
    v->held = false;
    v->answered = true;
    /* Noted first: Pacemaker's stop comes at once, and has the record's last word then. */
    if (g && a->kind == ANSWER_DONE) {
        judge_told(g, a->code);
    }
    if (g && a->kind == ANSWER_LOOK) {
        g->looked_us = clock_mono_us();
    }
    if (say(v, a) == 0 && g) {
        g->met = g->record->process;
        g->told = a->kind == ANSWER_DONE ? a->code : TOLD_NOTHING;
    }
}

static void limit_over(void *data)
{
    struct visitor *v = data;
    struct answer a;

    judge_answer(v->guest, &a);
    answer(v, &a);
}

/*
 * Nothing happened but that libvirt is late. All monitors looking themselves at once would make it
 * later: each goes on waiting, and looks when its wait is over.
 */
static bool is_only_late(const struct watched *g)
{
    return g->ear && ear_is_late(g->ear) && g->pidfd >= 0 && !g->ended &&
           !incident_is_open(&g->record->incident);
}

/* What a monitor need not be woken for: what the last one told already, unless it is a failure.
 * What one that looked itself told is not known: the next one is answered at once. */
static bool may_go_on(const struct watched *g, const struct answer *a)
{
    return is_only_late(g) || (a->code == PCMK_OCF_OK && judge_needs_look(g, a)) ||
           (a->kind == ANSWER_DONE && a->code == g->told && a->code != PCMK_OCF_UNKNOWN_ERROR);
}

void desk_serve(struct watched *g)
{
    struct answer a;

    if (!desk_is_waiting(g) || ends_are_awaited(g)) {
        return;
    }
    judge_answer(g, &a);
    if (!may_go_on(g, &a)) {
        answer(g->visitor, &a);
    }
}

bool desk_is_waiting(const struct watched *g)
{
    return g->visitor && g->visitor->held;
}

void desk_forget(struct watched *g)
{
    if (g->visitor) {
        struct answer look = {.kind = ANSWER_LOOK};
        struct visitor *v = g->visitor;

        if (v->held) {
            answer(v, &look);
        }
        v->guest = NULL;
        g->visitor = NULL;
    }
}

static int64_t number(const struct request *r, const char *name)
{
    int64_t value = 0;

    return str_to_int64(waiting_value(name, (void *) r), 0, INT64_MAX / 1000, &value) ? value : 0;
}

static bool take_policy(struct watched *g, const struct request *r)
{
    struct params policy;
    struct err why = {0};

    if (params_parse(&policy, waiting_value, (void *) r, &why) < 0) {
        return false;
    }
    if (g->has_policy) {
        params_free(&g->policy);
    }
    g->policy = policy;
    g->has_policy = true;
    return true;
}

/* The guest whose monitor this is, if the watch knows as much of it as the monitor would. One at a
 * time: a second one is somebody's own, and its parameters are not the resource's. */
static struct watched *guest_of(struct watch *w, const struct request *r)
{
    struct watched *g = guest_by_resource(w, waiting_value("OCF_RESOURCE_INSTANCE", (void *) r));

    return g && guest_is_followed(g) && !desk_is_waiting(g) &&
           str_eq(waiting_value("OCF_RESKEY_config", (void *) r), g->record->config) &&
           take_policy(g, r) ? g : NULL;
}

static int64_t wait_ms(const struct watched *g, const struct request *r, const struct answer *a)
{
    int64_t ms = g->policy.monitor_wait_s * MS_PER_S;
    int percent = judge_looks_deeper(g) ? LOOKS_PERCENT : WAITING_PERCENT;
    int64_t part = number(r, "OCF_RESKEY_CRM_meta_timeout") * percent / 100;

    ms = ms < part ? ms : part;
    return a->code == PCMK_OCF_OK || ms < UNWELL_WAIT_MS ? ms : UNWELL_WAIT_MS;
}

static bool look_is_due(const struct watched *g)
{
    return clock_mono_us() - g->looked_us >= (int64_t) LOOK_EVERY_S * MS_PER_S * US_PER_MS;
}

static void receive_request(struct visitor *v, const struct request *r)
{
    struct answer a = {.kind = ANSWER_LOOK};
    struct answer held = {.kind = ANSWER_HELD};
    struct watched *g = guest_of(v->watch, r);
    bool goes_on;

    if (!g) {
        answer(v, &a);
        return;
    }
    desk_forget(g); /* one that was answered and whose child hangs on to its connection */
    v->guest = g;
    g->visitor = v;
    goes_on = series_comes(&g->series, number(r, "OCF_RESKEY_CRM_meta_interval"),
                           str_digest(r->text, r->size), clock_mono_us() / US_PER_MS) &&
              process_same(&g->met, &g->record->process) && !look_is_due(g);
    /* The first of a series looks itself: Pacemaker waits for it, and it looks deeper. */
    if (goes_on) {
        judge_answer(g, &a);
    }
    if (!goes_on || !may_go_on(g, &a) || wait_ms(g, r, &a) == 0) {
        answer(v, &a);
        return;
    }
    v->held = true;
    timer_set(&v->limit, wait_ms(g, r, &a));
    if (say(v, &held) == 0) {
        mend_storage(g); /* what waits for a monitor to be there */
    }
}

static int32_t heard(int32_t fd, int32_t events, void *data)
{
    static char text[WAITING_REQUEST_SIZE + 1];
    struct visitor *v = data;
    struct answer held = {.kind = ANSWER_HELD};
    struct answer look = {.kind = ANSWER_LOOK};
    struct request r;
    int size = watchsock_receive(fd, text, sizeof text, deadline_in_ms(0));

    (void) events;
    if (size == -ETIMEDOUT) {
        return 0;
    }
    if (size <= 0) {
        leave(v);
        return -1; /* libqb drops the descriptor that leave() has dropped: nothing to it */
    }
    if (v->held && str_eq(text, WAITING_PING)) {
        say(v, &held);
    } else if (v->answered || v->held) {
        return 0;
    } else if (waiting_parse(PACKAGE_VERSION, text, (size_t) size, &r)) {
        receive_request(v, &r);
    } else {
        /* Another version was installed: its monitors bring their own watch. */
        log_notice("a monitor of another version came: this watch makes room");
        answer(v, &look);
        qb_loop_stop(v->watch->loop);
    }
    return 0;
}

static int32_t knocked(int32_t door, int32_t events, void *data)
{
    struct watch *w = data;
    struct visitor *v;
    int fd = -1;
    int rc;

    (void) events;
    while ((rc = watchsock_accept(door, &fd)) == 0) {
        v = mem_zero(1, sizeof *v);
        *v = (struct visitor) {.watch = w, .fd = fd};
        timer_init(&v->limit, w->loop, limit_over, v);
        *(struct visitor **) array_add(&w->visitor, &w->visitor_count, sizeof v) = v;
        if (qb_loop_poll_add(w->loop, QB_LOOP_HIGH, fd, POLLIN, v, heard) < 0) {
            leave(v);
        }
    }
    if (rc != -EAGAIN && rc != -EPERM) {
        log_warning("a monitor cannot be let in: %s", strerror(-rc));
    }
    return 0;
}

int desk_open(struct watch *w, struct err *why)
{
    int rc = watchsock_listen(&w->door, why);

    if (rc == 0) {
        rc = qb_loop_poll_add(w->loop, QB_LOOP_HIGH, w->door, POLLIN, w, knocked);
    }
    return rc;
}
