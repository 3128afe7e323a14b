/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a guest ended. Its process is followed by pidfd, which tells the end at once; why it
 * ended takes libvirt a moment longer to say. Owns the collecting of the signs and how long
 * they are waited for; what they mean is model/ending's.
 */
#include "watch/watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "sys/exitinfo.h"
#include "sys/proc.h"
#include "sys/procevents.h"

enum {
    /* libvirt sees the end of a QEMU some milliseconds after the kernel; nobody waits longer. */
    SIGNS_MS = 150,
    /* The kernel tells the status once init has reaped it, which it does at once. */
    REAPED_MS = 30,
    /* A guest that powers off is gone soon; one that is not is to be looked at. */
    ENDING_MS = 5000,
    /* A shutdown later than this after the power button was not for its sake. */
    POWERDOWN_S = 300,
    US_PER_S = 1000 * 1000
};

/* Only what is ours wakes us: a node forks without end. */
static void choose_deaths(struct watch *w)
{
    _cleanup_free_ pid_t *pids = NULL;
    size_t count = 0;
    struct err why = {0};

    for (size_t i = 0; w->deaths >= 0 && i < w->guest_count; i++) {
        if (w->guest[i]->pidfd >= 0) {
            *(pid_t *) array_add(&pids, &count, sizeof *pids) = w->guest[i]->followed.pid;
        }
    }
    if (w->deaths >= 0 && procevents_only(w->deaths, pids, count, &why) < 0) {
        log_info("%s", why.text);
    }
}

static void close_process(struct watched *g)
{
    if (g->pidfd >= 0) {
        qb_loop_poll_del(g->watch->loop, g->pidfd);
        cleanup_close(&g->pidfd);
        g->pidfd = -1;
    }
}

static void ask_status(struct watched *g)
{
    struct err ignored = {0};

    if (!g->signs.status_known && g->pidfd >= 0 &&
        exitinfo_of(g->pidfd, &g->signs.status, &ignored) == 0) {
        g->signs.status_known = true;
    }
}

/* All signs are there, or none will come any more. */
static void conclude(void *data)
{
    struct watched *g = data;
    struct ending ending;

    timer_clear(&g->end);
    if (!g->ended) {
        desk_serve(g); /* it lives on, whatever libvirt said: to be looked at */
        return;
    }
    ask_status(g);
    close_process(g);
    if (g->ordered || !guest_is_followed(g)) {
        return;
    }
    g->signs.powerdown = g->powerdown_us &&
                         clock_mono_us() - g->powerdown_us < (int64_t) POWERDOWN_S * US_PER_S;
    ending_judge(&g->signs, &ending);
    g->record->ending = ending;
    log_notice("guest '%s' ended: %s", g->record->name,
               ending.text[0] ? ending.text : "nobody says why");
    notes_save(g);
    tell_ending(g);
    desk_serve(g);
}

/* A reboot that libvirt makes of a shutdown (virsh reboot) shows the signs of an end first. */
void ends_not(struct watched *g)
{
    if (!g->ended) {
        g->signs = (struct ending_signs) {.shutdown = SHUTDOWN_UNSEEN};
        g->powerdown_us = 0;
        timer_clear(&g->end);
    }
}

void ends_are_near(struct watched *g)
{
    if (!g->ended && !g->end.handle) {
        timer_set(&g->end, ENDING_MS);
    }
}

bool ends_are_awaited(const struct watched *g)
{
    return g->end.handle != 0;
}

static int32_t died(int32_t fd, int32_t events, void *data)
{
    struct watched *g = data;

    (void) fd;
    (void) events;
    qb_loop_poll_del(g->watch->loop, g->pidfd); /* open for its status */
    g->ended = true;
    g->ordered = notes_are_locked_out(g);
    timer_set(&g->end, g->signs.stopped[0] ? REAPED_MS : SIGNS_MS);
    return 0;
}

void ends_follow(struct watched *g)
{
    const struct process_id *p = &g->record->process;
    struct err why = {0};

    ends_forget(g);
    g->signs = (struct ending_signs) {.shutdown = SHUTDOWN_UNSEEN};
    g->powerdown_us = 0;
    g->ended = false;
    g->ordered = false;
    g->followed = *p;
    if (!guest_is_followed(g)) {
        return;
    }
    if (proc_open(p, &g->pidfd, &why) < 0) {
        g->pidfd = -1;
        g->ended = true;
    } else if (qb_loop_poll_add(g->watch->loop, QB_LOOP_HIGH, g->pidfd, POLLIN, g, died) < 0) {
        cleanup_close(&g->pidfd);
        g->pidfd = -1;
    }
    choose_deaths(g->watch);
}

static const struct {
    const char *word;
    enum shutdown_origin origin;
} shutdowns[] = {
    {"guest", SHUTDOWN_BY_GUEST}, {"host", SHUTDOWN_BY_HOST}, {"finished", SHUTDOWN_UNTOLD},
};

void ends_tiding(struct watched *g, const struct tiding *t)
{
    if (t->event == EVENT_POWERDOWN) {
        g->powerdown_us = clock_mono_us();
    } else if (t->event == EVENT_STOPPED) {
        snprintf(g->signs.stopped, sizeof g->signs.stopped, "%s", t->word);
        if (g->ended) {
            timer_set(&g->end, REAPED_MS);
        } else {
            ends_are_near(g);
        }
    } else if (t->event == EVENT_SHUTDOWN) {
        for (size_t i = 0; i < sizeof shutdowns / sizeof shutdowns[0]; i++) {
            if (str_eq(shutdowns[i].word, t->word)) {
                g->signs.shutdown = shutdowns[i].origin;
            }
        }
    }
}

/* The proc connector: the same, for kernels whose pidfd does not tell the status. */
static int32_t somebody_died(int32_t fd, int32_t events, void *data)
{
    struct watch *w = data;
    struct procevents_exit e = {.pid = 0};
    struct err why = {0};

    (void) events;
    while (procevents_read(fd, &e, &why) == 0) {
        for (size_t i = 0; i < w->guest_count; i++) {
            struct watched *g = w->guest[i];

            if (g->followed.pid == e.pid && !g->signs.status_known) {
                g->signs.status = e.status;
                g->signs.status_known = true;
            }
        }
    }
    return 0;
}

void ends_open(struct watch *w)
{
    struct err why = {0};

    if (procevents_open(&w->deaths, &why) < 0 ||
        qb_loop_poll_add(w->loop, QB_LOOP_HIGH, w->deaths, POLLIN, w, somebody_died) < 0) {
        log_info("how processes end is not told by the kernel's connector: %s", why.text);
        w->deaths = -1;
    }
}

void ends_init(struct watched *g)
{
    timer_init(&g->end, g->watch->loop, conclude, g);
}

void ends_forget(struct watched *g)
{
    timer_clear(&g->end);
    close_process(g);
}
