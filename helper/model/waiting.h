/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a waiting monitor and the watch say to each other: datagrams of text. Pure. The
 * monitor hands on its OCF environment as it is; the watch, which has the tables, answers with
 * a code and a reason, or that the monitor has to look itself.
 */
#ifndef GVM_MODEL_WAITING_H
#define GVM_MODEL_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WAITING_REQUEST_SIZE = 32 * 1024,
    WAITING_ANSWER_SIZE = 1024,
    /* A watch that does not reply so soon is late: the monitor looks itself. */
    WAITING_REPLY_MS = 500,
    /* A held monitor asks so often whether the watch still lives. */
    WAITING_PING_MS = 5000,
    /* libvirt has confirmed what "all is well" rests on at most so long ago. */
    WAITING_FRESH_MS = 5000,
    /* Of the monitor's time-out, for waiting; the rest is for a look of its own. */
    WAITING_PERCENT = 50
};

/* The question of a monitor that is held: is anybody there? Answered like the request. */
#define WAITING_PING "?"

/*
 * Builds a request from the environment (`entries`: "NAME=VALUE", ends with NULL): the version
 * of who asks, then the resource and its parameters, each ended by a NUL. Returns its size, 0
 * where it is longer than `size`.
 */
size_t waiting_request(const char *version, char *const *entries, char *to, size_t size);

struct request {
    const char *text; /* borrowed */
    size_t size;
};
/* False where it is not whole, or comes from another version of this program. */
bool waiting_parse(const char *version, const char *text, size_t size, struct request *ret);
/* NULL: not in it. A params_lookup: `request` is a struct request. */
const char *waiting_value(const char *name, void *request);

enum answer_kind {
    ANSWER_LOOK = 0, /* the watch is not sure, or the answer needs a proof: look yourself */
    ANSWER_HELD,     /* wait: the answer comes when there is one */
    ANSWER_DONE
};

/* Never "not running": that takes a proof in the very call that says it. */
struct answer {
    enum answer_kind kind;
    int code;       /* of ANSWER_DONE: 0, 1 or 190 (PCMK_OCF_OK, _UNKNOWN_ERROR, _DEGRADED) */
    int64_t age_ms; /* since libvirt confirmed it */
    char reason[768];
};

/* Returns the length. */
size_t waiting_answer(const struct answer *a, char *to, size_t size);
/* ANSWER_LOOK for all that is not whole, not allowed or, with code 0, not fresh. */
void waiting_read_answer(const char *text, struct answer *ret);

#endif
