/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verb listen: keeps a listener (sys/virt_listen.h) open, lets it sweep, opens another
 * when it is lost, and writes every tiding as a line.
 */
#include "watch/listen.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <qb/qbdefs.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "model/params.h"
#include "sys/fileio.h"
#include "sys/orphan.h"
#include "sys/virt_listen.h"
#include "sys/virt_loop.h"

enum {
    SWEEP_MS = 2000,
    FIRST_RETRY_MS = 100,
    MOST_RETRY_MS = 1000
};

struct ear {
    qb_loop_t *loop;
    const char *uri;
    struct virt_listener *listener; /* NULL: none yet, or it could not be opened */
    bool lost;                      /* the listener is of no more use */
    bool unheard;                   /* nobody reads any more */
    uint64_t retry_ms;
    qb_loop_timer_handle next;      /* the next turn; 0: not set */
};

static void on_turn(void *data);

static void next_turn_in(struct ear *e, uint64_t ms)
{
    if (e->next) {
        qb_loop_timer_del(e->loop, e->next);
    }
    if (qb_loop_timer_add(e->loop, QB_LOOP_MED, ms * QB_TIME_NS_IN_MSEC, e, on_turn,
                          &e->next) < 0) {
        abort(); /* out of memory; silence would look like a libvirt that hangs */
    }
}

/* At once and whole: lines are shorter than PIPE_BUF. */
static bool write_line(const char *text)
{
    _cleanup_free_ char *line = str_printf("%s\n", text);

    return file_write_all(STDOUT_FILENO, line, strlen(line)) == 0;
}

static void on_tiding(const struct tiding *t, void *data)
{
    struct ear *e = data;
    _cleanup_free_ char *text = tiding_to_text(t);

    if (t->kind == TIDING_CLOSED) {
        e->lost = true;
        next_turn_in(e, e->retry_ms);
        e->retry_ms = e->retry_ms * 2 < MOST_RETRY_MS ? e->retry_ms * 2 : MOST_RETRY_MS;
    } else if (t->kind == TIDING_CONFIRMED) {
        e->retry_ms = FIRST_RETRY_MS;
    }
    if (!e->unheard && !write_line(text)) {
        e->unheard = true;
        qb_loop_stop(e->loop);
    }
}

/* CLOSED is told at every try: so a daemon that is down differs from a listener that hangs. */
static void open_again(struct ear *e)
{
    struct tiding closed = {.kind = TIDING_CLOSED};
    struct err why = {0};

    virt_listen_close(e->listener);
    e->listener = NULL;
    e->lost = false;
    if (virt_listen_open(e->loop, e->uri, on_tiding, e, &e->listener, &why) < 0) {
        snprintf(closed.text, sizeof closed.text, "%.*s", TIDING_TEXT_SIZE - 1, why.text);
        on_tiding(&closed, e);
    }
}

static void on_turn(void *data)
{
    struct ear *e = data;

    e->next = 0;
    if (e->lost || !e->listener) {
        open_again(e);
    } else {
        virt_listen_sweep(e->listener);
    }
    if (!e->next) {
        next_turn_in(e, SWEEP_MS);
    }
}

int watch_listen(const char *uri)
{
    struct ear e = {.loop = qb_loop_create(), .retry_ms = FIRST_RETRY_MS};
    struct params defaults;
    struct err why = {0};
    int code = 1;

    if (!e.loop) {
        abort();
    }
    orphan_ends();
    params_defaults(&defaults);
    e.uri = uri ? uri : defaults.hypervisor;
    if (virt_loop_register(e.loop, &why) < 0) {
        fprintf(stderr, "guardedvm: %s\n", why.text);
    } else {
        next_turn_in(&e, 0);
        qb_loop_run(e.loop);
        virt_listen_close(e.listener);
        code = 0;
    }
    params_free(&defaults);
    qb_loop_destroy(e.loop);
    return code;
}
