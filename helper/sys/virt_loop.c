/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virEventRegisterImpl on qb_loop. Where the two differ:
 *
 * - libvirt's timers are periodic, in ms; 0 is each turn, -1 is off. qb's fire once.
 * - qb knows a file descriptor once, libvirt may watch one several times: qb gets the union of
 *   what is wanted. One that wants nothing is taken out: epoll reports its hang-ups for ever.
 * - libvirt may remove anything in any callback, its own too, holding locks: what is removed and
 *   its data stay until a later turn frees them. Not by a qb job: jobs alone wait up to 50 ms.
 */
#include <stdlib.h>
#include <string.h>

#include <qb/qbdefs.h>

#include "base/str.h"
#include "sys/virt_internal.h"
#include "sys/virt_loop.h"

/* What handles and timers have in common. */
struct item {
    struct item *next;
    int id;
    bool removed;
    void *data;
    virFreeCallback free_data;
};

struct handle {
    struct item item;
    int fd;
    int wanted; /* VIR_EVENT_HANDLE_* */
    virEventHandleCallback call;
};

struct timer {
    struct item item;
    int interval_ms;
    qb_loop_timer_handle armed; /* 0: not */
    virEventTimeoutCallback call;
};

/* libvirt's interface has no argument for them: one loop in a process. */
static qb_loop_t *loop;
static struct item *handles, *timers;
static int last_id;
static bool reaping; /* a turn to free what is removed is on its way */

/* At the end, so that a walk meets what is added in its course last. */
static void item_add(struct item **list, struct item *item, void *data, virFreeCallback free_data)
{
    item->id = ++last_id;
    item->data = data;
    item->free_data = free_data;
    while (*list) {
        list = &(*list)->next;
    }
    *list = item;
}

static void *item_find(struct item *list, int id)
{
    while (list && (list->id != id || list->removed)) {
        list = list->next;
    }
    return list;
}

static void free_removed(struct item **list)
{
    while (*list) {
        struct item *item = *list;

        if (!item->removed) {
            list = &item->next;
            continue;
        }
        *list = item->next; /* first: what is freed may call back */
        if (item->free_data) {
            item->free_data(item->data);
        }
        free(item);
    }
}

static void reap(void *data)
{
    (void) data;
    reaping = false;
    free_removed(&handles);
    free_removed(&timers);
}

static void item_remove(struct item *item)
{
    qb_loop_timer_handle ignored;

    item->removed = true;
    if (!reaping) {
        reaping = qb_loop_timer_add(loop, QB_LOOP_MED, 0, NULL, reap, &ignored) == 0;
    }
}

static int poll_from_virt(int events)
{
    return (events & VIR_EVENT_HANDLE_READABLE ? POLLIN : 0) |
           (events & VIR_EVENT_HANDLE_WRITABLE ? POLLOUT : 0) |
           (events & VIR_EVENT_HANDLE_ERROR ? POLLERR : 0) |
           (events & VIR_EVENT_HANDLE_HANGUP ? POLLHUP : 0);
}

static int virt_from_poll(int events)
{
    return (events & POLLIN ? VIR_EVENT_HANDLE_READABLE : 0) |
           (events & POLLOUT ? VIR_EVENT_HANDLE_WRITABLE : 0) |
           (events & (POLLERR | POLLNVAL) ? VIR_EVENT_HANDLE_ERROR : 0) |
           (events & POLLHUP ? VIR_EVENT_HANDLE_HANGUP : 0);
}

static int wanted_of(int fd)
{
    int wanted = 0;

    for (struct item *i = handles; i; i = i->next) {
        const struct handle *h = (const struct handle *) i;

        wanted |= h->fd == fd && !i->removed ? h->wanted : 0;
    }
    return wanted;
}

