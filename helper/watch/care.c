/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frozen guests are looked after by a process of its own (guard/aftercare), which may take hours
 * or hang: the watch only sees when one is due for something, and that one such process runs.
 */
#include "watch/watch.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "model/care.h"
#include "sys/program.h"

/* What could not be done is tried again, ever less often. */
enum {
    PAUSE_MS = 10 * 1000, PAUSE_MOST_MS = 10 * 60 * 1000, US_PER_MS = 1000,
    LIMIT_MS = 7 * 24 * 60 * 60 * 1000 /* longer than a dump may take */
};

static int32_t ended(int32_t fd, int32_t events, void *data);

static void listen_for_end(struct watch *w)
{
    qb_loop_poll_add(w->loop, QB_LOOP_LOW, program_fd(w->carer), POLLIN, w, ended);
}

static void pause_longer(struct watch *w)
{
    w->care_pause_ms = w->care_pause_ms == 0 ? PAUSE_MS : 2 * w->care_pause_ms;
    w->care_pause_ms = w->care_pause_ms < PAUSE_MOST_MS ? w->care_pause_ms : PAUSE_MOST_MS;
    timer_set(&w->care, w->care_pause_ms);
}

static void finish(struct watch *w)
{
    struct err why = {0};
    int status;

    qb_loop_poll_del(w->loop, program_fd(w->carer)); /* while it is open */
    status = program_finish(&w->carer, NULL, &why);
    if (w->carer) {
        listen_for_end(w);
        return; /* it goes on */
    }
    if (status != 0) {
        pause_longer(w);
        log_info("not all that frozen guests are due was done: again in %lld s",
                 (long long) w->care_pause_ms / US_PER_MS);
        return;
    }
    w->care_pause_ms = 0;
    care_think(w);
}

static int32_t ended(int32_t fd, int32_t events, void *data)
{
    (void) fd;
    (void) events;
    finish(data);
    return 0;
}

static void start(struct watch *w)
{
    char *const words[] = {(char *) GVM_HELPER, (char *) "aftercare", NULL};
    struct err why = {0};

    if (program_start(words, 0, deadline_in_ms(LIMIT_MS), &w->carer, &why) < 0) {
        log_warning("frozen guests are not looked after: %s", why.text);
        pause_longer(w);
        return;
    }
    timer_set(&w->care, LIMIT_MS + 1); /* one that hangs is ended */
    listen_for_end(w);
}

/* Whether anything is due now; *ret_wait_us: until something will be, 0: nothing by itself. */
static bool is_due(const struct watch *w, int64_t *ret_wait_us)
{
    bool due = false;

    *ret_wait_us = 0;
    for (size_t i = 0; i < w->guest_count; i++) {
        struct care_due d = care_due_of(w->guest[i]->record, clock_mono_us());

        due = due || d.need != CARE_NOTHING;
        if (d.wait_us > 0 && (*ret_wait_us == 0 || d.wait_us < *ret_wait_us)) {
            *ret_wait_us = d.wait_us;
        }
    }
    return due;
}

static bool too_many(const struct watch *w)
{
    struct record **list = mem_zero(w->guest_count + 1, sizeof *list);
    bool surplus;

    for (size_t i = 0; i < w->guest_count; i++) {
        list[i] = w->guest[i]->record;
    }
    surplus = care_surplus(list, w->guest_count) != NULL;
    free(list);
    return surplus;
}

void care_think(struct watch *w)
{
    int64_t wait_us;

    if (w->carer || w->care_pause_ms > 0) {
        return; /* it looks itself until nothing is due, or it has just failed */
    }
    timer_clear(&w->care);
    if (is_due(w, &wait_us) || too_many(w)) {
        start(w);
    } else if (wait_us > 0) {
        timer_set(&w->care, wait_us / US_PER_MS + 1);
    }
}

void care_anew(struct watch *w)
{
    w->care_pause_ms = 0;
    care_think(w);
}

static void again(void *data)
{
    struct watch *w = data;
    int64_t pause_ms = w->care_pause_ms;

    if (w->carer) {
        finish(w); /* its time is over */
        return;
    }
    w->care_pause_ms = 0;
    care_think(w);
    w->care_pause_ms = w->carer ? pause_ms : w->care_pause_ms;
}

void care_init(struct watch *w)
{
    timer_init(&w->care, w->loop, again, w);
}
