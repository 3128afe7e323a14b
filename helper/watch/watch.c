/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `guardedvm watch`: one per node, by lock. Puts its parts on one loop and runs them until it
 * is told to end. It holds nothing that matters: records are on disk, and a monitor that finds no
 * watch looks itself and starts another.
 */
#include "watch/watch.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "sys/detach.h"
#include "sys/watchsock.h"

static int32_t told_to_end(int32_t signal, void *data)
{
    struct watch *w = data;

    (void) signal;
    qb_loop_stop(w->loop);
    return 0;
}

static int open_all(struct watch *w, struct err *why)
{
    int rc;

    care_init(w);
    rc = guests_follow(w, why);

    if (rc == 0) {
        ends_open(w);
        rc = desk_open(w, why);
    }
    return rc;
}

static int run(struct watch *w, struct err *why)
{
    int rc;

    w->loop = qb_loop_create();
    if (!w->loop) {
        return err_set(why, -ENOMEM, ERR_GENERIC, "no event loop");
    }
    qb_loop_signal_add(w->loop, QB_LOOP_HIGH, SIGTERM, w, told_to_end, NULL);
    qb_loop_signal_add(w->loop, QB_LOOP_HIGH, SIGINT, w, told_to_end, NULL);
    rc = open_all(w, why);
    if (rc == 0) {
        log_notice("watching the guests of this node");
        qb_loop_run(w->loop);
        log_notice("the watch ends; monitors look themselves until the next one");
    }
    return rc;
}

/* The kernel closes and frees the rest: there is nothing to be said goodbye to. */
int watch_run(void)
{
    struct watch w = {.door = -1, .changes = -1, .deaths = -1};
    _cleanup_close_ int lock = -1;
    struct err why = {0};
    int rc;

    detach_descriptors();
    log_open(NULL, isatty(STDERR_FILENO));
    rc = watchsock_lock(&lock, &why);
    if (rc == 0) {
        rc = run(&w, &why);
    }
    if (rc < 0) {
        log_line(rc == -EBUSY ? LOG_INFO : LOG_ERR, "%s", why.text);
    }
    log_close();
    return rc == 0 || rc == -EBUSY ? 0 : 1;
}
