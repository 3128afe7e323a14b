/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The node attributes: one for each resource, one tool at a time for each guest, the newest
 * value last. Values that come while one is being set replace each other, which is what damps
 * a guest that flaps.
 */
#include "watch/watch.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "guard/announce.h"
#include "sys/program.h"

/* Between two changes that people are told of: the later waits, and replaces what waits. */
enum { TOOL_MS = 10 * 1000, PAUSE_MS = 1000 };

static void go_on(struct watched *g);
static int32_t ended(int32_t fd, int32_t events, void *data);

static void hear(struct watched *g)
{
    qb_loop_poll_add(g->watch->loop, QB_LOOP_LOW, program_fd(g->teller), POLLIN, g, ended);
}

static void finish(struct watched *g)
{
    struct err why = {0};
    int status;

    qb_loop_poll_del(g->watch->loop, program_fd(g->teller)); /* while it is open */
    status = program_finish(&g->teller, NULL, &why);
    if (g->teller) {
        hear(g);
        return; /* it goes on */
    }
    if (announce_judge(g->record->resource, status, &why) < 0) {
        log_info("the cluster was not told of guest '%s': %s", g->record->name, why.text);
    }
    timer_set(&g->tell, PAUSE_MS);
}

static int32_t ended(int32_t fd, int32_t events, void *data)
{
    (void) fd;
    (void) events;
    finish(data);
    return 0;
}

/* The tool's time is over, or the pause after it. */
static void time_is_over(void *data)
{
    struct watched *g = data;

    if (g->teller) {
        finish(g);
    } else {
        go_on(g);
    }
}

static void go_on(struct watched *g)
{
    struct err why = {0};

    if (!g->to_tell || g->teller || g->tell.handle || !g->record->resource) {
        return;
    }
    g->to_tell = false;
    if (announce_start(g->record->resource, g->telling, deadline_in_ms(TOOL_MS), &g->teller,
                       &why) < 0) {
        log_info("the cluster is not told of guest '%s': %s", g->record->name, why.text);
        return;
    }
    timer_set(&g->tell, TOOL_MS + 1);
    hear(g);
}

static void tell(struct watched *g, const char *value)
{
    if (g->told_any && str_eq(g->telling, value)) {
        return;
    }
    free(g->telling);
    g->telling = str_dup(value);
    g->told_any = true;
    g->to_tell = true;
    go_on(g);
}

/* Takes over the value. */
static void tell_words(struct watched *g, char *value)
{
    tell(g, value);
    free(value);
}

void tell_incident(struct watched *g)
{
    tell_words(g, announce_incident(g->record));
}

void tell_ending(struct watched *g)
{
    const struct ending *e = &g->record->ending;

    tell_words(g, announce_words("ended", e->text[0] ? e->text : "nobody says why",
                                 clock_wall_ms()));
}

void tell_nothing(struct watched *g)
{
    tell(g, NULL);
}

void tell_init(struct watched *g)
{
    timer_init(&g->tell, g->watch->loop, time_is_over, g);
}

void tell_forget(struct watched *g)
{
    timer_clear(&g->tell);
    if (g->teller) {
        qb_loop_poll_del(g->watch->loop, program_fd(g->teller));
        program_drop(&g->teller);
    }
    free(g->telling);
    g->telling = NULL;
}
