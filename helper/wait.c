/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guardedvm-wait: a recurring monitor, from its start until it has an answer. It hands its
 * environment to the watch and is held there until something happens; wherever the watch is not
 * there, late or not sure, it becomes `guardedvm ocf monitor`, which looks itself. A program of
 * its own that loads libc and nothing else, since hundreds of it wait at the same time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <crm/common/results.h>

#include "base/clock.h"
#include "base/str.h"
#include "model/waiting.h"
#include "sys/cluster.h"
#include "sys/watchsock.h"

extern char **environ;

enum {
    /* Beyond the watch's own limit, so that it is the watch that ends the wait. */
    LATE_MS = 250,
    /* What a look of its own gets at least, whatever the clock says. */
    LOOK_LEAST_MS = 1000
};

/*
 * The time-out goes on from where it is. The connection is left open: its end tells the watch
 * when this monitor has ended, from which Pacemaker counts the interval.
 */
static int look(const struct ocf_call *call, int64_t began_us, int fd)
{
    static const char variable[] = "OCF_RESKEY_CRM_meta_timeout";
    int64_t left_ms = call->timeout_ms - (clock_mono_us() - began_us) / 1000;
    char text[32];

    snprintf(text, sizeof text, "%lld",
             (long long) (left_ms > LOOK_LEAST_MS ? left_ms : LOOK_LEAST_MS));
    setenv(variable, text, 1);
    watchsock_keep(fd);
    execl(GVM_HELPER, GVM_HELPER, "ocf", "monitor", (char *) NULL);
    cluster_exit_reason("%s cannot be run", GVM_HELPER);
    return PCMK_OCF_UNKNOWN_ERROR;
}

/* Only a plain recurring monitor may wait: a probe or a forced check has no interval. */
static bool may_wait(const struct ocf_call *call)
{
    return call->interval_ms > 0 && call->check_level == 0;
}

static int ask(int *ret_fd)
{
    static char request[WAITING_REQUEST_SIZE];
    size_t size = waiting_request(PACKAGE_VERSION, environ, request, sizeof request);
    int rc = size > 0 ? watchsock_connect(ret_fd, NULL) : -1;

    return rc < 0 ? rc : watchsock_send(*ret_fd, request, size);
}

/* False: no answer in time, or nobody is there any more. */
static bool next_answer(int fd, struct deadline until, struct answer *ret)
{
    char text[WAITING_ANSWER_SIZE];

    if (watchsock_receive(fd, text, sizeof text, until) <= 0) {
        return false;
    }
    waiting_read_answer(text, ret);
    return true;
}

/* Held: until there is an answer, asking now and then whether the watch still lives. */
static void wait_held(int fd, struct deadline until, struct answer *ret)
{
    bool asked = false;

    while (ret->kind == ANSWER_HELD) {
        struct deadline slice = deadline_in_ms(asked ? WAITING_REPLY_MS : WAITING_PING_MS);

        if (next_answer(fd, deadline_min(slice, until), ret)) {
            asked = false;
        } else if (asked || deadline_over(until) || !deadline_over(slice) ||
                   watchsock_send(fd, WAITING_PING, strlen(WAITING_PING)) < 0) {
            ret->kind = ANSWER_LOOK;
        } else {
            asked = true;
        }
    }
}

int main(void)
{
    int64_t began_us = clock_mono_us();
    struct answer answer = {.kind = ANSWER_LOOK};
    struct ocf_call call;
    int fd = -1;

    cluster_read_call(&call, LOOK_LEAST_MS);
    if (may_wait(&call) && ask(&fd) == 0 &&
        next_answer(fd, deadline_in_ms(WAITING_REPLY_MS), &answer)) {
        wait_held(fd, deadline_in_ms(call.timeout_ms * WAITING_PERCENT / 100 + LATE_MS), &answer);
    }
    if (answer.kind != ANSWER_DONE) {
        return look(&call, began_us, fd);
    }
    if (answer.reason[0]) {
        cluster_exit_reason("%s", answer.reason);
    }
    return answer.code;
}