static int32_t on_fd(int32_t fd, int32_t revents, void *data)
{
    /* One that was added in the course of this may watch another file by the same number. */
    int newest = last_id;

    (void) data;
    for (struct item *i = handles; i && i->id <= newest; i = i->next) {
        struct handle *h = (struct handle *) i;
        /* Errors come whether asked for or not, as poll(2) does it. */
        int events = virt_from_poll(revents) &
                     (h->wanted | VIR_EVENT_HANDLE_ERROR | VIR_EVENT_HANDLE_HANGUP);

        if (h->fd == fd && !i->removed && h->wanted && events) {
            h->call(i->id, fd, events, i->data);
        }
    }
    return 0;
}

/*
 * Tells qb what is wanted of fd, all handles taken together, and was `before`. Not found out by
 * trying: after an add that failed qb_loop_poll_mod finds the number and does nothing.
 */
static int refresh(int fd, int before)
{
    int now = wanted_of(fd);

    if (!now) {
        return before ? qb_loop_poll_del(loop, fd) : 0;
    }
    return (before ? qb_loop_poll_mod : qb_loop_poll_add)(loop, QB_LOOP_MED, fd,
                                                          poll_from_virt(now), NULL, on_fd);
}

static int handle_add(int fd, int wanted, virEventHandleCallback call, void *data,
                      virFreeCallback free_data)
{
    int before = wanted_of(fd);
    struct handle *h = mem_zero(1, sizeof *h);

    h->fd = fd;
    h->wanted = wanted;
    h->call = call;
    item_add(&handles, &h->item, data, free_data);
    if (refresh(fd, before) < 0) {
        h->item.free_data = NULL; /* stays libvirt's, as nothing was added */
        item_remove(&h->item);
        return -1;
    }
    return h->item.id;
}

static void handle_update(int id, int wanted)
{
    struct handle *h = item_find(handles, id);

    if (h && h->wanted != wanted) {
        int before = wanted_of(h->fd);

        h->wanted = wanted;
        refresh(h->fd, before);
    }
}

static int handle_remove(int id)
{
    struct handle *h = item_find(handles, id);

    if (h) {
        int before = wanted_of(h->fd);

        item_remove(&h->item);
        refresh(h->fd, before); /* now: libvirt closes the file next */
    }
    return h ? 0 : -1;
}

static void on_timer(void *data);

static int timer_arm(struct timer *t)
{
    if (t->armed) {
        qb_loop_timer_del(loop, t->armed);
        t->armed = 0;
    }
    if (t->interval_ms < 0) {
        return 0;
    }
    return qb_loop_timer_add(loop, QB_LOOP_MED, (uint64_t) t->interval_ms * QB_TIME_NS_IN_MSEC, t,
                             on_timer, &t->armed);
}

static void on_timer(void *data)
{
    struct timer *t = data;

    t->armed = 0;
    timer_arm(t); /* before the call, which may change or remove it */
    t->call(t->item.id, t->item.data);
}

static int timer_add(int interval_ms, virEventTimeoutCallback call, void *data,
                     virFreeCallback free_data)
{
    struct timer *t = mem_zero(1, sizeof *t);

    t->interval_ms = interval_ms;
    t->call = call;
    if (timer_arm(t) < 0) {
        free(t);
        return -1;
    }
    item_add(&timers, &t->item, data, free_data);
    return t->item.id;
}

static void timer_update(int id, int interval_ms)
{
    struct timer *t = item_find(timers, id);

    if (t) {
        t->interval_ms = interval_ms;
        timer_arm(t);
    }
}

static int timer_remove(int id)
{
    struct timer *t = item_find(timers, id);

    if (t) {
        t->interval_ms = -1;
        timer_arm(t);
        item_remove(&t->item);
    }
    return t ? 0 : -1;
}

void virt_loop_hand_out(void)
{
    int newest = last_id;

    for (struct item *i = timers; i && i->id <= newest; i = i->next) {
        struct timer *t = (struct timer *) i;

        if (!i->removed && t->interval_ms == 0) {
            t->call(i->id, i->data);
        }
    }
}

int virt_loop_register(qb_loop_t *on, struct err *why)
{
    int rc = virt_library_load(why);

    if (rc == 0) {
        loop = on;
        virt_library()->virEventRegisterImpl(handle_add, handle_update, handle_remove, timer_add,
                                             timer_update, timer_remove);
    }
    return rc;
}
